def average(p, q):
    total = p + q
    return total // 2

@always_comb
def sub_logic():
    w.next = concat(a, b, x)
    q.next = sh_bit ^ (sh_low == 3)

@always_seq(clk.posedge, reset=rst)
def sub_state():
    mem[c].next = average(a, b)
    flags[1].next = a[c]

@always_comb
def outside():
    z.next = mem[c] if flags[1] else sh_all[8:]
    wide.next = sh_cat << 3 | o

@always(clk.posedge, rst_n.negedge)
def bus_side():
    drv.next = a
    d.next = tri
    if not rst_n:
        drv.next = None
