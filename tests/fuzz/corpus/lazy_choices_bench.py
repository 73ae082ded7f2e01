# waits
@instance
def stim():
    for i in range(256):
        a.next = i % 16
        b.next = i // 16
        yield delay(5)
        f.next = 1
        yield delay(5)
        f.next = 0
    raise StopSimulation
