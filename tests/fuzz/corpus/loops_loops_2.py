@always(clk.posedge)
def with_enumerate():
    total = 0
    for i, tap in enumerate(mem, 1):
        total = total + i * tap
    m.next = total % 256

@always(clk.posedge)
def with_zip():
    total = 0
    for tap, weight in zip(mem, (2, 3, 5, 7)):
        total += tap * weight
    z.next = total % 256

@always(clk.posedge)
def enumerated_pairs():
    total = 0
    for i, (x, y) in enumerate(zip(mem, mem)):
        if i % 2:
            total += x * y
        else:
            total -= x
    d.next = total % 256
