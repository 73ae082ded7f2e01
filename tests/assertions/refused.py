"""Blocks with one line each that Python refuses for some of the values that the test bench applies.

What the HDL has to say stands behind the line.
"""

import os

from myhdl import *


@block
def bounds_of_a_signal(clk, a, b, q):
    level = Signal(intbv(0, min=0, max=20))

    @always(clk.posedge)
    def add():
        level.next = a + b  # refused: level is outside of 0 to 19

    @always_comb
    def show():
        q.next = level

    return add, show


@block
def below_the_bounds_of_a_signal(clk, a, b, q):
    level = Signal(intbv(0, min=-3, max=20))

    @always(clk.posedge)
    def subtract():
        level.next = a - b  # refused: level is outside of -3 to 19

    @always_comb
    def show():
        q.next = level + 3

    return subtract, show


@block
def bounds_in_combinational_logic(clk, a, b, q):
    level = Signal(intbv(0, min=0, max=20))

    @always_comb
    def add():
        level.next = a + b  # refused: level is outside of 0 to 19

    @always_comb
    def show():
        q.next = level

    return add, show


@block
def a_bool_that_is_neither(clk, a, b, q):
    flag = Signal(bool(0))

    @always(clk.posedge)
    def copy():
        flag.next = a  # refused: flag is not 0 or 1

    @always_comb
    def show():
        q.next = flag

    return copy, show


@block
def bounds_of_a_variable(clk, a, b, q):
    @always(clk.posedge)
    def copy():
        k = intbv(0, min=0, max=12)
        k[:] = a  # refused: k is outside of 0 to 11
        q.next = k

    return copy


@block
def bits_of_a_variable(clk, a, b, q):
    @always(clk.posedge)
    def copy():
        k = intbv(8, min=0, max=12)
        k[2] = a[0]  # refused: k is outside of 0 to 11
        q.next = k

    return copy


@block
def bits_of_a_signal(clk, a, b, q):
    level = Signal(intbv(8, min=0, max=12))

    @always(clk.posedge)
    def copy():
        level.next[2] = a[0]  # refused: level is outside of 0 to 11

    @always_comb
    def show():
        q.next = level

    return copy, show


@block
def a_bit_that_is_not_there(clk, a, b, q):
    @always(clk.posedge)
    def put():
        q.next[a] = 1  # refused: the bit of q is above its 8 bits

    return put


@block
def too_much_for_a_slice(clk, a, b, q):
    @always(clk.posedge)
    def put():
        q.next[3:0] = a  # refused: a value for 3 bits of q is outside of 0 to 7

    return put


@block
def index_of_a_memory(clk, a, b, q):
    mem = [Signal(intbv(i)[8:]) for i in range(10)]

    @always(clk.posedge)
    def write():
        mem[0].next = b

    @always(clk.posedge)
    def read():
        q.next = mem[a]  # refused: the index of mem is outside of 0 to 9

    return write, read


@block
def index_of_a_memory_that_is_written(clk, a, b, q):
    mem = [Signal(intbv(i)[8:]) for i in range(10)]

    @always(clk.posedge)
    def write():
        mem[a].next = b  # refused: the index of mem is outside of 0 to 9

    @always_comb
    def read():
        q.next = mem[3]

    return write, read


@block
def index_of_a_table(clk, a, b, q):
    primes = (2, 3, 5, 7, 11)

    @always_comb
    def look_up():
        q.next = primes[a]  # refused: the index of primes is outside of 0 to 4

    return look_up


@block
def division_by_zero(clk, a, b, q):
    @always(clk.posedge)
    def divide():
        q.next = a // b  # refused: division by zero

    return divide


@block
def remainder_of_zero(clk, a, b, q):
    @always_comb
    def divide():
        q.next = a % b  # refused: division by zero

    return divide


@block
def negative_shift(clk, a, b, q):
    @always(clk.posedge)
    def shift():
        q.next = a >> (b - 2)  # refused: the shift amount is negative

    return shift


@block
def assertion_of_the_author(clk, a, b, q):
    @always(clk.posedge)
    def add():
        assert a != 14, "fourteen"  # refused: fourteen
        q.next = a + b

    return add


@block
def inside_a_function(clk, a, b, q):
    def share(x, y):
        return x // (y - 3)  # refused: division by zero

    @always(clk.posedge)
    def divide():
        if b > 2:
            q.next = share(a, b)

    return divide


@block
def inside_a_task(clk, a, b, q):
    level = Signal(intbv(0, min=0, max=20))

    def put(value):
        level.next = value  # refused: level is outside of 0 to 19

    @always(clk.posedge)
    def add():
        put(a + b)

    @always_comb
    def show():
        q.next = level

    return add, show


@block
def behind_guards_that_let_one_value_through(clk, a, b, q):
    @always(clk.posedge)
    def divide():
        if a == 0 or b == 0:
            q.next = 0
        elif b > 9 and a // (b - 12) > 2:  # refused: division by zero
            q.next = 1

    return divide


@block
def in_one_arm_of_a_choice(clk, a, b, q):
    @always_comb
    def divide():
        q.next = a // (b - 7) if b > 5 and a > 8 else 0  # refused: q is outside of 0 to 255

    return divide


@block
def in_the_condition_of_a_loop(clk, a, b, q):
    @always(clk.posedge)
    def count():
        n = 0
        while n < a and 60 // (b - n) > 0:  # refused: division by zero
            n = n + 1
        q.next = n

    return count


@block
def bench():
    clk = Signal(bool(0))
    a, b = [Signal(intbv(0)[4:]) for _ in range(2)]
    q = Signal(intbv(0)[8:])
    dut = globals()[os.environ["DUT"]](clk, a, b, q)

    @instance
    def stimulus():
        for i in range(256):
            a.next = i >> 4
            b.next = i & 15
            yield delay(5)
            clk.next = 1
            yield delay(5)
            clk.next = 0

    return dut, stimulus
