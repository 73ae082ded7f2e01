def largest(values, n=4):
    best = intbv(0)[8:]
    for i in range(n):
        if values[i] > best:
            best[:] = values[i]
    return best

@always_comb
def sums():
    total = 0
    for i, (tap, k) in enumerate(zip(mem, COEFFS)):
        total += tap * k
    parts = [tap + 1 for tap in mem[:4]]
    parts[c % 4] = 7
    v.next = (sum(parts) + total) % 100
    q.next = any(x > 3 for x in mem) and all(flags)
    z.next = max(mem5) if largest(mem) == 3 else min(a, b, 5)

@always(clk.posedge)
def chain():
    for now, before in zip(mem[1:], mem):
        now.next = before
    mem[0].next = alone[0]
    for item in reversed(mem5):
        if item == a:
            u.next = -1
            break
    else:
        u.next = 1
    x.next, d.next = divmod(int(a) * b, 7)
