def choose(target, first, a, b):
    if first:
        target.next = a
    else:
        target.next = b

def halves(high, low, value):
    low.next = value[4:]
    high.next = value[8:4]

@always_comb
def split():
    """A task that combinational logic calls: its assignments take effect at once."""
    halves(a, b, z)

@always_comb
def pick():
    choose(l, z > m, z, m)

@always(clk.posedge)
def keep():
    choose(x, z > m, z, m)
