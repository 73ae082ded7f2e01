# pyhdl check --portable FILE
from myhdl import *
from pyhdl import In, Out


@block
def total(a: In[4], b: In[4], y: Out[6]):
    @always_comb
    def logic():
        y.next = sum((a, b, 1))

    return logic
