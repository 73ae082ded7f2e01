@always_comb
def order():
    if (a > b) != False:
        z.next = b
        l.next = a
    else:
        z.next = a
        l.next = b
