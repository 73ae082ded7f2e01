@always(clk.posedge)
def returns():
    for v in (a, b, 3):
        if v > 100:
            m.next = v
            return
    m.next = 0

@always(clk.posedge)
def counts_ones():
    rest = int(a)
    n = 0
    while rest:
        rest &= rest - 1
        n += 1
    z.next = n if n < 9 else 9

@always(clk.posedge)
def shrinks():
    rest = int(b)
    n = 0
    while rest > 0:
        rest >>= 1
        n += 1
    x.next = n
