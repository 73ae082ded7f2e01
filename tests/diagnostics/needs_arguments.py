# pyhdl sim FILE --top counter
from myhdl import *


@block
def counter(clk, q):
    @always(clk.posedge)
    def count():
        q.next = q + 1

    return count
