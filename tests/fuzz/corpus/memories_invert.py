@always_comb
def logic():
    a.next = ~b & 255
