@always_comb
def add():
    w.next = 2147483618 + a
    wide.next = 2147483647 - 1 + a
    m.next = a + (1 << 30) & 4294967295
    wide.next = v + 2147483648
    w.next = 4294967295 - a if v < -2147483600 else 1073741824 - a
