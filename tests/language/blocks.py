"""Blocks and decorators: what they take and refuse, what they know, how they are reset."""

import gc

from myhdl import *

from report import attempt

clk, other = Signal(False), Signal(False)
q, d = Signal(intbv(0)[4:]), Signal(intbv(3)[4:])
reset = ResetSignal(0, active=1, isasync=True)


def plain():
    pass


def generator():
    yield delay(1)


def takes(x):
    pass


def decorators():
    for name, argument in (("signal", clk), ("edge", clk.posedge), ("delay", delay(3)), ("number", 1), ("text", "clk"), ("None", None), ("list", [clk])):
        attempt(f"always({name})", lambda: always(argument)(plain) and "made")
    for argument in (plain, generator, takes, 1, None):
        name = getattr(argument, "__name__", argument)
        attempt(f"always {name}", lambda: always(clk)(argument) and "made")
        attempt(f"instance {name}", lambda: instance(argument) and "made")
        if argument is not plain:
            attempt(f"always_comb {name}", lambda: always_comb(argument) and "made")
        attempt(f"always_seq {name}", lambda: always_seq(clk.posedge, reset=None)(argument) and "made")
    for name, edge, level in (("signal", clk, None), ("signal as reset", clk.posedge, clk), ("number as reset", clk.posedge, 1), ("delay", delay(1), None), ("number", 1, None)):
        attempt(f"always_seq({name})", lambda: always_seq(edge, reset=level)(plain) and "made")


@block
def returns(kind):
    @always_comb
    def logic():
        q.next = d

    if kind == "nothing":
        return None
    if kind == "process":
        return logic
    if kind == "list":
        return [logic, [], ()]
    if kind == "number":
        return logic, 1
    if kind == "generator":
        return generator()
    if kind == "function":
        return generator
    if kind == "text":
        return "logic"
    return instances()


@block
def leaf(a, y, width=4, *rest, label="leaf", **more):
    """What a leaf does."""

    @always_comb
    def copy():
        y.next = a

    return copy


@block
def middle(a, y):
    inner = Signal(intbv(0)[4:])
    first = leaf(a, inner)
    second = leaf(inner, y, 5, 6, label="second", extra=7)
    return first, second


def attributes():
    a, y = Signal(intbv(0)[4:]), Signal(intbv(0)[4:])
    top = middle(a, y)
    print(top.name, top.__doc__, top.func.__name__, len(top.args), top.kwargs)
    print([sub.name for sub in top.subs], [sub.__doc__ for sub in top.subs])
    second = top.subs[1]
    print(second.args[2:], second.kwargs, second.skipname, second.sim, second.verilog_code, second.vhdl_code)
    print(top.symdict["inner"] is top.sigdict["inner"], top.sigdict["a"] is a)
    process = second.subs[0]
    print(process.func.__name__)
    print(sorted(process.inputs), sorted(process.outputs), sorted(process.inouts))
    print(top.callername, top.modctxt, second.callername, second.modctxt, second.callinfo.name)


class Unit:
    def __init__(self, width):
        self.width = width
        self.count = Signal(intbv(0)[width:])

    @block
    def rtl(self, clk, step=1):
        @always(clk.posedge)
        def counts():
            self.count.next = (self.count + step) % 2**self.width

        return counts

    @block
    def wrapped(self, clk):
        part = self.rtl(clk, 3)
        return part


class Bus:
    def __init__(self):
        self.data = Signal(intbv(0)[8:])
        self.valid = Signal(False)


class Link:
    def __init__(self):
        self.up, self.down = Bus(), Bus()


def methods():
    clock = Signal(False)
    unit, again = Unit(3), Unit(4)

    @block
    def bench():
        one = unit.rtl(clock)
        two = again.wrapped(clock)
        print(one.name, two.name, two.subs[0].name)

        @instance
        def drive():
            for i in range(10):
                clock.next = 1
                yield delay(1)
                clock.next = 0
                yield delay(1)
                print(now(), int(unit.count), int(again.count))

        return instances()

    bench().run_sim(quiet=1)


def interfaces():
    link = Link()
    buses = [Bus() for i in range(3)]

    @block
    def loop(link, buses):
        @always_comb
        def back():
            link.down.data.next = link.up.data + 1 if link.up.valid else 0
            link.down.valid.next = link.up.valid

        @always(link.down.data)
        def show():
            print(now(), "down", link.down.data, link.down.valid)

        return back, show

    @block
    def bench():
        dut = loop(link, buses)

        @instance
        def drive():
            for i in range(4):
                link.up.data.next = 10 * i
                link.up.valid.next = i != 2
                yield delay(3)

        return dut, drive

    bench().run_sim(quiet=1)


def resets():
    clock = Signal(False)
    for active, isasync in ((0, True), (1, True), (0, False), (1, False)):
        level = ResetSignal(1 - active, active=active, isasync=isasync)
        count = Signal(intbv(5)[4:])
        shift = [Signal(intbv(i)[4:]) for i in range(3)]
        flag = Signal(False)

        @block
        def bench():
            total = intbv(2)[8:]

            @always_seq(clock.posedge, reset=level)
            def registers():
                count.next = (count + 1) % 16
                for i in range(2):
                    shift[i + 1].next = shift[i]
                shift[0].next = count
                total[:] = (total + 1) % 256
                flag.next = total[0]

            @instance
            def drive():
                for i in range(12):
                    level.next = active if i in (4, 5) else 1 - active
                    yield delay(1)
                    clock.next = 1
                    yield delay(2)
                    print(now(), count, shift, flag)
                    clock.next = 0
                    yield delay(2)

            return instances()

        bench().run_sim(quiet=1)


def runs():
    @block
    def bench():
        @always(delay(5))
        def tick():
            print("tick", now())

        return tick

    design = bench()
    print(design.run_sim(12, quiet=1))
    print(design.run_sim(10, quiet=1), now())
    design.quit_sim()
    attempt("hdl", lambda: design.convert(hdl="SystemC"))
    try:
        design.convert(hdl="Verilog", nothing=1)
    except AttributeError:
        print("there is no such option")


def leaves_python_alone():
    """Blocks leave Python's search for garbage as it was, and what they set themselves."""
    before = gc.get_threshold()

    @block
    def inner():
        print("younger objects as before", gc.get_threshold()[:2] == before[:2])
        return []

    @block
    def outer(fails, sets):
        sub = inner()
        if sets:
            gc.set_threshold(1000, 20, 30)
        return 1 // (not fails) and sub

    outer(False, False)
    print("as before", gc.get_threshold() == before)
    attempt("a block that fails", lambda: outer(True, False))
    print("as before", gc.get_threshold() == before)
    outer(False, True)
    print("as set", gc.get_threshold())
    gc.set_threshold(*before)


decorators()
for kind in ("nothing", "process", "list", "number", "generator", "function", "text", "all"):
    attempt(kind, lambda: [type(sub).__name__ for sub in returns(kind).subs] and "made")
attributes()
methods()
interfaces()
resets()
runs()
leaves_python_alone()
