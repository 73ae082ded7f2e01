@always(clk.posedge)
def shift():
    mem[0].next = a
    for now, before in zip(mem[1:], mem):
        now.next = before

@always(clk.posedge)
def sums():
    m.next = sum(mem) % 256
    z.next = sum((tap * k for tap, k in zip(mem, (1, 3, 5, 7)))) % 256
    x.next = sum((a[i] for i in range(8))) + sum((f, a > 5, b > 5))
    d.next = sum(mem[1:3], 7) % 256
    m10.next = sum((tap for tap in mem if tap > b)) % 256
    m3.next = sum((1 for i in range(8) if a[i] if i % 2))

@always(clk.posedge)
def truths():
    ms.next = any((a[i] for i in range(0, 8, 3)))
    w.next = all((tap > 3 for tap in mem))
    wide.next = any((tap == b for tap in mem)) or all([f, a > 3])
    v.next = all((tap > 20 for tap in mem if tap > 10))
    s.next = any((x == y + 1 for x in mem for y in mem))
