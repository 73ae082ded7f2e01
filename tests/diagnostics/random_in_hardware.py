# pyhdl emit --verilog --vhdl FILE
import random

from myhdl import *


@block
def noise(clk: Signal(bool(0)), q: Signal(intbv(0)[8:])):
    @always(clk.posedge)
    def logic():
        q.next = random.randrange(256)

    return logic
