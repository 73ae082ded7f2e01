@always_comb
def wire():
    a.next = b
