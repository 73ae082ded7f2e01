@always_comb
def hold():
    if f:
        a.next = b
    else:
        a.next = a
    z.next = a

@always_comb
def follow():
    if f:
        l.next = b
