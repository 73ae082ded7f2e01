"""A 4 x 4 mesh of packet routers: FIFOs at the inputs, XY routing, round-robin arbiters, random traffic."""
import sys
from myhdl import *

SIZE, NODES = 4, 16
LOCAL, NORTH, EAST, SOUTH, WEST = range(5)


class Link:
    def __init__(self, packet=0):
        self.packet = Signal(intbv(packet)[16:])  # x and y of where it goes, then data
        self.valid, self.ready = [Signal(bool(0)) for i in range(2)]


@block
def receive(clk, rst, x, y, link, grants, head, wanted):
    """A FIFO of four packets; ``wanted`` has a bit for the output that the oldest one leaves by."""
    fifo = [Signal(intbv(0)[16:]) for i in range(4)]
    first, end = [Signal(modbv(0)[3:]) for i in range(2)]

    @always_comb
    def status():
        link.ready.next = first == end or first[2:] != end[2:]
        head.next = fifo[first[2:]]

    @always_comb
    def route():
        wanted.next = 0
        if first != end:
            wanted.next[EAST] = head[16:14] > x
            wanted.next[WEST] = head[16:14] < x
            wanted.next[SOUTH] = head[16:14] == x and head[14:12] > y
            wanted.next[NORTH] = head[16:14] == x and head[14:12] < y
            wanted.next[LOCAL] = head[16:14] == x and head[14:12] == y

    @always_seq(clk.posedge, reset=rst)
    def move():
        if link.valid and link.ready:
            fifo[end[2:]].next = link.packet
            end.next = end + 1
        if grants != 0:
            first.next = first + 1

    return status, route, move


@block
def send(clk, rst, wants, heads, link, grant):
    """Sends for one of the inputs that want this output: the next one after the last that was served."""
    last, choice = [Signal(intbv(0, min=0, max=5)) for i in range(2)]

    @always_comb
    def arbitrate():
        best = intbv(0, min=0, max=5)
        for i in downrange(10):
            if wants[i % 5] and i > last:
                best[:] = i % 5
        choice.next = best
        link.packet.next = heads[best]
        link.valid.next = wants != 0
        grant.next = 0
        if wants != 0 and link.ready:
            grant.next[best] = 1

    @always_seq(clk.posedge, reset=rst)
    def remember():
        if grant != 0:
            last.next = choice

    return arbitrate, remember


@block
def router(clk, rst, x, y, arriving, leaving):
    heads = [Signal(intbv(0)[16:]) for i in range(5)]
    wanted, grant = [[Signal(intbv(0)[5:]) for i in range(5)] for k in range(2)]
    wants = [ConcatSignal(*[wanted[i](o) for i in reversed(range(5))]) for o in range(5)]
    grants = [ConcatSignal(*[grant[o](i) for o in reversed(range(5))]) for i in range(5)]
    inputs = [receive(clk, rst, x, y, arriving[i], grants[i], heads[i], wanted[i]) for i in range(5)]
    outputs = [send(clk, rst, wants[o], heads, leaving[o], grant[o]) for o in range(5)]
    return inputs, outputs


@block
def node(clk, rst, source, sink, sum_in, sum_out):
    @always_comb
    def put():
        source.valid.next = source.packet[3]
        sink.ready.next = 1

    @always_seq(clk.posedge, reset=rst)
    def lfsr():
        if source.ready:
            source.packet.next = concat(source.packet[15:], source.packet[15] ^ source.packet[13]
                                        ^ source.packet[12] ^ source.packet[10])

    @always_comb
    def get():
        sum_out.next = sum_in
        if sink.valid:
            sum_out.next = concat(sum_in[31:], sum_in[31]) ^ sink.packet

    return put, lfsr, get


@block
def dut(clk, rst, checksum):
    leaving = [[Link() for side in range(5)] for n in range(NODES)]
    # What would leave the mesh is wired to the other side; no packet goes there.
    arriving = [[Link(0xCE1 + 4096 * n), leaving[n - SIZE][SOUTH], leaving[(n + 1) % NODES][WEST],
                 leaving[(n + SIZE) % NODES][NORTH], leaving[n - 1][EAST]] for n in range(NODES)]
    routers = [router(clk, rst, n % SIZE, n // SIZE, arriving[n], leaving[n]) for n in range(NODES)]
    sums = [checksum] + [Signal(intbv(0)[32:]) for n in range(NODES)]
    nodes = [node(clk, rst, arriving[n][LOCAL], leaving[n][LOCAL], sums[n], sums[n + 1]) for n in range(NODES)]
    total = sums[NODES]

    @always_seq(clk.posedge, reset=rst)
    def collect():
        checksum.next = total

    return routers, nodes, collect


@block
def bench(n_cycles):
    clk = Signal(bool(0))
    rst = ResetSignal(1, active=1, isasync=False)
    checksum = Signal(intbv(0)[32:])
    top = dut(clk, rst, checksum)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        yield clk.posedge
        yield clk.posedge
        rst.next = 0
        for i in range(n_cycles):
            yield clk.posedge
        print("checksum %08x" % int(checksum))
        raise StopSimulation

    return top, clock, stimulus


if __name__ == "__main__":
    bench(int(sys.argv[1]) if len(sys.argv) > 1 else 1000).run_sim(quiet=1)
