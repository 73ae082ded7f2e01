@always_seq(clk.posedge, reset=rst)
def control():
    """Fetch and execute."""
    f.next = 0
    if e == t.IDLE:
        a.next = d[12:8]
        b.next = d[8:]
        e.next = t.RUN
    elif e == t.RUN:
        e.next = t.IDLE
        if a != 0:
            o.next = o + 1
        if a == 1:
            m.next = z
        elif a == 3:
            m.next = m + z
        elif a == 4:
            m.next = m - z
        elif a == 5:
            m.next = b
        elif a == 6:
            o.next = b
        elif a == 7:
            if m == 0:
                o.next = b
        elif a == 8:
            x.next = m
            f.next = 1
        elif a == 0:
            e.next = t.DONE
