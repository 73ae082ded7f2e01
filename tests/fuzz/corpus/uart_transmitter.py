@always_comb
def status():
    f.next = e != t.IDLE

@always_seq(clk.posedge, reset=rst)
def send():
    """The transmitter's state machine; it moves on when the bit timer has run out."""
    if e == t.IDLE:
        c.next = 0
        if g:
            a.next = b
            h.next = 0
            e.next = t.RUN
    elif c != 8 - 1:
        c.next = c + 1
    else:
        c.next = 0
        if e == t.RUN:
            h.next = a[0]
            i1.next = 0
            e.next = t.DONE
        elif e == t.DONE:
            if i1 == 7:
                h.next = 1
                e.next = t.IDLE
            else:
                h.next = a[1]
                a.next = a >> 1
                i1.next = i1 + 1
        else:
            e.next = t.IDLE
