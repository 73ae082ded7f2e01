"""A process that waits for edges of two signals runs at each of them, also where it then asks which one it was."""

from checking import UNSIGNED
from myhdl import Signal, always, block, delay, instance, intbv, modbv

# The levels of `s` and `r` one after the other: each edge alone, and both at once.
LEVELS = [
    (1, 1),
    (0, 1),
    (1, 1),
    (1, 0),
    (0, 0),
    (1, 0),
    (1, 1),
    (0, 0),
    (1, 1),
    (0, 1),
    (0, 0),
    (1, 1),
    (1, 0),
    (0, 1),
]


@block
def edges(s, r, d, held, chosen, falls, any_edge):
    @always(s.negedge, r.negedge)
    def asynchronous():
        if not r:
            held.next = 0
        else:
            held.next = d

    @always(s.negedge, r.negedge)
    def choose():
        if s:
            chosen.next = d + 1
        elif r:
            chosen.next = d + 2
        else:
            chosen.next = d + 3

    @always(s.negedge, r.negedge)
    def count():
        falls.next = falls + 1

    @always(s.posedge, r.negedge)
    def mixed():
        if r == 0:
            any_edge.next = any_edge + 1
        else:
            any_edge.next = any_edge + d

    return asynchronous, choose, count, mixed


@block
def bench():
    s, r = [Signal(bool(1)) for _ in range(2)]
    d, held = [Signal(intbv(0)[8:]) for _ in range(2)]
    chosen = Signal(intbv(0)[9:])
    falls, any_edge = [Signal(modbv(0)[8:]) for _ in range(2)]
    dut = edges(s, r, d, held, chosen, falls, any_edge)

    @instance
    def stimulus():
        right = [0, 0, 0, 0]
        before = 1, 1
        count = 0
        for number in UNSIGNED:
            # The data is there before the edge.
            d.next = number
            yield delay(5)
            now = LEVELS[number % len(LEVELS)]
            s.next, r.next = map(bool, now)
            yield delay(5)
            fell = [b > n for b, n in zip(before, now, strict=True)]
            if any(fell):
                right[0] = number if now[1] else 0
                right[1] = number + (1 if now[0] else 2 if now[1] else 3)
                right[2] = (right[2] + 1) % 256
            if now[0] > before[0] or fell[1]:
                right[3] = (right[3] + (number if now[1] else 1)) % 256
            before = now
            found = [int(signal) for signal in (held, chosen, falls, any_edge)]
            assert found == right, f"after levels {now}: {found}, not {right}"
            count += len(found)
        print(count, "values are right, of 4 outputs")

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
