@always_seq(clk.posedge, reset=rst)
def receive():
    """The receiver's state machine."""
    f.next = 0
    if e == t.IDLE:
        c.next = 0
        if not g:
            e.next = t.RUN
    elif e == t.RUN:
        if c == 8 // 2 - 1:
            c.next = 0
            i1.next = 0
            if g:
                e.next = t.IDLE
            else:
                e.next = t.DONE
        else:
            c.next = c + 1
    elif c != 8 - 1:
        c.next = c + 1
    else:
        c.next = 0
        if e == t.DONE:
            a.next = concat(g, a[8:1])
            if i1 == 7:
                e.next = t.IDLE
            else:
                i1.next = i1 + 1
        else:
            if g:
                b.next = a
                f.next = 1
            e.next = t.IDLE
