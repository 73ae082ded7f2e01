@always_comb
def measure():
    n = intbv(0, min=0, max=9)
    while n < 8 and a[n]:
        n[:] = n + 1
    o.next = n

@always_comb
def search():
    place = intbv(0)[4:]
    for i in range(8):
        place[:] = i
        if b[i]:
            break
    z.next = place

@always_comb
def log():
    if c < 5:
        s.next = (3, -1, 4, -1, 5)[c] * b
    else:
        s.next = abs(a - b) - max(a, b)
