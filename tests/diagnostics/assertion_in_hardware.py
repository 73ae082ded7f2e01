# pyhdl sim FILE
from myhdl import *


@block
def bench():
    level = Signal(intbv(0)[8:])

    @instance
    def stimulus():
        for _ in range(20):
            yield delay(5)
            level.next = level + 1

    @always(level)
    def watch():
        assert level < 3, "level %d at %s" % (level, "the third step")

    return stimulus, watch
