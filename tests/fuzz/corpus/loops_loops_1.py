@always(clk.posedge)
def shift():
    mem5[0].next = a
    for now, before in zip(mem5[1:], mem5):
        now.next = before

@always(clk.posedge)
def swap():
    for x, y in zip(mem, reversed(mem)):
        x.next = (y + b) % 256

@always(clk.posedge)
def over_list():
    total = 0
    for tap in mem:
        total = total + tap
    m.next = total % 256
