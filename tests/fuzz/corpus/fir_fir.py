@always_comb
def output():
    s.next = v
