# pyhdl check FILE
from myhdl import *
from pyhdl import In, Out


@block
def ones(a: In[4], y: Out[3]):
    @always_comb
    def logic():
        total = 0
        for bit in a:
            total += bit
        y.next = total

    return logic
