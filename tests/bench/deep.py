"""Deep combinational logic between registers: a CORDIC of 40 stages, then a division of 44 steps."""
import sys
from math import atan, pi
from myhdl import *

STAGES = 40
TURN = 2 ** 46
ANGLES = tuple(round(atan(2.0 ** -i) / (2 * pi) * TURN) for i in range(STAGES))
ONE = 2 ** 43
LIMIT = 2 ** 45


@block
def source(clk, rst, x, y, angle):
    """A vector near the x axis, and an angle of at most a quarter turn."""
    state = Signal(intbv(0x123456789AB)[45:])

    @always_seq(clk.posedge, reset=rst)
    def lfsr():
        state.next = concat(state[44:], state[44] ^ state[43] ^ state[41] ^ state[40])

    @always_comb
    def out():
        x.next = ONE + state[20:]
        y.next = state[40:20].signed()
        angle.next = state.signed()

    return lfsr, out


@block
def stage(x_in, y_in, angle_in, x_out, y_out, angle_out, n=0):
    """Turns a vector by the angle of the stage, to the side that brings the rest of the angle towards zero."""
    step = ANGLES[n]

    @always_comb
    def turn():
        if angle_in >= 0:
            x_out.next = x_in - (y_in >> n)
            y_out.next = y_in + (x_in >> n)
            angle_out.next = angle_in - step
        else:
            x_out.next = x_in + (y_in >> n)
            y_out.next = y_in - (x_in >> n)
            angle_out.next = angle_in + step

    return turn


@block
def divide(numerator, denominator, quotient, remainder):
    """Restoring division: one bit of the quotient after the other."""
    @always_comb
    def steps():
        rest = intbv(0)[44:]
        result = intbv(0)[44:]
        for i in downrange(44):
            rest[:] = rest * 2 + numerator[i]
            if rest >= denominator:
                rest[:] = rest - denominator
                result[i] = 1
        quotient.next = result
        remainder.next = rest

    return steps


@block
def dut(clk, rst, checksum):
    xs, ys, angles = [[Signal(intbv(0, min=-LIMIT, max=LIMIT)) for i in range(STAGES + 1)] for k in range(3)]
    x, y, rest = xs[STAGES], ys[STAGES], angles[STAGES]
    numerator, denominator, quotient, remainder = [Signal(intbv(0)[44:]) for i in range(4)]
    start = source(clk, rst, xs[0], ys[0], angles[0])
    stages = [stage(xs[i], ys[i], angles[i], xs[i + 1], ys[i + 1], angles[i + 1], i) for i in range(STAGES)]
    division = divide(numerator, denominator, quotient, remainder)

    @always_comb
    def operands():
        numerator.next = x[44:]
        denominator.next = y[22:] | 1

    @always_seq(clk.posedge, reset=rst)
    def collect():
        checksum.next = concat(checksum[31:], checksum[31]) ^ quotient[32:] ^ remainder[32:] ^ rest[16:]

    return start, stages, division, operands, collect


@block
def bench(n_cycles):
    clk = Signal(bool(0))
    rst = ResetSignal(1, active=1, isasync=False)
    checksum = Signal(intbv(0)[32:])
    top = dut(clk, rst, checksum)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        yield clk.posedge
        yield clk.posedge
        rst.next = 0
        for i in range(n_cycles):
            yield clk.posedge
        print("checksum %08x" % int(checksum))
        raise StopSimulation

    return top, clock, stimulus


if __name__ == "__main__":
    bench(int(sys.argv[1]) if len(sys.argv) > 1 else 1000).run_sim(quiet=1)
