def gather(extra):
    result = a + extra
    if b > a:
        result = b + extra
    return result

def swap():
    l.next = b
    m.next = a

@always_comb
def add():
    d.next = gather(concat(a, b) & 3)

@always_comb
def choose():
    if a > 100:
        z.next = mem[c]
    else:
        z.next = mem[7 - c] ^ a

@always(clk.posedge)
def write():
    mem[c].next = a
    swap()
    if a == 17:
        print('a is', a, 'and b', int(b))
        print('%d %s' % (b, c == 3))
    assert b <= 255, 'out of range'
