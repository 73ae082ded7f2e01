@always_comb
def pedestrians():
    """Pedestrians walk while the cars have red."""
    f.next = e == t.DONE

@always_seq(clk.posedge, reset=rst)
def control():
    """The state machine. The timer counts the cycles in the present state."""
    if g:
        h.next = 1
    if c != 7:
        c.next = c + 1
    if e == t.IDLE:
        if h and c >= 6 - 1:
            e.next = t.RUN
            c.next = 0
    elif e == t.RUN:
        if c == 2 - 1:
            e.next = t.DONE
            c.next = 0
    elif e == t.DONE:
        h.next = 0
        if c == 5 - 1:
            e.next = t.IDLE
            c.next = 0
    else:
        e.next = t.IDLE
        c.next = 0
