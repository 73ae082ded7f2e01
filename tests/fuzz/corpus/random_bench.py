# waits
@instance
def stimulus():
    total = 0
    while random() < 0.9:
        yield f.posedge
        m = randrange(2, 9, 3) + (getrandbits(4) if g and randint(0, 1) else choice(ROM))
        mem[randrange(4)].next = randrange(8)
        total += m if HALF >= random() else -1
        assert total < 99 or not random() > 0.25
        if randrange(3) == 1:
            z.next = m
        elif choice((1, 2)) == 2:
            z.next = 0
    print(total)
    raise StopSimulation
