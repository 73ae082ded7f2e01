@always_seq(clk.posedge, reset=rst)
def count():
    m.next = m + 1
    ms.next = ms - a
    m3.next = m3 + 7 * a
    z.next = z + 100

@always(clk.posedge)
def store():
    mem[c].next = m + a
    b.next = mem[c]

@always_comb
def turn():
    angle = modbv(0, min=-180, max=180)
    angle[:] = 20 * a + m3
    s.next = angle
