"""Processes in Python that drive inputs, wake each other by signals of their own, and answer what the design asks."""
from myhdl import *


@block
def worker(clk, request, data, result, done):
    left = Signal(intbv(0)[4:])

    @always(clk.posedge)
    def work():
        done.next = False
        if left > 0:
            left.next = left - 1
            if left == 1:
                done.next = True
        elif request:
            left.next = 1 + data[2:]
            result.next = (data * data + 1) % 256

    return work


@block
def mixer(a, b, mixed):
    low, high = Signal(intbv(0)[4:]), Signal(intbv(0)[4:])

    @always_comb
    def parts():
        low.next = a[4:] ^ b[4:]
        high.next = (a >> 4) & (b >> 4)

    @always_comb
    def whole():
        mixed.next = concat(high, low)

    return parts, whole


@block
def bench():
    clk, request, done = [Signal(bool(0)) for _ in range(3)]
    data, result, mixed = [Signal(intbv(0)[8:]) for _ in range(3)]
    told = Signal(intbv(0)[8:])
    asked = []
    dut = worker(clk, request, data, result, done)
    mix = mixer(result, data, mixed)

    @always(delay(2))
    def clock():
        clk.next = not clk

    @instance
    def ask():
        history = {}
        for i in range(900):
            yield clk.negedge
            data.next = (i * 37 + len(history)) % 256
            request.next = True
            yield clk.posedge
            asked.append(int(data.next))
            request.next = False
            while not done:
                yield clk.posedge
            history[int(result)] = i
            told.next = int(mixed) ^ (i % 256)
            if i % 60 == 0:
                print(i, now(), int(result), int(mixed), len(history))
        raise StopSimulation("all asked")

    @always(told)
    def hear():
        asked.sort()
        if asked[-1] % 16 == 3 and len(asked) % 8 == 0:
            print("heard", now(), told, int(mixed))

    return dut, mix, clock, ask, hear


bench().run_sim()
