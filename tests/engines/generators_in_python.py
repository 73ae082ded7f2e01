"""Generators of random numbers that nobody but Python asks, beside one that both ask, and one that a process seeds."""
import random

from myhdl import *


class Mine(random.Random):
    def random(self):
        return 0.25


mine = Mine(1)
patched = random.Random(3)
patched.randrange = lambda n: n - 1
shared = random.Random(8)


class Bench:
    def __init__(self):
        self.rng = random.Random(8)
        self.seen = {}

    @block
    def top(self):
        clk = Signal(bool(0))
        a, b, c = [Signal(intbv(0)[16:]) for _ in range(3)]
        s = Signal(modbv(0)[32:])

        @always(delay(2))
        def clock():
            clk.next = not clk

        @always(clk.posedge)
        def subclass():
            a.next = mine.randrange(10) + patched.randrange(5)

        @always(clk.negedge)
        def compiled():
            b.next = self.rng.randrange(100) + shared.randint(1, 6)

        @always(clk.negedge)
        def in_python():
            self.seen[0] = self.seen.get(0, 0) + shared.randrange(50)
            c.next = self.seen[0] % 1000

        @always(clk.posedge)
        def sum():
            s.next = s * 5 + a + b + c

        @instance
        def control():
            for i in range(8000):
                yield clk.negedge
                if i % 1000 == 999:
                    random.seed(i)
                    print(now(), int(s), int(a), int(b), int(c), random.random())
            raise StopSimulation

        return clock, subclass, compiled, in_python, sum, control


Bench().top().run_sim(quiet=1)
print(mine.randrange(100), shared.randrange(100), random.randrange(100))
