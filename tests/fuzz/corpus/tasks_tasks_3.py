@always_comb
def final():
    a.next = min(b, z, c) + (1 if b > z else 2)
