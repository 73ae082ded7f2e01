"""An element of a tuple is an operand like any other."""

from checking import UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv

ROM = (7, 200, 33, 255, 0, 128, 64, 1)
STEPS = (-3, 100, -128, 127)


@block
def tables(i, u, more, sum_, twice, nested, greater, signed, chosen, place, plain):
    @always_comb
    def logic():
        more.next = ROM[i] + 1
        sum_.next = ROM[i] + u
        twice.next = ROM[i] + ROM[7 - i]
        nested.next = ROM[ROM[i] % 8]
        greater.next = ROM[i] > u
        signed.next = (STEPS[i % 4] * 2 + u) >> 1
        chosen.next = ROM[i] if u[0] else 3
        place.next = u[ROM[i] % 8]
        plain.next = ROM[i]

    return logic


@block
def bench():
    i = Signal(intbv(0)[3:])
    u, nested, chosen, plain = [Signal(intbv(0)[8:]) for _ in range(4)]
    more, sum_, twice = [Signal(intbv(0)[9:]) for _ in range(3)]
    greater, place = [Signal(bool(0)) for _ in range(2)]
    signed = Signal(intbv(0, min=-512, max=512))
    dut = tables(i, u, more, sum_, twice, nested, greater, signed, chosen, place, plain)

    @instance
    def stimulus():
        yield from check(
            (i, u),
            cases(range(8), UNSIGNED),
            [
                (more, lambda i, u: ROM[i] + 1),
                (sum_, lambda i, u: ROM[i] + u),
                (twice, lambda i, u: ROM[i] + ROM[7 - i]),
                (nested, lambda i, u: ROM[ROM[i] % 8]),
                (greater, lambda i, u: ROM[i] > u),
                (signed, lambda i, u: (STEPS[i % 4] * 2 + u) >> 1),
                (chosen, lambda i, u: ROM[i] if u & 1 else 3),
                (place, lambda i, u: u >> ROM[i] % 8 & 1),
                (plain, lambda i, u: ROM[i]),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
