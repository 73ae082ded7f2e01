"""A UART: a transmitter and a receiver, each with its own state machine and bit timer."""

from myhdl import *

#: Clock cycles for one bit.
DIVISOR = 8

t_tx = enum("IDLE", "START", "DATA", "STOP")
t_rx = enum("WAIT", "START", "DATA", "STOP")


@block
def transmitter(clk, rst, start, data, busy, line):
    """Send a start bit, eight data bits, the lowest first, and a stop bit."""
    state = Signal(t_tx.IDLE)
    shift = Signal(intbv(0)[8:])
    bit = Signal(intbv(0, min=0, max=8))
    timer = Signal(intbv(0, min=0, max=DIVISOR))

    @always_comb
    def status():
        busy.next = state != t_tx.IDLE

    @always_seq(clk.posedge, reset=rst)
    def send():
        """The transmitter's state machine; it moves on when the bit timer has run out."""
        if state == t_tx.IDLE:
            timer.next = 0
            if start:
                shift.next = data
                line.next = 0
                state.next = t_tx.START
        elif timer != DIVISOR - 1:
            timer.next = timer + 1
        else:
            timer.next = 0
            if state == t_tx.START:
                line.next = shift[0]
                bit.next = 0
                state.next = t_tx.DATA
            elif state == t_tx.DATA:
                if bit == 7:
                    line.next = 1
                    state.next = t_tx.STOP
                else:
                    line.next = shift[1]
                    shift.next = shift >> 1
                    bit.next = bit + 1
            else:
                state.next = t_tx.IDLE

    return status, send


@block
def receiver(clk, rst, line, data, valid):
    """Find the start bit, then look at each bit in its middle. valid is high for one cycle after a whole byte."""
    state = Signal(t_rx.WAIT)
    shift = Signal(intbv(0)[8:])
    bit = Signal(intbv(0, min=0, max=8))
    timer = Signal(intbv(0, min=0, max=DIVISOR))

    @always_seq(clk.posedge, reset=rst)
    def receive():
        """The receiver's state machine."""
        valid.next = 0
        if state == t_rx.WAIT:
            timer.next = 0
            if not line:
                state.next = t_rx.START
        elif state == t_rx.START:
            if timer == DIVISOR // 2 - 1:
                timer.next = 0
                bit.next = 0
                if line:
                    state.next = t_rx.WAIT
                else:
                    state.next = t_rx.DATA
            else:
                timer.next = timer + 1
        elif timer != DIVISOR - 1:
            timer.next = timer + 1
        else:
            timer.next = 0
            if state == t_rx.DATA:
                shift.next = concat(line, shift[8:1])
                if bit == 7:
                    state.next = t_rx.STOP
                else:
                    bit.next = bit + 1
            else:
                if line:
                    data.next = shift
                    valid.next = 1
                state.next = t_rx.WAIT

    return receive


@block
def uart(clk, rst, start, tx_data, busy, tx, rx, rx_data, valid):
    """A transmitter and a receiver side by side."""
    sender = transmitter(clk, rst, start, tx_data, busy, tx)
    listener = receiver(clk, rst, rx, rx_data, valid)
    return sender, listener


@block
def bench():
    """Connect the transmitter to the receiver and send a text."""
    text = b"Hello, UART!"
    clk, start, busy, valid = [Signal(bool(0)) for _ in range(4)]
    rst = ResetSignal(1, active=1, isasync=False)
    tx, rx = [Signal(bool(1)) for _ in range(2)]
    tx_data, rx_data = [Signal(intbv(0)[8:]) for _ in range(2)]
    dut = uart(clk, rst, start, tx_data, busy, tx, rx, rx_data, valid)
    received = []

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(tx)
    def loop():
        rx.next = tx

    @always(clk.negedge)
    def listen():
        if valid:
            received.append(int(rx_data))

    @instance
    def stimulus():
        for _ in range(2):
            yield clk.negedge
        rst.next = 0
        for byte in text:
            tx_data.next = byte
            start.next = 1
            yield clk.negedge
            start.next = 0
            yield clk.negedge
            while busy:
                yield clk.negedge
        for _ in range(DIVISOR):
            yield clk.negedge
        print("received %r in %d time steps" % (bytes(received), now()))
        assert bytes(received) == text
        raise StopSimulation

    return dut, clock, loop, listen, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
