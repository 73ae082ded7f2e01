def count_ones(word):
    """How many bits are set."""
    count = intbv(0, min=0, max=8 + 1)
    for i in range(8):
        if word[i]:
            count[:] = count + 1
    return count

@always_comb
def scan():
    """Find the lowest bit that is set."""
    o.next = 8
    for i in range(8):
        if a[i] == 0:
            continue
        o.next = i
        break

@always_comb
def count():
    l.next = count_ones(a)

@always_comb
def backwards():
    for i in range(8 - 1, -1, -1):
        b.next[8 - 1 - i] = a[i]
