@always(clk.posedge)
def goes_on():
    total = 0
    for tap in mem:
        if tap[0]:
            continue
        total += tap
    m.next = total % 256

@always(clk.posedge)
def nested():
    total = 0
    for x in mem:
        for y in mem:
            if x == y:
                break
            total += 1
        if total > 6:
            break
    z.next = total

@always(clk.posedge)
def over_values():
    v = int(a)
    total = 0
    for k in (v, v + 1, 3):
        v = k * 2
        total += v
    d.next = total % 256
