@always_seq(clk.posedge, reset=rst)
def control():
    match e:
        case t.IDLE if f:
            e.next = t.RUN
            m.next = 0
        case t.RUN:
            m.next = m + 1
            if m == 5:
                e.next = t.DONE
        case t.DONE:
            e.next = t.IDLE
        case _:
            m.next = 0

@always_comb
def show():
    e_next.next = t.RUN if e == t.RUN else t.DONE
    g.next = (e == t.IDLE) == (e == t.RUN)
