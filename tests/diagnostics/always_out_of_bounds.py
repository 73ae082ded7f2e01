# pyhdl emit FILE
from myhdl import *
from pyhdl import Clock, In, Out


@block
def saturate(clk: Clock, d: In[4], q: Out[8]):
    @always(clk.posedge)
    def limit():
        if d > 9:
            q.next = 2**8
        else:
            q.next = d

    return limit
