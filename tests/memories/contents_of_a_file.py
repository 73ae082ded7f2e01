"""Contents at power-up, read from a file while the design is elaborated."""

from pathlib import Path

from myhdl import *
from support import stimulus


@block
def contents_of_a_file(clk, we, wa, d, ra, q):
    words = (Path(__file__).parent / "support" / "contents.txt").read_text().split()
    ram = [Signal(intbv(int(word, 16))[16:]) for word in words]

    @always(clk.posedge)
    def ports():
        if we:
            ram[wa].next = d
        q.next = ram[ra]

    return ports


@block
def bench():
    clk, we = [Signal(bool(0)) for _ in range(2)]
    wa, ra = [Signal(intbv(0)[8:]) for _ in range(2)]
    d, q = [Signal(intbv(0)[16:]) for _ in range(2)]
    dut = contents_of_a_file(clk, we, wa, d, ra, q)
    inputs = stimulus(clk, [we, wa, d, ra])
    return dut, inputs


if __name__ == "__main__":
    bench().run_sim(quiet=1)
