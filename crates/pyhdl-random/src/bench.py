

def operand(random, lo, hi, truth):
    """Ends and middles are where things go wrong."""
    values = [lo, hi, 0, 1, -1, lo + 1, hi - 1, lo // 2, hi // 2, hi // 2 + 1, random.randint(lo, hi)]
    value = random.choice(values) if random.random() < 0.5 else random.randint(lo, hi)
    value = min(max(value, lo), hi)
    return bool(value) if truth else value


def changes(random, vector):
    """Inputs and clocks never change together: who would be first?"""
    if CLOCKS and vector % 3:
        chosen = [name for name in CLOCKS if random.random() < 0.7]
        return {name: not cur[index[name]] for name in chosen}
    new = {name: operand(random, lo, hi, truth) for name, lo, hi, truth in INPUTS}
    for name, active, _ in RESETS:
        if random.random() < 0.3:
            new[name] = active if random.random() < 0.3 else 1 - active
    return new


index = {}


@block
def bench():
    signals = {name: make() for name, make, _ in SIGNALS}
    top = cases(**signals)

    @instance
    def stimulus():
        for name, _, initial in SIGNALS:
            index[name] = signal(initial)
        for name, active, asynchronous in RESETS:
            resets[index[name]] = (active, asynchronous)
        cases_model(**index)
        settle()
        random = Random(SEED)
        differing = set()
        for vector in range(VECTORS):
            new = changes(random, vector)
            for name, value in new.items():
                signals[name].next = value
            step({index[name]: value for name, value in new.items()})
            yield delay(10)
            for name, literals in OUTPUTS:
                expected = cur[index[name]]
                value = signals[name].val
                if literals:
                    expected = literals[expected]
                if value != expected and name not in differing:
                    differing.add(name)
                    inputs = {n: cur[index[n]] for n, *_ in INPUTS}
                    print("DIFFERS", name, "vector", vector, "model", expected, "simulation", value, inputs)
        print("COMPARED", VECTORS)

    return top, stimulus
