# pyhdl check FILE
from myhdl import *
from pyhdl import Clock, In, Out


@block
def register(clk: Clock, d: Out[8], q: In[8]):
    @always(clk.posedge)
    def keep():
        q.next = d

    return keep
