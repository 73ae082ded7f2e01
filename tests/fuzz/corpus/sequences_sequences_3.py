@always(clk.posedge)
def lists():
    pair = [int(a) % 16, int(b) % 16]
    if pair[0] > pair[1]:
        pair[0], pair[1] = (pair[1], pair[0])
    m.next = pair[0] * 16 + pair[1]

@always(clk.posedge)
def counters():
    counts = [0] * 2
    for i in range(8):
        counts[int(a[i])] += 1
    z.next = counts[0] * 16 + counts[1]

@always(clk.posedge)
def chosen():
    sums = [tap + 1 for tap in mem]
    x.next = sums[a[2:]] % 256
