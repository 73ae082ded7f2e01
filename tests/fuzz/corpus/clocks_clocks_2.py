# waits
@always_seq(clk.posedge, reset=None)
def cross():
    c.next = i1

@instance
def loop():
    while True:
        yield clk.negedge
        if l == 3:
            m.next = 0
        else:
            m.next = m + l
