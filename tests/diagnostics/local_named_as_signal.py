# pyhdl check FILE
from myhdl import *
from pyhdl import Clock, In, Out


@block
def register(clk: Clock, d: In[8], q: Out[8]):
    @always(clk.posedge)
    def keep():
        q = d

    return keep
