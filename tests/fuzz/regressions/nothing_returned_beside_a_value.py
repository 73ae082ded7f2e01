def pick(left, right):
    if left > right:
        return left
    return None

@always_comb
def compare():
    z.next = pick(a, b)
