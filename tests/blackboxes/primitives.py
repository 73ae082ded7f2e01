"""Primitives of a vendor, of which there is no file: a model that only Python can run, and one that is convertible."""

from pyhdl import *


@blackbox(
    name="PLL_BASE",
    rename={"clk_in": "CLKIN", "clk_out": "CLKOUT", "multiply": "MULT"},
    parameters={"SIM": "FAST", "DUTY": 0.5, "LOCKED": True, "NEG": -3},
    inputs=["clk_in"],
    outputs=["clk_out"],
)
def pll(clk_in, clk_out, multiply=2, unused=None):
    seen = {}

    @always(clk_in)
    def logic():
        seen[1] = 1
        clk_out.next = clk_in

    return logic


@blackbox(numeric=True)
def ram_prim(clk, addr, q):
    @always_comb
    def logic():
        q.next = addr ^ clk

    return logic


@block
def top(clk, q):
    fast = Signal(bool(0))
    addr = Signal(modbv(0)[4:])
    pll_base = pll(clk, fast, multiply=3)
    ram = ram_prim(fast, addr, q)

    @always(fast.posedge)
    def count():
        addr.next = addr + 1

    return pll_base, ram, count


@block
def bench():
    clk = Signal(bool(0))
    q = Signal(intbv(0)[4:])
    dut = top(clk, q)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for i in range(20):
            yield clk.posedge
        raise StopSimulation

    return dut, clock, stimulus
