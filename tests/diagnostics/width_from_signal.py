# pyhdl check FILE
from myhdl import *
from pyhdl import In, Out


@block
def narrow(a: In[8], n: In[3], y: Out[8]):
    width = Signal(intbv(4)[3:])

    @always_comb
    def logic():
        part = intbv(0)[width:]
        part[:] = a & 3
        y.next = part + n

    return logic
