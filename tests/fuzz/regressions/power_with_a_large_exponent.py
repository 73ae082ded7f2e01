@always_comb
def p1():
    z.next = (a ** 4096) % 256
