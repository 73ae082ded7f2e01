"""What processes print."""

from myhdl import Signal, StopSimulation, always, block, delay, instance, instances, intbv, now

NAMES = ("zero", "one", "two", "three")


@block
def prints(clk, a, b, c, y):
    @always(clk.posedge)
    def speak():
        y.next = a
        print("{:>5d}|{:<4d}|{:03x}|{{}}".format(int(a), int(b), int(a)))
        print("{1} {0} {name}".format(a, c, name=b))
        print(f"{int(a):5d}|{int(b):08b}|{a}", "%d %s" % (a, b), sep="; ", end=".\n")
        print("at", now(), f"{now():6d}")
        for name, bit in zip(NAMES, (a[0], a[1], b[2])):
            print(name, bit)

    return instances()


@block
def bench():
    clk, c = Signal(False), Signal(False)
    a, b, y = (Signal(intbv(0)[8:]) for _ in range(3))
    dut = prints(clk, a, b, c, y)

    @instance
    def values():
        for i in range(24):
            a.next = (i * 37 + 5) % 256
            b.next = (i * 91 + 50) % 256
            c.next = i % 3 == 0
            yield delay(5)
            clk.next = True
            yield delay(5)
            clk.next = False
        raise StopSimulation

    return dut, values


if __name__ == "__main__":
    bench().run_sim(quiet=1)
