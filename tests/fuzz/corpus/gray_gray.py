@always_comb
def encode():
    """Each bit is the exclusive or of two neighbouring bits."""
    a.next = b >> 1 ^ b
