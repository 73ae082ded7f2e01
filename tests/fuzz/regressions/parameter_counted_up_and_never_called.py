def least(x, n):
    return x ^ n

def most(x, n):
    n += 1
    return (least(x, n * 2) + least(x, n * 2 + 1)) % 256

@always_comb
def p1():
    w.next = (most(a, 5) + most(least, 6)) % 256
