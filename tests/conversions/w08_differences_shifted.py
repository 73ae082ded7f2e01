"""The sign of a difference goes along in a shift to the right, also into a wider target."""

from checking import SIGNED, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def shifts(s, t, u, n, nothing, half, unsigned, exact, far, chosen, again):
    @always_comb
    def logic():
        nothing.next = (s - s) >> 1
        half.next = (s - t) >> 1
        unsigned.next = (u - 200) >> 1
        exact.next = (s - t) >> 1
        far.next = (s - t) >> 12
        chosen.next = (s - t) >> n
        again.next = ((s - t) >> 1) + ((t - u) >> 2)

    return logic


@block
def bench():
    s, t, exact = [Signal(intbv(0, min=-128, max=128)) for _ in range(3)]
    u = Signal(intbv(0)[8:])
    n = Signal(intbv(0)[4:])
    nothing, half, unsigned, far, chosen, again = [Signal(intbv(0, min=-32768, max=32768)) for _ in range(6)]
    dut = shifts(s, t, u, n, nothing, half, unsigned, exact, far, chosen, again)

    @instance
    def stimulus():
        yield from check(
            (s, t, u, n),
            cases(SIGNED, SIGNED, UNSIGNED, range(16)),
            [
                (nothing, lambda s, t, u, n: (s - s) >> 1),
                (half, lambda s, t, u, n: (s - t) >> 1),
                (unsigned, lambda s, t, u, n: (u - 200) >> 1),
                (exact, lambda s, t, u, n: (s - t) >> 1),
                (far, lambda s, t, u, n: (s - t) >> 12),
                (chosen, lambda s, t, u, n: (s - t) >> n),
                (again, lambda s, t, u, n: ((s - t) >> 1) + ((t - u) >> 2)),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
