def clamp(value, low, high):
    if value < low:
        return low
    if value > high:
        return high
    return value

def kind_of(value):
    if value == 0:
        return t.IDLE
    if value < 100:
        return t.RUN
    return t.DONE

def spread(a, b):
    return increment(a) * increment(b)

def increment(value):
    """One more."""
    return value + 1

def weight(value):
    """The number of ones."""
    ones = 0
    for i in range(8):
        if value[i]:
            ones += 1
    return ones

@always_comb
def count():
    copy = intbv(0)[8:]
    copy[:] = a ^ b
    z.next = weight(copy)

@always_comb
def multiply():
    best = 0
    for i in range(4):
        best = spread(i, a & 7)
    l.next = best

@always(clk.posedge)
def register():
    difference = int(a) - int(b)
    s.next = clamp(difference, -20, 20)
    e.next = kind_of(a)
    assert difference < 256, 'a - b is %d, a is %s' % (difference, a)
