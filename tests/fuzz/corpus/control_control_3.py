@always_comb
def classify():
    match a:
        case 0:
            c.next = 0
        case 1 | 2 | 4 | 8 | 16 | 32 | 64 | 128:
            c.next = 1
        case 255:
            c.next = 2
        case _:
            c.next = 3

@always_seq(clk.posedge, reset=rst_n)
def accumulate():
    if a == 7:
        return
    m.next = m + 1
    if d + a > 1000:
        d.next = 0
    else:
        d.next = d + a
