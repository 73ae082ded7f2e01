"""modbv that wraps around at other values than a vector does: signals, memories, local variables."""

from random import Random

from myhdl import *


@block
def wrapping(clk, rst, step, address, digit, low, wide, stored, turned, full, next_door):
    digits = [Signal(modbv(0, min=0, max=10)) for _ in range(4)]

    @always_seq(clk.posedge, reset=rst)
    def count():
        digit.next = digit + 1
        low.next = low - step
        wide.next = wide + 7 * step
        full.next = full + 100

    @always(clk.posedge)
    def store():
        digits[address].next = digit + step
        stored.next = digits[address]

    @always_comb
    def turn():
        angle = modbv(0, min=-180, max=180)
        angle[:] = 20 * step + wide
        turned.next = angle

    ring = [Signal(intbv(0)[8:]) for _ in range(16)]

    @always(clk.posedge)
    def go_round():
        """Indices that wrap around."""
        ring[(step + 3) % 16].next = full
        next_door.next = ring[(step + 9) % 16]

    return count, store, turn, go_round


@block
def bench():
    clk = Signal(bool(0))
    rst = ResetSignal(1, active=1, isasync=False)
    step, address = Signal(intbv(0)[4:]), Signal(intbv(0)[2:])
    digit = Signal(modbv(3, min=0, max=10))
    low = Signal(modbv(0, min=-5, max=11))
    wide = Signal(modbv(0, min=-20, max=21))
    stored = Signal(intbv(0)[4:])
    turned = Signal(intbv(0, min=-180, max=180))
    full, next_door = Signal(modbv(0)[8:]), Signal(intbv(0)[8:])
    dut = wrapping(clk, rst, step, address, digit, low, wide, stored, turned, full, next_door)
    random = Random(12)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        yield clk.negedge
        rst.next = 0
        expected = 3
        for _ in range(120):
            step.next = random.randrange(16)
            address.next = random.randrange(4)
            yield clk.negedge
            expected = (expected + 1) % 10
            assert digit == expected
            assert turned == (20 * int(step) + int(wide) + 180) % 360 - 180
        raise StopSimulation

    return dut, clock, stimulus
