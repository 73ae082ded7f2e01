"""A vector is true unless all of its bits are 0."""

from checking import SIGNED, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def truths(u, s, truth, signed, part, neither, number, total, sum_):
    @always_comb
    def logic():
        truth.next = bool(u)
        signed.next = bool(s)
        part.next = bool(u[4:2])
        neither.next = not u
        number.next = bool(u)
        total.next = bool(u) + bool(s)
        sum_.next = bool(u + s)

    return logic


@block
def bench():
    u = Signal(intbv(0)[8:])
    s = Signal(intbv(0, min=-128, max=128))
    truth, signed, part, neither, sum_ = [Signal(bool(0)) for _ in range(5)]
    number, total = [Signal(intbv(0)[2:]) for _ in range(2)]
    dut = truths(u, s, truth, signed, part, neither, number, total, sum_)

    @instance
    def stimulus():
        yield from check(
            (u, s),
            cases(UNSIGNED, SIGNED),
            [
                (truth, lambda u, s: bool(u)),
                (signed, lambda u, s: bool(s)),
                (part, lambda u, s: bool(u >> 2 & 3)),
                (neither, lambda u, s: not u),
                (number, lambda u, s: bool(u)),
                (total, lambda u, s: bool(u) + bool(s)),
                (sum_, lambda u, s: bool(u + s)),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
