# waits
@instance
def stimulus():
    for i in range(40):
        a.next = i * 13 % 256
        f.next = i % 3 == 0
        b.next = i % 16
        yield delay(3)
        assert z == (a + 4) % 256
