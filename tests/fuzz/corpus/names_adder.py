@always_comb
def always():
    a.next = b + 1 & 255
    f.next = not g
    z.next = l ^ 1
