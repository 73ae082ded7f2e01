@always_comb
def sums():
    a.next = b + z >> 1
    s.next = b + v
    f.next = v < b

@always_comb
def divisions():
    if u != 0:
        odd.next = v // u
        m.next = v % u
    else:
        odd.next = 0
        m.next = 0

@always_comb
def others():
    x.next = v - z >> 3
    d.next = b * v
    w.next = -v
    m10.next = b - z - 1
