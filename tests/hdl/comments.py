"""Comments near what they are about, and comments that look like commands to tools."""

from random import Random

from myhdl import *

t_state = enum("IDLE", "RUN", "STOP")


# Counts up, slowly.
# verilator lint_off WIDTH
@block  # the whole counter
def counter(
    clk,  # the clock
    # Holds everything
    # at zero.
    reset,
    q,
):
    """A counter."""
    # One bit more than it shows:
    #   - it shows four bits,
    #   - it counts in five.
    level = Signal(modbv(0)[5:])  # words inside

    # synthesis translate_off
    @always_seq(clk.posedge, reset=reset)  # at each edge
    # pragma translate_off
    def count():  # of the counter
        # Counts.
        level.next = level + 1  # wraps at 32
        # translate_on \

    # The output: arrows →, Ω, 漢字, "quotes" and 'ticks'.
    @always_comb
    def show():
        # the upper bits  # noqa: E501
        q.next = level[5:1]  # type: ignore

    return count, show


def following(x):
    # One more, /* or */ zero; `define nothing.
    return (x + 1) % 16  # psl default clock is clk;


def clear(a, b):
    # Both at once.
    a.next = 0
    b.next = 0  # the second


@block
def comments(clk, reset, mode, a, q, r, total):
    """Several counters."""
    # Two of them.
    q0, q1 = [Signal(intbv(0)[4:]) for _ in range(2)]  # both counters
    state = Signal(t_state.IDLE)  # what it does now
    # The first:
    one = counter(clk, reset, q0)  # is one
    two = counter(clk, reset, q1)  # is two
    others = []
    many = [Signal(intbv(0)[4:]) for _ in range(3)]  # a list
    for i in range(3):
        # psl in the loop
        others.append(counter(clk, reset, many[i]))  # each

    # synopsys translate_off
    @always_comb
    def add():
        # The carry is lost.
        total.next = (following(q0) + following(q1)) % 16

    # What comes next.
    @always(clk.posedge)
    def act():
        """Acts."""
        # What to do
        if reset:  # back to the start
            # the task does it
            clear(q, r)  # both outputs
            state.next = t_state.IDLE
            # here as well
        # or something
        elif mode >= 2:  # something
            q.next = (
                total +  # the sum
                # and
                a
            ) % 16  # what is new
        # the rest
        else:  # is nothing
            q.next = 0
        # All of them.
        for s in many:  # a loop
            # each of them
            r.next = s  # once
        # A long line that goes on and on and on and on and on and on and on and on and on and on and on and on.
        for i in range(4):  # counts
            # one bit
            if a[i]:
                r.next[i] = mode[0]  # a comment that is too long to stand beside the statement that it is about
        # How it goes on:
        if state == t_state.IDLE:  # from idle
            # start
            state.next = t_state.RUN
        elif state == t_state.RUN:  # from running
            # Stop where the mode says so.
            if mode == 3:
                state.next = t_state.STOP  # stops
        else:
            pass  # for ever

    return one, two, others, add, act


@block
def bench():
    clk = Signal(bool(0))
    reset = ResetSignal(1, active=1, isasync=False)
    mode = Signal(intbv(0)[2:])
    a, q, r, total = [Signal(intbv(0)[4:]) for _ in range(4)]
    dut = comments(clk, reset, mode, a, q, r, total)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        random = Random(7)
        for i in range(100):
            reset.next = i < 2 or i == 50
            mode.next = random.randrange(4)
            a.next = random.randrange(16)
            yield clk.negedge
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
