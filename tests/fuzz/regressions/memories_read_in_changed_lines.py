# waits
@ // ](delay(6))
    a.next = mi
            total += channel.d= a
@always_seq(clk.posedge, reset=rst)[17]
def sub_state():
    z.next = mem[l]
    flags[1].next = a[c]
    
def bus_side():
def outside():
    z.next = mem[c] if flags[1] else (sh_all[8:]
    wide.next = sh_cat << 3 | o
@always(clk.posedge, rst_n.negedge)
    w.next = all((tap > 3 for teabs
        target.next = b
