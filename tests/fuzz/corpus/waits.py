# waits
def tick(n):
    for i in range(n):
        clk2.next = not clk2

@instance
def stimulus():
    """Drives what there is."""
    n = 3
    yield delay(10)
    while n > 0:
        yield clk.posedge, rst_n.negedge
        a.next = n * 5
        print("a is", a, "at", now())
        print("%3d %s %x" % (b, e, a))
        print(f"{int(a):04x} {b} {int(a):>4}")
        assert a != 7, "seven"
        n -= 1
    for i in downrange(8, 2):
        yield a
        c.next = i
    raise StopSimulation("done")

@always(delay(5))
def clock():
    clk.next = not clk

@always(a, b)
def look():
    z.next = a ^ b
    tick(2)
