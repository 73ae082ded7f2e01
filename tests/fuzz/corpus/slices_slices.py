@always_comb
def read():
    a.next = d[4:]
    b.next = d[12:4]
    f.next = d[z]
    l.next = m ^ d[16:12] ^ 5

@always_comb
def join():
    x.next = concat(d[8:], d[16:8])
    w.next = (d << 3)[16:] | d >> z

@always(clk.posedge)
def write():
    wide.next[z] = v[0]
    wide.next[20:16] = v
    wide.next[21] = d > 1000
