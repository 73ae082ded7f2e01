@always(clk.posedge)
def fill():
    for i, channel in enumerate(channels):
        channel.data.next = (a + i * 17) % 256
        channel.valid.next = a[i]

@always(clk.posedge)
def move():
    for row, column in zip(grid, range(3)):
        row[0].next = (row[1] + column) % 256
        row[1].next = a

@always(clk.posedge)
def each():
    total = 0
    for channel in channels:
        if channel.valid:
            total += channel.data
    m.next = total % 256
