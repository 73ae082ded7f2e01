@always(clk.posedge)
def extremes():
    m.next = min(mem)
    z.next = max(*mem, a, 3)
    x.next = max(abs(u), 5) + min(u + 8, 3)
    d.next = min((tap + int(a[2:]) for tap in mem)) % 256

@always(clk.posedge)
def members():
    m10.next = (b in (1, 3, 5, 7)) + 2 * (a not in (5, 50, 141)) + 4 * (u in range(-3, 4)) + 8 * (b in mem)

@always(clk.posedge)
def tables():
    squares = [i * i for i in range(8)]
    thrice = tuple((3 * x for x in squares))
    m3.next = (squares[b[3:]] + thrice[a[3:]]) % 256
