"""A memory inside a process has as many words as an expression says."""

from checking import BITS, UNSIGNED, cases, check_clocked
from myhdl import Signal, block, instance, intbv

M = 8


@block
def memories(clk, write, place, x, product, power, sum_):
    words = 3
    width = len(x)

    @instance
    def of_a_product():
        ram = [intbv(0)[8:] for i in range(M * 2)]
        while True:
            yield clk.posedge
            product.next = ram[place]
            if write:
                ram[place][:] = x

    @instance
    def of_a_power():
        ram = [intbv(0)[width:] for i in range(2 ** (words + 1))]
        while True:
            yield clk.posedge
            if write:
                ram[place][:] = x
            power.next = ram[15 - place]

    @instance
    def of_a_sum():
        ram = [intbv(0)[8:] for i in range(M + words - 1)]
        while True:
            yield clk.posedge
            if place < M + words - 1:
                sum_.next = ram[place]
                ram[place][:] = x

    return of_a_product, of_a_power, of_a_sum


def model(values):
    first, second, third = [0] * 16, [0] * 16, [0] * 10
    sum_ = 0
    for write, place, x in values:
        product = first[place]
        if write:
            first[place] = second[place] = x
        if place < 10:
            sum_, third[place] = third[place], x
        yield product, second[15 - place], sum_


@block
def bench():
    clk, write = [Signal(bool(0)) for _ in range(2)]
    place = Signal(intbv(0)[4:])
    x, product, power, sum_ = [Signal(intbv(0)[8:]) for _ in range(4)]
    dut = memories(clk, write, place, x, product, power, sum_)

    @instance
    def stimulus():
        values = cases(BITS, range(16), UNSIGNED)
        yield from check_clocked(clk, (write, place, x), values, (product, power, sum_), model)

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
