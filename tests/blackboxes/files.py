"""Two black boxes of one module that there is in Verilog and in VHDL."""

from pyhdl import *


@blackbox(
    name="accumulate",
    files=["rtl/accumulate.v", "rtl/accumulate.vhd"],
    rename={"clk": "CLK", "step": "STEP", "mode": "MODE"},
)
def adder(clk, a, y, ok, step=1, mode="ADD"):
    """Adds a step."""

    @always(clk.posedge)
    def logic():
        if mode == "ADD":
            y.next = a + step
        else:
            y.next = a - step

    @always_comb
    def fine():
        ok.next = clk or not clk

    return logic, fine


@block
def top(clk, a, y, z, good):
    """Two boxes."""
    ok, also = Signal(bool(0)), Signal(bool(0))
    first = adder(clk, a, y, ok, step=3)
    mac = adder(clk, a, z, also, mode="SUB")

    @always_comb
    def both():
        good.next = ok and also

    return first, mac, both


@block
def bench():
    """Test it."""
    clk, good = Signal(bool(0)), Signal(bool(0))
    a = Signal(intbv(0)[8:])
    y, z = [Signal(intbv(0, min=-256, max=256)) for i in range(2)]
    dut = top(clk, a, y, z, good)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for i in range(200):
            yield clk.negedge
            a.next = i
            yield clk.negedge
            assert y == i + 3 and z == i - 1 and good
        raise StopSimulation

    return dut, clock, stimulus
