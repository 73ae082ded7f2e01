"""`in`, `:=` in logic, and f-strings in what is printed."""

from checking import SIGNED, UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, intbv

ODD = (7, 77)


@block
def modern(x, s, member, other, signed, of_names, mixed, doubled, reused, ended):
    @always_comb
    def membership():
        member.next = x in (1, 2)
        other.next = x not in (0, 3, 255)
        signed.next = s in (-1, 5, -128)
        of_names.next = x in ODD
        mixed.next = x in (s, 3)

    @always_comb
    def walrus():
        if (more := x + 1) > 100:
            doubled.next = 2 * more
        else:
            doubled.next = x
        reused.next = (low := x[4:]) + ((x - low) >> 4)

    @always_comb
    def text():
        ended.next = 0
        if x == 9:
            ended.next = 1
            print(f"x is {int(x)}, 3 times that is {3 * x}, s is {int(s):4d}")

    return membership, walrus, text


@block
def bench():
    x = Signal(intbv(0)[8:])
    s = Signal(intbv(0, min=-128, max=128))
    member, other, signed, of_names, mixed, ended = [Signal(bool(0)) for _ in range(6)]
    doubled = Signal(intbv(0)[10:])
    reused = Signal(intbv(0)[9:])
    dut = modern(x, s, member, other, signed, of_names, mixed, doubled, reused, ended)

    @instance
    def stimulus():
        yield from check(
            (x, s),
            cases(UNSIGNED, SIGNED),
            [
                (member, lambda x, s: x in (1, 2)),
                (other, lambda x, s: x not in (0, 3, 255)),
                (signed, lambda x, s: s in (-1, 5, -128)),
                (of_names, lambda x, s: x in (7, 77)),
                (mixed, lambda x, s: x in (s, 3)),
                (doubled, lambda x, s: 2 * (x + 1) if x + 1 > 100 else x),
                (reused, lambda x, s: x % 16 + x // 16),
                (ended, lambda x, s: x == 9),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
