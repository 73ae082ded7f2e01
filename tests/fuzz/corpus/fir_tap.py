@always_seq(clk.posedge, reset=rst)
def accumulate():
    s.next = v + u * 7
