@always_comb
def forwards():
    """Each value is there before it is read."""
    a.next = b ^ z
    l.next = a + 1 if a < 255 else 0
    m.next = l

@always_comb
def backwards():
    """Each value is read before it is there."""
    x.next = d
    d.next = w
    w.next = b & z

@always_comb
def branches():
    if c == 1:
        wide.next = b
    elif c == 2:
        wide.next = z
    else:
        wide.next = 0
    v.next = wide
    if wide > 100:
        s.next = wide - 100
    else:
        s.next = 0
