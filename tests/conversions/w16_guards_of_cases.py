"""A case with a guard is taken only if the guard holds; otherwise the next one has its turn."""

from checking import BITS, cases, check
from myhdl import Signal, always_comb, block, instance, intbv


@block
def guards(a, limit, c, plain, several):
    @always_comb
    def once():
        match a:
            case 1 if c:
                plain.next = 1
            case 1:
                plain.next = 2
            case _:
                plain.next = 0

    @always_comb
    def often():
        match a:
            case 2 | 3 if limit > 7:
                several.next = 1
            case 3 if c:
                several.next = 2
            case _ if a == limit:
                several.next = 3
            case 3 | 4:
                several.next = 4
            case _:
                several.next = 5

    return once, often


def several_of(a, limit, c):
    if a in (2, 3) and limit > 7:
        return 1
    if a == 3 and c:
        return 2
    if a == limit:
        return 3
    return 4 if a in (3, 4) else 5


@block
def bench():
    a, limit = [Signal(intbv(0)[4:]) for _ in range(2)]
    c = Signal(bool(0))
    plain = Signal(intbv(0)[2:])
    several = Signal(intbv(0)[3:])
    dut = guards(a, limit, c, plain, several)

    @instance
    def stimulus():
        yield from check(
            (a, limit, c),
            cases(range(16), range(16), BITS),
            [
                (plain, lambda a, limit, c: (1 if c else 2) if a == 1 else 0),
                (several, several_of),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
