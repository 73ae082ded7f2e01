# waits
@instance
def stimulus():
    expected = 0
    for i in range(200):
        f.next = i < 2
        c.next = i % 6
        o.next = i * 7 % 100
        yield delay(5)
        g.next = 1
        yield delay(5)
        g.next = 0
        if i % 6 > 0:
            expected = (expected + 1) % 16
        assert m == expected
        if i == 1:
            assert a == 7
