"""CRC-32 as Ethernet and ZIP use it, one byte at each clock edge."""

import zlib

from myhdl import *

#: The polynomial, lowest power first.
POLYNOMIAL = 0xEDB88320


@block
def crc32(clk, rst, valid, data, crc):
    """Take a byte at each clock edge at which valid is high; crc is the checksum of all bytes so far."""
    state = Signal(intbv(0xFFFFFFFF)[32:])

    @always_seq(clk.posedge, reset=rst)
    def divide():
        """Eight steps of the polynomial division."""
        if valid:
            remainder = intbv(0)[32:]
            remainder[:] = state ^ data
            for _ in range(8):
                if remainder[0]:
                    remainder[:] = (remainder >> 1) ^ POLYNOMIAL
                else:
                    remainder[:] = remainder >> 1
            state.next = remainder

    @always_comb
    def output():
        crc.next = ~state

    return divide, output


@block
def bench():
    """Compare with zlib after every byte."""
    text = b"The quick brown fox jumps over the lazy dog"
    clk, valid = [Signal(bool(0)) for _ in range(2)]
    rst = ResetSignal(1, active=1, isasync=False)
    data = Signal(intbv(0)[8:])
    crc = Signal(intbv(0)[32:])
    dut = crc32(clk, rst, valid, data, crc)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for _ in range(2):
            yield clk.negedge
        rst.next = 0
        for count, byte in enumerate(text):
            data.next = byte
            valid.next = 1
            yield clk.negedge
            assert crc == zlib.crc32(text[: count + 1])
            valid.next = 0
            if count % 5 == 0:
                yield clk.negedge
        print("crc32 of %d bytes: %08x" % (len(text), crc))
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
