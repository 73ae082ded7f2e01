"""The register behind the read has another source as well."""

from myhdl import *
from support import stimulus


@block
def shared_register(clk, we, wa, d, re, ra, q):
    ram = [Signal(intbv(0)[16:]) for _ in range(256)]

    @always(clk.posedge)
    def ports():
        if we:
            ram[wa].next = d
        if re:
            q.next = ram[ra]
        else:
            q.next = d

    return ports


@block
def bench():
    clk, we, re = [Signal(bool(0)) for _ in range(3)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = shared_register(clk, we, wa, d, re, ra, q)
    inputs = stimulus(clk, [we, wa, d, re, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
