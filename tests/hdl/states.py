"""Enumerations at ports, in three encodings, and in a match with guards."""

from myhdl import *

t_phase = enum("IDLE", "RUN", "DONE")
t_hot = enum("IDLE", "A", "B", encoding="one_hot")
t_cold = enum("OFF", "ON", "signal", encoding="one_cold")


@block
def follower(clk, phase, hot):
    @always(clk.posedge)
    def follow():
        if phase == t_phase.RUN:
            hot.next = t_hot.A
        elif phase != t_phase.IDLE:
            hot.next = t_hot.B
        else:
            hot.next = t_hot.IDLE

    return follow


@block
def machine(clk, rst, go, count, phase, hot, cold, same):
    follow = follower(clk, phase, hot)

    @always_seq(clk.posedge, reset=rst)
    def control():
        match phase:
            case t_phase.IDLE if go:
                phase.next = t_phase.RUN
                count.next = 0
            case t_phase.RUN:
                count.next = count + 1
                if count == 5:
                    phase.next = t_phase.DONE
            case t_phase.DONE:
                phase.next = t_phase.IDLE
            case _:
                count.next = 0

    @always_comb
    def show():
        cold.next = t_cold.ON if phase == t_phase.RUN else t_cold.signal
        same.next = (phase == t_phase.IDLE) == (hot == t_hot.IDLE)

    return follow, control, show


@block
def bench():
    clk, go, same = [Signal(bool(0)) for _ in range(3)]
    rst = ResetSignal(1, active=1, isasync=False)
    count = Signal(modbv(0)[3:])
    phase = Signal(t_phase.IDLE)
    hot = Signal(t_hot.IDLE)
    cold = Signal(t_cold.OFF)
    dut = machine(clk, rst, go, count, phase, hot, cold, same)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        yield clk.negedge
        rst.next = 0
        for i in range(60):
            go.next = i % 7 == 3
            yield clk.negedge
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
