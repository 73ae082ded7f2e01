def push(self, value):
    self.data.next = value
    self.valid.next = True

def level_of(self, scale=3):
    return self.level * scale

@always_seq(clk.posedge, reset=rst_a)
def drive():
    bus.valid.next = False
    if f:
        bus.push(a)
    bus.addr.next = (bus.addr + 1) % bus.size

@always_comb
def read():
    v.next = bus.level_of(2) + bus.store[bus.addr[2:]]

@always(clk.negedge)
def keep():
    bus.store[a[2:]].next = b
    bus.level.next = max(-20, min(20, s))
