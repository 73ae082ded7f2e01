@always(clk.posedge)
def own_scope():
    i = 7
    total = sum((i for i in range(4)))
    m.next = total + i

@always(clk.posedge)
def limits():
    z.next = 3 + 1 if a > 200 else sum([]) + any([]) + all([])

@always(clk.posedge)
def rows():
    total = 0
    for i, row in enumerate(TABLE):
        for k in row:
            total += k * mem[i]
    x.next = (total + TABLE[1][0]) % 256
