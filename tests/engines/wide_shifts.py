"""Shifts, parts and products of numbers of several limbs, by counts that are known only at run time."""
from myhdl import *


@block
def bench():
    value = Signal(intbv(0)[200:])
    signed = Signal(intbv(0, min=-2 ** 130, max=2 ** 130))
    count = Signal(intbv(0)[9:])
    left, right, arithmetic, slice_, product, total = [Signal(modbv(0)[300:]) for i in range(6)]
    bit, less = [Signal(bool(0)) for i in range(2)]
    store = Signal(intbv(0)[260:])

    @always_comb
    def shifts():
        left.next = value << count
        right.next = value >> count
        arithmetic.next = (signed >> count) + 2 ** 140
        slice_.next = concat(value, value)[250:3]
        product.next = value * value
        total.next = value + (value << 64) - signed
        bit.next = value[count[7:]]
        less.next = signed < value

    @instance
    def stimulus():
        for i in range(300):
            count.next = (i * 37) % 512
            if i % 7 == 0:
                count.next = 64 * (i % 5)
            value.next = (value * 6364136223846793005 + i * i * i + 1442695040888963407) % 2 ** 200
            signed.next = (value % 2 ** 131) - 2 ** 130
            store.next[8 + i % 200:i % 200] = i % 256
            store.next[i % 260] = i % 2
            yield delay(1)
            yield delay(1)
            print("%d %x %x %x %x %x %x %d %d %x" % (count, left, right, arithmetic, slice_, product, total,
                                                     bit, less, store))
            assert left == (int(value) << int(count)) % 2 ** 300
            assert right == int(value) >> int(count)
            assert arithmetic == (int(signed) >> int(count)) + 2 ** 140
            assert product == (int(value) * int(value)) % 2 ** 300
        raise StopSimulation

    return shifts, stimulus


bench().run_sim(quiet=1)
