@always(clk.posedge)
def follow():
    if e == t.RUN:
        e_next.next = t.RUN
    elif e != t.IDLE:
        e_next.next = t.DONE
    else:
        e_next.next = t.IDLE
