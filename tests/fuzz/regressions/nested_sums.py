@always_comb
def p1():
    z.next = sum(sum(sum(sum(sum(sum(x + y for x in mem) for y in mem) for u in mem) for v in mem) for p in mem) for q in mem) % 256
