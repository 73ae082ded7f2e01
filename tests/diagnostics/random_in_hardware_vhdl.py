# pyhdl emit --vhdl FILE
from random import Random

from myhdl import *
from pyhdl import In, Out

rng = Random(1)


@block
def noise(clk: In[1], q: Out[8]):
    @always(clk.posedge)
    def logic():
        q.next = 0
        if rng.random() < 0.5:
            q.next = 1

    return logic
