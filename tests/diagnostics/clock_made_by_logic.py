# pyhdl check FILE
from myhdl import *
from pyhdl import Clock, In, Out


@block
def gated(clk: Clock, enable: In[bool], a: In[4], q: Out[4], alone: Out[4]):
    slow = Signal(bool(0))
    r = Signal(intbv(0)[4:])

    @always_comb
    def gate():
        slow.next = clk and enable

    @always(clk.posedge)
    def first():
        r.next = a

    @always(slow.posedge)
    def second():
        q.next = r

    @always(slow.posedge)
    def without_a_race():
        alone.next = alone + 1 if alone < 9 else 0

    return gate, first, second, without_a_race
