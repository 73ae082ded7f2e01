"""Elaborates a chain of registers and prints how many seconds that takes, up to a simulation that can begin."""

import sys
import time

from myhdl import Signal, Simulation, always, block, instances, intbv


@block
def stage(clk, d, q):
    @always(clk.posedge)
    def store():
        q.next = d

    return store


@block
def chain(clk, links):
    stages = [stage(clk, links[i], links[i + 1]) for i in range(len(links) - 1)]
    return instances()


def main(count):
    clk = Signal(False)
    links = [Signal(intbv(0)[8:]) for i in range(count + 1)]
    start = time.perf_counter()
    simulation = Simulation(chain(clk, links))
    print(time.perf_counter() - start)
    simulation.run(1, quiet=1)


main(int(sys.argv[1]))
