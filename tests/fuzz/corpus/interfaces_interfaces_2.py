@always(clk.posedge)
def one():
    m.next = channels[1].data
    z.next = (channels[0].data + 11 + 8) % 256

@always(clk.posedge)
def chosen():
    x.next = channels[a % 3].data

@always(clk.posedge)
def counted():
    total = 0
    for i in range(3):
        total += channels[i].data
    d.next = total % 256
