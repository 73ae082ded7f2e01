@always_comb
def wire():
    a.next = b[8:4]
