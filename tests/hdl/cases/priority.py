"""A loop that ends at the first request."""

import random

from myhdl import *


@block
def priority(requests, granted, any_request):
    @always_comb
    def grant():
        granted.next = 0
        any_request.next = 0
        for i in range(8):
            if requests[i]:
                granted.next = i
                any_request.next = 1
                break
    return grant


@block
def bench():
    requests = Signal(intbv(0)[8:])
    granted = Signal(intbv(0)[3:])
    any_request = Signal(bool(0))
    dut = priority(requests, granted, any_request)
    rng = random.Random(1)

    @instance
    def stimulus():
        for step in range(40):
            yield delay(10)
            requests.next = rng.randrange(256)
        raise StopSimulation

    return dut, stimulus
