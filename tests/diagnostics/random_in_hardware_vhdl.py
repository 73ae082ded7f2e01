# pyhdl emit --vhdl FILE
from random import Random

from myhdl import *

rng = Random(1)


@block
def noise(clk: Signal(bool(0)), q: Signal(intbv(0)[8:])):
    @always(clk.posedge)
    def logic():
        q.next = 0
        if rng.random() < 0.5:
            q.next = 1

    return logic
