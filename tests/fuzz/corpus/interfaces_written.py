@always(clk.posedge)
def write():
    channels[a % 4].data.next = b

@always(clk.posedge)
def read():
    m.next = channels[b % 4].data
    z.next = any((channel.data == a for channel in channels))
