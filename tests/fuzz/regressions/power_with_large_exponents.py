@always_comb
def logic():
    z.next = (a ** (60 + c)) % 256
