# waits
@always(delay(5))
def clock():
    f.next = not f

@instance
def stimulus():
    yield f.negedge
    rst_n.next = 1
    g.next = 1
    for i in range(20):
        yield f.negedge
        print('time %3d   count %2d   %s' % (now(), m, e))
        assert m == (i + 1) % 16
    g.next = 0
    for i in range(3):
        yield f.negedge
        assert m == 4
    print('stopped at', int(m))
    rst_n.next = 0
    yield delay(1)
    assert m == 0
    print('reset to', int(m))
    raise StopSimulation
