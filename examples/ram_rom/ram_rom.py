"""A dual-port RAM, and a ROM made of a tuple."""

from myhdl import *

#: A quarter of a sine wave.
SINE = (0, 25, 50, 74, 98, 120, 142, 162, 180, 197, 212, 225, 236, 244, 250, 254)


@block
def ram(clk, write, write_address, din, read_address, dout, depth=16):
    """A memory with one write port and one read port, both clocked."""
    memory = [Signal(intbv(0)[len(din):]) for _ in range(depth)]

    @always(clk.posedge)
    def write_port():
        if write:
            memory[write_address].next = din

    @always(clk.posedge)
    def read_port():
        """The word that was there before the edge."""
        dout.next = memory[read_address]

    return write_port, read_port


@block
def rom(address, dout, content):
    """A table that never changes."""

    @always_comb
    def read():
        dout.next = content[int(address)]

    return read


@block
def ram_rom(clk, write, write_address, din, read_address, ram_out, rom_out):
    """The RAM and the ROM with a common read address."""
    storage = ram(clk, write, write_address, din, read_address, ram_out)
    table = rom(read_address, rom_out, SINE)
    return storage, table


@block
def bench():
    """Fill the RAM with the ROM's words in reverse order, and read it back."""
    clk, write = [Signal(bool(0)) for _ in range(2)]
    write_address, read_address = [Signal(intbv(0)[4:]) for _ in range(2)]
    din, ram_out, rom_out = [Signal(intbv(0)[8:]) for _ in range(3)]
    dut = ram_rom(clk, write, write_address, din, read_address, ram_out, rom_out)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        yield clk.negedge
        for address in range(16):
            read_address.next = address
            yield delay(1)
            assert rom_out == SINE[address]
            write.next = 1
            write_address.next = 15 - address
            din.next = rom_out
            yield clk.negedge
        write.next = 0
        words = []
        for address in range(16):
            read_address.next = address
            yield clk.negedge
            assert ram_out == SINE[15 - address]
            words.append(int(ram_out))
        print(words)
        # Reading and writing one address in one cycle gives the old word.
        write.next = 1
        write_address.next = 15
        din.next = 99
        yield clk.negedge
        assert ram_out == SINE[0]
        yield clk.negedge
        assert ram_out == 99
        print("read before write")
        raise StopSimulation

    return dut, clock, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
