"""Numbers without bounds of which only a remainder counts: what a test bench adds up goes on for ever, and is compiled."""
from myhdl import *

N = 2000


def expected():
    """The same with Python's own integers."""
    sums = []
    up, down, hash_, low, product, one, negative = 0, 0, 7, 0, 0, 0, 0
    for i in range(N):
        data = i * 40503 % 65536
        up += data % 5
        down -= data % 7
        hash_ = (hash_ * 31 + data + up) % (1 << 32)
        low = (up * data - down * 3 + low) & 0xFFFFFFFF
        product = (up * down + (down - up) * (down + 1)) % 1000003
        one = (up + down) % 1
        negative = 0xFF & (down - up * 9)
        sums.append((hash_ + low * 3 + product + one + negative) % (1 << 60))
    return tuple(sums)


SUMS = expected()


@block
def bench():
    clk = Signal(bool(0))
    data = Signal(intbv(0)[16:])
    seen = Signal(modbv(0)[16:])

    @always(delay(4))
    def clock():
        clk.next = not clk

    @always_comb
    def follow():
        seen.next = data + 1

    @instance
    def check():
        up, down, hash_, low, product, one, negative = 0, 0, 7, 0, 0, 0, 0
        for i in range(N):
            data.next = i * 40503 % 65536
            yield clk.posedge
            up += data % 5
            down -= data % 7
            hash_ = (hash_ * 31 + data + up) % (1 << 32)
            low = (up * data - down * 3 + low) & 0xFFFFFFFF
            product = (up * down + (down - up) * (down + 1)) % 1000003
            one = (up + down) % 1
            negative = 0xFF & (down - up * 9)
            total = (hash_ + low * 3 + product + one + negative) % (1 << 60)
            assert total == SUMS[i], "round %d gives %d" % (i, total)
            if i % 200 == 0:
                print(now(), hash_, low, product, one, negative, up, down, seen)
        raise StopSimulation

    return clock, follow, check


bench().run_sim()
