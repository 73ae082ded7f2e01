@always(clk.posedge)
def speak():
    a.next = b
    print('{:>5d}|{:<4d}|{:03x}|{{}}'.format(int(b), int(z), int(b)))
    print('{1} {0} {name}'.format(b, f, name=z))
    print(f'{int(b):5d}|{int(z):08b}|{b}', '%d %s' % (b, z), sep='; ', end='.\n')
    print('at', now(), f'{now():6d}')
    for name, bit in zip(NAMES, (b[0], b[1], z[2])):
        print(name, bit)
