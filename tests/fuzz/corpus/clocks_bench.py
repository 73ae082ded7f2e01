# waits
@always(delay(5))
def clock():
    f.next = not f

@always(delay(13))
def slow_clock():
    g.next = not g

@instance
def stimulus():
    for i in range(100):
        yield delay(7)
        c.next = i % 8
        h.next = i % 31 != 20
    raise StopSimulation
