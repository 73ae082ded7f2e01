@always_comb
def logic():
    if f:
        break
    z.next = a
