@always_comb
def between():
    """The read stands between two assignments: the last one counts."""
    a.next = 0
    b.next = a
    if c[0]:
        a.next = z
    l.next = a
