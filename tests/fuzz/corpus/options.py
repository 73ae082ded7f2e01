# other
@always_comb
def signed_things():
    v.next = s * u - (s >> 2)
    ms.next = -s
    q.next = s < a and u // 3 != -2
    wide.next = 1 << c | (a + b) ** 2
    neg.next = -9 if f else neg

@always(clk.posedge)
def registers():
    one.next = 5
    l.next = (l + 1) % 9
    x.next[4:0] = c
    x.next[15] = f ^ g
    for i in range(7, -1, -2):
        d.next[i] = a[i]
    while True:
        break
