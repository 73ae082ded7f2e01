# waits
@always(delay(5))
def clock():
    f.next = not f

@instance
def stimulus():
    for _ in range(2):
        yield f.negedge
    rst.next = 0
    for cycle in range(400):
        eager = cycle // 100 % 2 == 0
        g.next = a > (80 if eager else 30)
        h.next = b > (30 if eager else 80)
        a.next = b ^ 255
        yield delay(1)
        assert p == (len(expected) == 0)
        assert q == (len(expected) == 8)
        popped = None
        if h and (not p):
            popped = expected.popleft()
            assert b == popped
        if g and (not q):
            expected.append(int(a))
        (0,)[0] = max((0,)[0], len(expected))
        yield f.negedge
    print('400 cycles, at most %d words' % (0,)[0])
    raise StopSimulation
