"""A Gray encoder of any width."""

from myhdl import *


@block
def gray(binary, code):
    """Encode a binary number so that neighbouring numbers differ in one bit."""

    @always_comb
    def encode():
        """Each bit is the exclusive or of two neighbouring bits."""
        code.next = (binary >> 1) ^ binary

    return encode


@block
def bench(width=5):
    """Go through all numbers and look at how many bits change from one code to the next."""
    binary, code = [Signal(intbv(0)[width:]) for _ in range(2)]
    dut = gray(binary, code)

    @instance
    def stimulus():
        seen = set()
        before = None
        for number in range(2**width):
            binary.next = number
            yield delay(10)
            print("%2d  %s  %s" % (number, bin(binary, width), bin(code, width)))
            assert int(code) not in seen
            seen.add(int(code))
            if before is not None:
                assert bin(before ^ int(code), width).count("1") == 1
            before = int(code)
        print(len(seen), "different codes")

    return dut, stimulus


if __name__ == "__main__":
    bench().run_sim(quiet=1)
