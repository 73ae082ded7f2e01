@always_comb
def read_memory():
    a.next = mem[b[3:]]

@always_comb
def status():
    f.next = e == t.DONE

@always(clk.posedge)
def write_memory():
    """The data memory's write port."""
    if e == t.RUN and z == 2:
        mem[b[3:]].next = m
