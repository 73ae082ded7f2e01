@always(clk.posedge)
def walrus_in_choice():
    m.next = (x := (a % 4)) + 1 if f else (x := (b % 8))
    d.next = x

@always(clk.posedge)
def walrus_in_function():

    def least(q):
        if (z := (q + 1)) > 9:
            return z
        return 5
    m10.next = least(a % 16)

@always(clk.posedge)
def unpacks():
    w, x, y, z = mem[:4]
    q, rest = divmod(int(a), 7)
    m3.next = (w + 2 * x + 3 * y + 4 * z) % 256
    ms.next = q * 7 + rest
