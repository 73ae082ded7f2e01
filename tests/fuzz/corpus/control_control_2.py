def clip(value, top):
    if value > top:
        return top
    return value

@always_comb
def even():
    result = bool(0)
    for i in range(0, 8, 2):
        result = result ^ a[i]
    f.next = result

@always_comb
def middle():
    low = a[4:]
    high = a[8:4]
    if low < high:
        b.next = high
    else:
        b.next = low

@always_comb
def clipped():
    z.next = clip(a, l)
