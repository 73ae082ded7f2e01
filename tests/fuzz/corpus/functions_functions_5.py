@always(clk.posedge)
def exchanges():
    x, y = (int(a), int(b))
    x, y = (y, x)
    m.next = (2 * x + y) % 256

@always(clk.posedge)
def chains():
    z.next = (10 < a < 100 <= b) + (1 if a < 10 else 2 if a < 100 else 3) + (4 if 3 == 3 == a else 0)

@always(clk.posedge)
def elements_chosen_before():
    i = int(a) % 2
    total = 0
    for tap in (mem[i], mem[i + 1]):
        i = 3
        total += tap
    d.next = (total + i) % 256
