# pyhdl emit FILE
from myhdl import *
from pyhdl import Clock, Out


@block
def busy(clk: Clock, q: Out[8]):
    @always(clk.posedge)
    def spin():
        while True:
            q.next = 1

    return spin
