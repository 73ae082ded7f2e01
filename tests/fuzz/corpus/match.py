@always_comb
def decode():
    match e:
        case t.IDLE | t.RUN:
            z.next = TABLE[1][0]
        case _:
            z.next = 0
    match a:
        case 0 | 1:
            x.next = ROM[a[3:]]
        case 0x20 if f:
            x.next = 3
        case intbv(5):
            x.next = HUGE % 17
        case _:
            x.next = SROM[a % 3] + 9

@always_seq(clk.negedge, reset=rst_n)
def steps():
    if eh == hot.A:
        eh.next = hot.C
    elif eh == hot.C and not g:
        eh.next = hot.E
    else:
        eh.next = hot.A
    odd.next = odd + 1 if odd < 99 else -3
    m10.next = m10 + 7
    m3.next = m3 - 1
