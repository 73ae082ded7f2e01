# pyhdl emit --verilog --vhdl FILE
import random

from myhdl import *
from pyhdl import In, Out


@block
def noise(clk: In[1], q: Out[8]):
    @always(clk.posedge)
    def logic():
        q.next = random.randrange(256)

    return logic
