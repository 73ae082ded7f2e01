# waits
@always(delay(5))
def clock():
    f.next = not f

@instance
def stimulus():
    yield f.negedge
    rst.next = 0
    for i in range(60):
        g.next = i % 7 == 3
        yield f.negedge
    raise StopSimulation
