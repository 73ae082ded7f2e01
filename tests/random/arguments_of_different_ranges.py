# Found by the mutation check: a parameter has to hold what every call passes, whichever call is lowered first.

from random import Random

from myhdl import *


def doubled(value):
    return value * 2


def halved(value):
    return value // 2


@block
def cases(octet, short, few, many, small, large):
    @always_comb
    def ascending():
        low = octet % 4
        high = octet + 300
        few.next = doubled(low)
        many.next = doubled(high)

    @always_comb
    def descending():
        high = short * 9
        low = short % 3
        large.next = halved(high)
        small.next = halved(low)

    return ascending, descending


@block
def bench():
    octet, few, many = Signal(intbv(0)[8:]), Signal(intbv(0)[3:]), Signal(intbv(0)[11:])
    short = Signal(intbv(0, min=-128, max=128))
    small, large = Signal(intbv(0)[1:]), Signal(intbv(0, min=-1024, max=1024))
    top = cases(octet, short, few, many, small, large)

    @instance
    def stimulus():
        random = Random(3)
        for vector in range(40):
            a = random.choice((0, 3, 255, random.randrange(256)))
            b = random.choice((-128, -1, 127, random.randrange(-128, 128)))
            octet.next, short.next = a, b
            yield delay(10)
            expected = {
                "few": (a % 4 * 2, few), "many": ((a + 300) * 2, many),
                "small": (b % 3 // 2, small), "large": (b * 9 // 2, large),
            }
            for name, (value, signal) in expected.items():
                if signal != value:
                    print("DIFFERS", name, "model", value, "simulation", signal.val)
        print("COMPARED", 40)

    return top, stimulus


if __name__ == "__main__":
    bench().run_sim()
