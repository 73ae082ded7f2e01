@always(clk.posedge)
def renamed():
    first = channels[0]
    rest = channels[1:]
    m.next = (first.data + sum((channel.data for channel in rest))) % 256

@always(clk.posedge)
def row_of():
    z.next = grid[a % 3][1]

@always(clk.posedge)
def all_of():
    x.next = sum((cell for row in grid for cell in row)) % 256
