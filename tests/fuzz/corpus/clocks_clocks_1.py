@always(clk.posedge)
def up():
    c.next = i1

@always(clk.negedge)
def down():
    a.next = i1 + c

@always(clk.posedge, clk2.negedge)
def hand():
    if not clk2:
        m.next = 9
    else:
        m.next = m + 1
