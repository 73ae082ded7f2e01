@always(clk.posedge)
def backwards():
    total = 0
    for tap in reversed(mem):
        total = total * 2 ^ tap
    for tap in mem[::-1]:
        total = total * 2 ^ tap
    for tap in mem[-3:-1]:
        total = total * 2 ^ tap
    m.next = total % 256

@always(clk.posedge)
def leaves():
    z.next = 99
    for i, tap in enumerate(mem):
        if tap > a:
            z.next = i
            break

@always(clk.posedge)
def leaves_or_else():
    for i, tap in enumerate(mem):
        if tap[0] and tap > a:
            x.next = i
            break
    else:
        x.next = 77
