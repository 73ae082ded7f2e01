# pyhdl check FILE
from myhdl import *
from pyhdl import In, Out


@block
def mirror(a: In[2], y: Out[2]):
    @always_comb
    def logic():
        y[0].next = a[1]
        y[1].next = a[0]

    return logic
