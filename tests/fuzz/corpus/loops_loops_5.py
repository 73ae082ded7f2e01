@always(clk.posedge)
def rebinds():
    total = 0
    for k in (1, 2, 3):
        k = k + int(a)
        total += k
    m.next = total % 256

@always(clk.posedge)
def one_name_in_several_loops():
    total = 0
    for i in range(4):
        total += i
    for i, tap in enumerate(mem):
        total += i * tap
    for i in range(2):
        total += i
    z.next = (total + i) % 256

@always(clk.posedge)
def over_bits():
    total = 0
    v = intbv(int(a))[8:]
    for bit in v:
        total = total * 3 + bit
    x.next = total % 256
