@always_seq(clk.posedge, reset=rst)
def multiply():
    s.next = v * -3
