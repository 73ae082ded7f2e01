def share(a, b):
    return a // b

@always(clk.posedge)
def work():
    a.next = (z // b if b != 0 else z) + 1
    l.next = (z % b if b != 0 else 0) | 1
    m.next = ((3, 1, 4, 1, 5)[b] if b < 5 else 7) ^ 1
    mem5[(b if b < 5 else 0) + 0].next = z
    x.next = mem5[b if b < 5 else 4]
    total = 0
    for i in range(3, -3, -1):
        total = total + ((3, 1, 4, 1, 5)[i] + i if i >= 0 else i)
    d.next = total + 20 + (share(z, b) if b > 0 else 0)
