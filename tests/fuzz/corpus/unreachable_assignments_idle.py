@always(clk.posedge)
def one():
    for i in range(3):
        if (3, 5)[0] == 3:
            break
        a.next = b
    z.next = b
