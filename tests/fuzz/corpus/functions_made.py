@always(clk.posedge)
def adds():

    def plus(x):
        return (x + 5) % 256
    m.next = plus(a)
