"""A test bench that stays in Python: transactions in a dictionary, exceptions, a log in a file, random waits."""

import random
import tempfile

from myhdl import ResetSignal, Signal, StopSimulation, always_comb, always_seq, block, delay, instance, intbv

TRANSACTIONS = 40000


@block
def accumulate(clk, reset, valid, data, total, ready):
    @always_seq(clk.posedge, reset=reset)
    def add():
        if valid and ready:
            total.next = (total + data) % 65536

    @always_comb
    def always_ready():
        ready.next = not reset

    return add, always_ready


@block
def bench(log):
    clk, valid, ready = [Signal(False) for i in range(3)]
    reset = ResetSignal(1, active=1, isasync=False)
    data, total = Signal(intbv(0)[8:]), Signal(intbv(0)[16:])
    dut = accumulate(clk, reset, valid, data, total, ready)
    source = random.Random(5)
    expected = {}
    statistics = {"sent": 0, "checked": 0, "late": 0}

    @instance
    def clock():
        while True:
            yield delay(5)
            clk.next = not clk

    @instance
    def driver():
        yield clk.negedge
        reset.next = 0
        running = 0
        for number in range(TRANSACTIONS):
            for i in range(source.randrange(3)):
                yield clk.negedge
            value = source.randrange(256)
            running = (running + value) % 65536
            expected[number] = {"value": value, "total": running}
            data.next = value
            valid.next = 1
            statistics["sent"] += 1
            yield clk.negedge
            valid.next = 0
        raise StopSimulation

    @instance
    def monitor():
        number = 0
        while True:
            yield clk.posedge
            if not valid:
                continue
            yield delay(1)
            try:
                entry = expected.pop(number)
            except KeyError:
                statistics["late"] += 1
                continue
            if entry["total"] != total:
                raise AssertionError(f"transaction {number}: {int(total)}, not {entry['total']}")
            log.write(f"{number} {entry['value']} {int(total)}\n")
            statistics["checked"] += 1
            number += 1

    @instance
    def report():
        while True:
            yield delay(100000)
            print(sorted(statistics.items()))

    return dut, clock, driver, monitor, report


with tempfile.TemporaryFile("w") as log:
    bench(log).run_sim(quiet=1)
    print(log.tell())
