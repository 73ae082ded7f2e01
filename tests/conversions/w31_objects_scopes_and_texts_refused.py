# refused: PH0301
# All of these are about Python's objects: which one it is, what becomes of it, what its type does with it, how it is
# spelt. Hardware has values only. In a simulation such a process stays in Python.
"""`is`, `with`, `del`, a text as a value, `@`."""

from contextlib import nullcontext

from checking import UNSIGNED, cases, check
from myhdl import Signal, always_comb, block, instance, instances, intbv


class Weights:
    """Something with a meaning of its own for `@`."""

    def __matmul__(self, x):
        return 3 * x


WEIGHTS = Weights()


@block
def objects(x, same, within, deleted, length, product):
    @always_comb
    def identity():
        odd = bool(x[0])
        same.next = odd is True  # PH0301

    @always_comb
    def scope():
        with nullcontext():  # PH0301
            within.next = x

    @always_comb
    def deletion():
        more = x + 1
        deleted.next = more
        del more  # PH0301

    @always_comb
    def text():
        length.next = x * 0 + len(f"{int(x)}")  # PH0301

    @always_comb
    def matrix():
        product.next = x * 0 + WEIGHTS @ x  # PH0301

    @always_comb
    def never_in_python():
        # Not even Python has a meaning for this one, which it never reaches.
        if x > 255:
            unused.next = x @ x  # PH0301

    unused = Signal(intbv(0)[8:])
    return instances()


@block
def bench():
    x, within = [Signal(intbv(0)[8:]) for _ in range(2)]
    same = Signal(bool(0))
    deleted = Signal(intbv(0)[9:])
    length = Signal(intbv(0)[2:])
    product = Signal(intbv(0)[10:])
    dut = objects(x, same, within, deleted, length, product)

    @instance
    def stimulus():
        yield from check(
            (x,),
            cases(UNSIGNED),
            [
                (same, lambda x: x % 2),
                (within, lambda x: x),
                (deleted, lambda x: x + 1),
                (length, lambda x: len(str(x))),
                (product, lambda x: 3 * x),
            ],
        )

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
