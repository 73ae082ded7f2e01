"""A traffic light at a pedestrian crossing: a state machine with an enumeration and a timer."""

import sys

from myhdl import *

t_light = enum("GREEN", "YELLOW", "RED", "RED_YELLOW")

GREEN_TIME, YELLOW_TIME, RED_TIME = 6, 2, 5


@block
def traffic(clk, rst, button, light, walk):
    """Cars have green until somebody presses the button; then they wait while pedestrians walk."""
    timer = Signal(intbv(0, min=0, max=8))
    pressed = Signal(bool(0))

    @always_comb
    def pedestrians():
        """Pedestrians walk while the cars have red."""
        walk.next = light == t_light.RED

    @always_seq(clk.posedge, reset=rst)
    def control():
        """The state machine. The timer counts the cycles in the present state."""
        if button:
            pressed.next = 1
        if timer != 7:
            timer.next = timer + 1
        if light == t_light.GREEN:
            if pressed and timer >= GREEN_TIME - 1:
                light.next = t_light.YELLOW
                timer.next = 0
        elif light == t_light.YELLOW:
            if timer == YELLOW_TIME - 1:
                light.next = t_light.RED
                timer.next = 0
        elif light == t_light.RED:
            pressed.next = 0
            if timer == RED_TIME - 1:
                light.next = t_light.RED_YELLOW
                timer.next = 0
        else:
            light.next = t_light.GREEN
            timer.next = 0

    return pedestrians, control


@block
def bench():
    """Press the button twice and follow the light."""
    clk, button, walk = [Signal(bool(0)) for _ in range(3)]
    rst = ResetSignal(1, active=1, isasync=False)
    light = Signal(t_light.GREEN)
    dut = traffic(clk, rst, button, light, walk)
    history = []

    @always(delay(5))
    def clock():
        clk.next = not clk

    @always(light)
    def watch():
        print("time %3d  %s" % (now(), light))
        history.append(str(light))

    @instance
    def stimulus():
        for _ in range(2):
            yield clk.negedge
        rst.next = 0
        for cycle in range(50):
            button.next = cycle in (3, 25)
            yield clk.negedge
            assert walk == (light == t_light.RED)
        assert history == ["YELLOW", "RED", "RED_YELLOW", "GREEN"] * 2
        print("two rounds")
        raise StopSimulation

    return dut, clock, watch, stimulus


if __name__ == "__main__":
    tb = bench()
    if "--trace" in sys.argv:
        tb.config_sim(trace=True, name="traffic")
    tb.run_sim(quiet=1)
