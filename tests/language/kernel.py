"""The kernel: what a process can wait for, how runs end and go on, and in which order things happen."""

from myhdl import *
from myhdl import SimulationError

from report import attempt, tidy


@block
def waits():
    a, b, c = [Signal(False) for i in range(3)]
    n = Signal(intbv(0)[4:])

    def pulse(signal, when):
        yield delay(when)
        signal.next = not signal
        yield delay(1)
        print(now(), "pulse is over")

    def nested():
        yield pulse(a, 1)
        print(now(), "between")
        yield pulse(b, 2)
        print(now(), "nested is over")

    @always(a)
    def show_a():
        print(now(), "a is", a)

    @instance
    def go():
        yield delay(0)
        print(now(), "after delay(0)")
        yield None
        print(now(), "after None")
        yield nested()
        print(now(), "after nested")
        yield pulse(a, 3), delay(2)
        print(now(), "after the first of two")
        yield a
        print(now(), "after a")
        yield [a, b.posedge, delay(5)]
        print(now(), "after the first of a list")
        yield join(delay(4), delay(7), pulse(b, 5))
        print(now(), "after all")
        yield pulse(c, 20), None
        print(now(), "forked")
        yield c.posedge
        print(now(), "c rose")
        yield join(delay(2), join(delay(3), delay(1))), delay(50)
        print(now(), "nested join")
        yield ()
        print(now(), "after nothing")
        n.next = 5
        yield n
        print(now(), n)
        yield n, a, b.negedge
        print("never")

    return instances()


@block
def order():
    clock = Signal(False)
    values = [Signal(intbv(0)[8:]) for i in range(4)]

    @always(delay(5))
    def tick():
        clock.next = not clock

    @block
    def process(k):
        @always(clock.posedge)
        def run():
            print(now(), "process", k, [int(v) for v in values])
            values[k].next = values[(k + 1) % 4] + k

        return run

    @block
    def watcher(k):
        @always_comb
        def see():
            print(now(), "watcher", k, int(values[k]))

        return see

    processes = [process(k) for k in range(4)]
    watchers = [watcher(k) for k in range(4)]
    return tick, processes, watchers


@block
def stops(kind):
    @instance
    def go():
        yield delay(3)
        if kind == "stop":
            raise StopSimulation
        if kind == "text":
            raise StopSimulation("enough")
        if kind == "error":
            raise KeyError("lost")
        if kind == "yielded":
            yield ValueError("later")
        print("not stopped", now())

    @instance
    def other():
        for i in range(4):
            yield delay(2)
            print("other", now())

    return go, other


def clauses():
    for clause in (1, "text", 1.5, True, object, [1], (Signal(0), 3), {}, intbv(3)):

        @block
        def one():
            @instance
            def go():
                yield clause
                print("resumed")

            return go

        def run():
            design = one()
            try:
                design.run_sim(quiet=1)
            finally:
                design.quit_sim()

        attempt(f"yield {clause!r}", run)
    for argument in (-1, 1.5, "1", intbv(3), None, True):
        attempt(f"delay({argument!r})", lambda: delay(argument) and None)


def simulations():
    def clock():
        while True:
            yield delay(10)
            print("tick", now())

    sim = Simulation(clock())
    print(sim.run(25, quiet=1), now())
    print(sim.run(5, quiet=1), now())
    print(sim.run(duration=20, quiet=1), now())
    sim.quit()

    g = clock()
    attempt("twice", lambda: Simulation(g, [g]))
    attempt("a number", lambda: Simulation(3))
    attempt("a function", lambda: Simulation(clock))
    attempt("none", lambda: Simulation(None))
    for kind in ("stop", "text", "error", "yielded", "nothing"):
        design = stops(kind)
        sim = Simulation(design)
        for turn in range(2):
            try:
                print(kind, sim.run(quiet=1), now())
            except BaseException as error:
                print(kind, type(error).__name__, error, now())
        sim.quit()

    s = Signal(intbv(3)[4:])

    def changes():
        yield delay(2)
        s.next = 7
        yield delay(2)

    sim = Simulation(changes())
    sim.run(3, quiet=1)
    print(s)
    sim.quit()
    print(s)
    sim = Simulation([changes(), (changes(), [])])
    print(sim.run(quiet=1), s)


waits().run_sim(quiet=1)
design = order()
print(design.run_sim(23, quiet=1), now())
print(design.run_sim(10, quiet=1), now())
design.quit_sim()
clauses()
simulations()
