"""Numbers at random in every form that is compiled. Python computes beforehand what comes."""
import random
from random import randrange

from myhdl import *

ROUNDS = 400
rng = random.Random(2024)
dice = random.Random(5)
OPS = (3, 5, 8, 13, 21)


def expected():
    """The same calls in the order in which the processes come to them."""
    r, d = random.Random(2024), random.Random(5)
    random.seed(99)
    sums, waits, total = [], [], 0
    for i in range(ROUNDS):
        total += r.randrange(256)
        total += r.randint(-5, 5)
        total += r.randrange(10, 100, 7) * 3 + r.randrange(20, -20, -3)
        total += r.getrandbits(9) ^ (r.getrandbits(70) % 1000)
        if r.random() < 0.3:
            total += 1000
        elif 0.75 <= r.random():
            total += 2000
        elif i % 3 == 0 and r.random() > 0.5 or r.randrange(2) == 1:
            total += 4000
        total += r.randrange(7) if i % 2 else -r.randrange(5)
        total += r.choice((1, 4, 9)) + d.choice(OPS) - random.randrange(1000)
        a, b = r.randrange(4), d.randrange(4)
        total += a * 4 + b
        for _ in range(d.randrange(5)):
            total += d.randint(1, 6)
        n = 0
        while r.random() < 0.4:
            n += 1
            if n == 3:
                continue
            total += 1
        else:
            total += 7
        x = d.randrange(2 ** 80) * 3
        total += x % 101
        assert 0 <= d.randrange(3) < 3
        values = [0, 0, 0]
        v = r.randrange(50)
        values[r.randrange(3)] = v
        total += values[0] + 2 * values[1] + 3 * values[2]
        total += r.random() < 1 and not r.random() < 0
        total = total % (1 << 60)
        sums.append(total)
        waits.append(d.randint(1, 20))
    return tuple(sums), tuple(waits)


SUMS, WAITS = expected()


@block
def top():
    random.seed(99)
    rng.seed(2024)
    dice.seed(5)
    clk = Signal(bool(0))
    data = Signal(intbv(0)[8:])
    seen = Signal(modbv(0)[32:])
    done = Signal(bool(0))

    @always(delay(3))
    def clock():
        clk.next = not clk

    @always_comb
    def follow():
        seen.next = data * 3

    @instance
    def stimulus():
        total = 0
        for i in range(ROUNDS):
            total += rng.randrange(256)
            total += rng.randint(-5, 5)
            total += rng.randrange(10, 100, 7) * 3 + rng.randrange(20, -20, -3)
            total += rng.getrandbits(9) ^ (rng.getrandbits(70) % 1000)
            if rng.random() < 0.3:
                total += 1000
            elif 0.75 <= rng.random():
                total += 2000
            elif i % 3 == 0 and rng.random() > 0.5 or rng.randrange(2) == 1:
                total += 4000
            total += rng.randrange(7) if i % 2 else -rng.randrange(5)
            total += rng.choice((1, 4, 9)) + dice.choice(OPS) - randrange(1000)
            a, b = rng.randrange(4), dice.randrange(4)
            total += a * 4 + b
            for _ in range(dice.randrange(5)):
                total += dice.randint(1, 6)
            n = 0
            while rng.random() < 0.4:
                n += 1
                if n == 3:
                    continue
                total += 1
            else:
                total += 7
            x = dice.randrange(2 ** 80) * 3
            total += x % 101
            assert 0 <= dice.randrange(3) < 3
            values = [0, 0, 0]
            values[rng.randrange(3)] = rng.randrange(50)
            total += values[0] + 2 * values[1] + 3 * values[2]
            total += rng.random() < 1 and not rng.random() < 0
            total = total % (1 << 60)
            assert total == SUMS[i], "round %d gives %d" % (i, total)
            data.next = total % 256
            wait = dice.randint(1, 20)
            assert wait == WAITS[i]
            yield delay(wait)
            if i % 50 == 0:
                yield clk.posedge
                print(now(), total, seen)
        done.next = 1
        yield delay(1)
        print(now(), "over")
        raise StopSimulation

    return clock, follow, stimulus


inst = top()
inst.run_sim()
print(rng.randrange(1000), dice.randrange(1000), randrange(1000))
