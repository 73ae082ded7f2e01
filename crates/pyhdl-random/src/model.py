# The model: plain Python integers, one per signal. It knows nothing of pyhdl.


class Overlay(dict):
    """What has been assigned and is not the value yet; before, the value."""

    def __missing__(self, index):
        return cur[index]


cur = []
nxt = Overlay()
combinational = []
clocked = []


def signal(initial):
    cur.append(initial)
    return len(cur) - 1


def bits(value, high, low):
    return (value >> low) & ((1 << (high - low)) - 1)


def bit(value, index):
    return bool((value >> index) & 1)


def put(value, high, low, part):
    mask = ((1 << (high - low)) - 1) << low
    return (value & ~mask) | ((part << low) & mask)


def put_bit(value, index, part):
    return put(value, index + 1, index, int(part))


def as_signed(value, width):
    return value - (1 << width) if value >> (width - 1) & 1 else value


def inverted(value, width):
    return ~value & ((1 << width) - 1)


def joined(*parts):
    value = 0
    for part, width in parts:
        value = (value << width) | (part & ((1 << width) - 1))
    return value


def wrapped(value, lo, hi):
    return (value - lo) % (hi - lo + 1) + lo


resets = {}


def on_edge(clock, level, process, reset=None, registers=()):
    """A process with a reset gives its registers their first values instead of running."""
    active, asynchronous = resets[reset] if reset is not None else (None, False)
    clocked.append((clock, level, process, reset, active, asynchronous, [(r, cur[r]) for r in registers]))


def started(generator):
    """A process that goes on where it stopped."""
    next(generator)
    return lambda: next(generator)


def settle():
    for _ in range(100):
        before = list(cur)
        for process in combinational:
            process()
            commit()
        if before == cur:
            return
    raise RuntimeError("the model does not settle")


def commit():
    for index, value in nxt.items():
        cur[index] = value
    nxt.clear()


def step(changes):
    """Inputs change at once; what waits for their edges sees the registers as they were."""
    before = {index: cur[index] for index in changes}
    for index, value in changes.items():
        cur[index] = value
    for clock, level, process, reset, active, asynchronous, registers in clocked:
        edge = clock in changes and before[clock] != cur[clock] and cur[clock] == level
        if asynchronous and reset in changes and before[reset] != cur[reset] and cur[reset] == active:
            edge = True
        if not edge:
            continue
        if reset is not None and cur[reset] == active:
            for index, initial in registers:
                nxt[index] = initial
        else:
            process()
    commit()
    settle()
