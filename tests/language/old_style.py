"""Designs without ``@block``: three levels, traced, simulated and converted by calls with functions and arguments."""

import os
import re
import tempfile
import warnings

from myhdl import *
from myhdl.conversion import analyze, verify

warnings.simplefilter("ignore")
os.chdir(tempfile.mkdtemp())


def register(clk, d, q):
    @always(clk.posedge)
    def store():
        q.next = d

    return store


def stage(clk, d, q, offset):
    added = Signal(intbv(0)[8:])

    @always_comb
    def add():
        added.next = (d + offset) % 256

    held = register(clk, added, q)
    return add, held


def pipeline(clk, d, q):
    links = [Signal(intbv(0)[8:]) for i in range(4)]
    middle = Signal(intbv(0)[8:])
    first = stage(clk, d, middle, 3)
    second = stage(clk, middle, q, 7)
    return first, second


def stimulus(clk, d):
    def clock():
        for i in range(12):
            clk.next = not clk
            if not clk:
                d.next = (d + 25) % 256
            yield delay(5)

    return clock()


def bench():
    clk = Signal(False)
    d, q = [Signal(intbv(0)[8:]) for i in range(2)]
    dut = pipeline(clk, d, q)

    @instance
    def drive():
        for i in range(12):
            clk.next = i % 2
            d.next = 20 * i
            yield delay(5)
            print(q)

    return dut, drive


def waves(path):
    """The scopes and variables of a VCD file."""
    with open(path) as file:
        text = file.read()
    return re.findall(r"\$(scope|var) +(?:\w+ )?(?:\d+ \S+ )?(\S*)", text)


clk = Signal(False)
d, q = [Signal(intbv(0)[8:]) for i in range(2)]

print("simulated")
dut = pipeline(clk, d, q)
sim = Simulation(dut, stimulus(clk, d))
print(sim.run(quiet=1), q, d, now())

print("traced")
traceSignals.name = "traced"
traced = traceSignals(pipeline, clk, d, q)
sim = Simulation(traced, stimulus(clk, d))
print(sim.run(quiet=1), now())
sim.quit()
names = waves("traced.vcd")
print(sorted(name for kind, name in names if kind == "scope"))
print(sorted(name for kind, name in names if kind == "var"))
traceSignals.name = None

print("converted")
texts = []
for turn in range(2):
    toVerilog.name = "pipe"
    toVerilog(pipeline, clk, d, q)
    with open("pipe.v") as file:
        texts.append(file.read())
    print(sorted(toVerilog.portmap))
    toVHDL.name = "pipe"
    toVHDL(pipeline, clk, d, q)
    with open("pipe.vhd") as file:
        texts.append(file.read())
print(["middle" in text for text in texts])
for simulator in ("iverilog", "ghdl"):
    analyze.simulator = simulator
    print(simulator, analyze(pipeline, clk, d, q))
verify.simulator = "iverilog"
print(verify(bench))
