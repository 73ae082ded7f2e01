"""Lists of objects and of lists; names for them."""

from myhdl import Signal, always, block, instances, intbv
from stimulus import Inputs, drive, outputs


class Channel:
    WIDTH = 8

    def __init__(self):
        self.data = Signal(intbv(0)[self.WIDTH :])
        self.valid = Signal(False)


class Bus:
    def __init__(self):
        self.channels = [Channel() for _ in range(3)]
        self.offset = 11


@block
def interfaces(clk, a, b, results):
    bus = Bus()
    grid = [[Signal(intbv(i + 3 * j)[8:]) for i in range(2)] for j in range(3)]
    r0, r1, r2, r3, r4, r5, r6, r7 = results

    @always(clk.posedge)
    def fill():
        for i, channel in enumerate(bus.channels):
            channel.data.next = (a + i * 17) % 256
            channel.valid.next = a[i]

    @always(clk.posedge)
    def move():
        for row, column in zip(grid, range(3)):
            row[0].next = (row[1] + column) % 256
            row[1].next = a

    @always(clk.posedge)
    def each():
        total = 0
        for channel in bus.channels:
            if channel.valid:
                total += channel.data
        r0.next = total % 256

    @always(clk.posedge)
    def one():
        r1.next = bus.channels[1].data
        r2.next = (bus.channels[0].data + bus.offset + Channel.WIDTH) % 256

    @always(clk.posedge)
    def chosen():
        r3.next = bus.channels[a % 3].data

    @always(clk.posedge)
    def counted():
        total = 0
        for i in range(3):
            total += bus.channels[i].data
        r4.next = total % 256

    @always(clk.posedge)
    def renamed():
        first = bus.channels[0]
        rest = bus.channels[1:]
        r5.next = (first.data + sum(channel.data for channel in rest)) % 256

    @always(clk.posedge)
    def row_of():
        r6.next = grid[a % 3][1]

    @always(clk.posedge)
    def all_of():
        r7.next = sum(cell for row in grid for cell in row) % 256

    return instances()


@block
def written(clk, a, b, results):
    channels = [Channel() for _ in range(4)]
    r0, r1 = results

    @always(clk.posedge)
    def write():
        channels[a % 4].data.next = b

    @always(clk.posedge)
    def read():
        r0.next = channels[b % 4].data
        r1.next = any(channel.data == a for channel in channels)

    return instances()


@block
def both(clk, a, b, results):
    reading = interfaces(clk, a, b, results[:8])
    writing = written(clk, a, b, results[8:])
    return instances()


@block
def bench():
    inputs = Inputs()
    results = outputs(10)
    dut = both(inputs.clk, inputs.a, inputs.b, results)
    stimulus = drive(inputs, results)
    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
