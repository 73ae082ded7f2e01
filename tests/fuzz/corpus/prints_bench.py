# waits
@instance
def values():
    for i in range(24):
        a.next = (i * 37 + 5) % 256
        b.next = (i * 91 + 50) % 256
        f.next = i % 3 == 0
        yield delay(5)
        g.next = True
        yield delay(5)
        g.next = False
    raise StopSimulation
