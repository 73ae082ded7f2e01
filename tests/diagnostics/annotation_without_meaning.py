# pyhdl check FILE
from __future__ import annotations

from myhdl import *


@block
def register(clk: Clok, q: Out[8]):
    @always(clk.posedge)
    def keep():
        q.next = 1

    return keep
