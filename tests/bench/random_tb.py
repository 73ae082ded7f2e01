"""A small FIFO under a test bench that draws its stimulus at random and compares with a model, all in the common subset."""
import random
import sys
from myhdl import *

rng = random.Random(7)


@block
def dut(clk, rst, push, pop, din, dout, empty, full, DEPTH=16):
    mem = [Signal(intbv(0)[16:]) for i in range(DEPTH)]
    wr, rd = [Signal(modbv(0, min=0, max=DEPTH)) for i in range(2)]
    level = Signal(intbv(0, min=0, max=DEPTH + 1))

    @always_seq(clk.posedge, reset=rst)
    def control():
        if push and not full:
            mem[wr].next = din
            wr.next = wr + 1
        if pop and not empty:
            rd.next = rd + 1
        if (push and not full) and not (pop and not empty):
            level.next = level + 1
        elif (pop and not empty) and not (push and not full):
            level.next = level - 1

    @always_comb
    def flags():
        empty.next = level == 0
        full.next = level == DEPTH
        dout.next = mem[rd]

    return control, flags


@block
def bench(n_cycles):
    clk, push, pop, empty, full = [Signal(bool(0)) for i in range(5)]
    rst = ResetSignal(1, active=1, isasync=False)
    din, dout = [Signal(intbv(0)[16:]) for i in range(2)]
    top = dut(clk, rst, push, pop, din, dout, empty, full)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        model = [0 for i in range(16)]
        first, count, checksum = 0, 0, 0
        yield clk.posedge
        yield clk.posedge
        rst.next = 0
        yield clk.negedge
        for i in range(n_cycles):
            push.next = rng.random() < 0.6
            pop.next = rng.random() < 0.5
            din.next = rng.choice((0, 0xffff)) if rng.randrange(8) == 0 else rng.getrandbits(16)
            yield clk.posedge
            taken, given = push and not full, pop and not empty
            if given:
                assert dout == model[first], "cycle %d: got %d, expected %d" % (i, dout, model[first])
                checksum = (checksum * 31 + dout + count) % (1 << 32)
                first = (first + 1) % 16
                count -= 1
            if taken:
                model[(first + count) % 16] = int(din)
                count += 1
            yield clk.negedge
        print("checksum %08x" % checksum)
        raise StopSimulation

    return top, clock, stimulus


if __name__ == "__main__":
    bench(int(sys.argv[1]) if len(sys.argv) > 1 else 1000).run_sim(quiet=1)
