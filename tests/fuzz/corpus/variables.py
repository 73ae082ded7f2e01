@always(clk.posedge)
def counts():
    global kept, kept_flag
    if kept_flag:
        kept = (kept + 1) % 16
        MASK[3:] = kept % 8
    kept_flag = not kept_flag
    z.next = kept

@always_comb
def masked():
    low = intbv(a & 0x5a)[4:]
    signed = intbv(0, min=-8, max=8)
    signed[:] = u if f else SMASK
    low[2:0] = signed[2:]
    low[3] = signed < 0
    x.next = concat(low, signed[4:], True, a[3])
    if (n := a + b) > 255:
        v.next = -n
    else:
        v.next = ~n
