def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return high
    return value

def increment(value):
    """One more."""
    return value + 1

@always(clk.posedge)
def step():
    n = 0
    while n < 5:
        n = clamp(increment(n), 0, 5)
    a.next = n
