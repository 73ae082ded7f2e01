# pyhdl check FILE
from myhdl import *
from pyhdl import Clock, In, Out


@block
def copy(clk: Clock, a: In[8], x: Out[8], y: Out[8]):
    @always(clk.posedge)
    def keep():
        x.next = a
        y.next = x.next

    return keep
