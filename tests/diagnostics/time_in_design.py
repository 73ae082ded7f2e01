# pyhdl verify FILE --with icarus
from myhdl import *


@block
def stamp(clk, y):
    @always(clk.posedge)
    def keep():
        y.next = now() % 256

    return keep


@block
def bench():
    clk, y = Signal(False), Signal(intbv(0)[8:])
    dut = stamp(clk, y)

    @instance
    def drive():
        for _ in range(4):
            yield delay(5)
            clk.next = not clk
        raise StopSimulation

    return dut, drive
