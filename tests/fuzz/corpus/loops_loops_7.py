@always(clk.posedge)
def while_or_else():
    i = 0
    while i < 4:
        if a[i]:
            break
        i += 1
    else:
        i = 9
    m.next = i

@always(clk.posedge)
def over_states():
    total = 0
    state = t.RUN if f else t.DONE
    for weight, literal in zip((2, 3, 5, 7), (t.IDLE, t.RUN, t.DONE)):
        if state == literal:
            total += weight
    z.next = total
