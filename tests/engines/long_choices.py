"""Choices by many values: states, opcodes with gaps, negative numbers, a signal of one more limb, inside functions and
test benches. Python computes beforehand what comes."""
from myhdl import *

N = 600
t_state = enum("S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12", "S13", "S14", "S15", "S16", "S17", "S18", "S19", "S20", "S21", "S22", "S23", "S24", "S25", "S26", "S27", "S28", "S29", "S30", "S31", "S32", "S33", "S34", "S35", "S36", "S37", "S38", "S39", "S40", "S41", "S42", "S43", "S44", "S45", "S46", "S47")


def mixed(x):
    if x == 33 or x == 98:
        return 226
    elif x == 184:
        return 813
    elif x == 482 or 497 == x or x == 532:
        return 839
    elif x == 563 or 635 == x or 660 == x:
        return 836
    elif x == 679:
        return 128
    elif x == 766 or 959 == x or x == 1028:
        return 347
    elif 1059 == x or x == 1121 or 1193 == x:
        return 188
    elif 1236 == x or x == 1239 or x == 1362:
        return 737
    elif x == 1376:
        return 917
    elif x == 1443:
        return 396
    elif x == 1493 or 1787 == x or 1890 == x:
        return 246
    elif x == 1900:
        return 305
    elif x == 1911:
        return 712
    elif x == 2028:
        return 41
    elif x == 2152 or x == 2211 or x == 2276:
        return 629
    elif x == 2280 or 2309 == x:
        return 365
    elif 2331 == x:
        return 252
    elif 2354 == x or x == 2536:
        return 103
    elif 2570 == x:
        return 95
    elif 2610 == x or x == 2786 or x == 2842:
        return 575
    elif 2868 == x:
        return 121
    elif x == 2911:
        return 712
    elif x == 2939:
        return 748
    elif 3024 == x:
        return 893
    elif x == 3116:
        return 297
    elif 3160 == x or x == 3202:
        return 925
    elif x == 3259:
        return 588
    elif 3290 == x:
        return 735
    elif x == 3402:
        return 879
    elif x == 3432 or x == 3526 or 3650 == x:
        return 989
    elif x == 3679 or 3737 == x:
        return 128
    elif 3782 == x or x == 3883 or 3972 == x:
        return 939
    elif 4044 == x:
        return 633
    elif 4067 == x:
        return 484
    elif 4068 == x:
        return 521
    else:
        return 1001

def matched(x):
    match x:
        case -24:
            return 485
        case -23:
            return 872
        case -22:
            return 288
        case -21:
            return 727
        case -20 | 80:
            return 195
        case -19:
            return 686
        case -17:
            return 749
        case -16:
            return 321
        case -15 | 85:
            return 916
        case -14:
            return 540
        case -13:
            return 190
        case -12:
            return 863
        case -10 | 90:
            return 293
        case -9:
            return 47
        case -8:
            return 824
        case -7:
            return 630
        case -6:
            return 462
        case -5 | 95:
            return 320
        case -3:
            return 114
        case -2:
            return 50
        case -1:
            return 12
        case 0 | 100:
            return 0
        case 1:
            return 14
        case 2:
            return 54
        case 4:
            return 212
        case 5 | 105:
            return 330
        case 6:
            return 474
        case 7:
            return 644
        case 8:
            return 840
        case 9:
            return 65
        case 11:
            return 587
        case 12:
            return 887
        case 13:
            return 216
        case 14:
            return 568
        case 15 | 115:
            return 946
        case 16:
            return 353
        case 18:
            return 242
        case 19:
            return 724
        case 20 | 120:
            return 235
        case 21:
            return 769
        case 22:
            return 332
        case 23:
            return 918
        case 25 | 125:
            return 174
        case 26:
            return 838
        case 27:
            return 531
        case 28:
            return 250
        case 29:
            return 992
        case _:
            return 999

def large(x):
    if 7924740338017906989 == x:
        return 267
    elif 8764270121372303126 == x:
        return 387
    elif x == 6041000426509864692:
        return 438
    elif x == 6823311054527492827:
        return 383
    elif 4211796036228905573 == x:
        return 443
    elif x == 8033369068377983887:
        return 84
    elif x == 8779601841494955153:
        return 228
    elif 6277198468974909587 == x:
        return 52
    elif x == 5158372428774205859:
        return 503
    elif x == 3671545377262334371:
        return 405
    elif 3635116654391949828 == x:
        return 382
    elif x == 4441265212670175276:
        return 161
    elif 3693432471512206603 == x:
        return 450
    elif x == 1758063834031946024:
        return 21
    elif 9081956725639983485 == x:
        return 339
    elif x == 4064066659608002826:
        return 122
    elif x == 1013910782780158885:
        return 189
    elif 5540732130852454805 == x:
        return 177
    elif 944286218524661853 == x:
        return 442
    elif x == 5227657218564770248:
        return 450
    elif x == 10520465479049886202:
        return 288
    elif x == 13059421995133058871:
        return 390
    elif 16163578812283723804 == x:
        return 144
    elif 17969922793256112296 == x:
        return 78
    elif 11351268723252172459 == x:
        return 208
    elif 18226638496768192038 == x:
        return 420
    elif x == 18085097555825989079:
        return 330
    elif 14976031985151809163 == x:
        return 398
    elif 11881870593454016926 == x:
        return 317
    elif x == 18052388432655096730:
        return 367
    elif 13008920709448702451 == x:
        return 118
    elif x == 15896527138543362168:
        return 273
    elif 14722156159237762597 == x:
        return 485
    elif 10902220339333488274 == x:
        return 430
    elif 15784808208624993350 == x:
        return 333
    elif x == 13333172949463447830:
        return 119
    elif 12823180836501578122 == x:
        return 182
    elif 13639295120134843026 == x:
        return 2
    elif 16614694054487016599 == x:
        return 384
    elif x == 12911207915121776997:
        return 425
    elif x == 18313592573564025016:
        return 108
    elif x == 17934663632537778491:
        return 242
    elif x == 12795490720233898066:
        return 276
    elif x == 15574234177470344200:
        return 461
    elif 15670871732039716844 == x:
        return 57
    else:
        return 600

def twice(x):
    if 0 == x:
        return 0
    elif x == 1:
        return 1
    elif x == 2:
        return 2
    elif 3 == x:
        return 3
    elif x == 4:
        return 4
    elif 5 == x:
        return 5
    elif 6 == x:
        return 6
    elif 7 == x:
        return 7
    elif x == 8:
        return 8
    elif 9 == x:
        return 9
    elif 10 == x:
        return 10
    elif x == 11:
        return 11
    elif 12 == x:
        return 12
    elif x == 13:
        return 13
    elif x == 14:
        return 14
    elif 15 == x:
        return 15
    elif x == 16:
        return 16
    elif 17 == x:
        return 17
    elif x == 18:
        return 18
    elif x == 19:
        return 19
    elif 20 == x:
        return 20
    elif x == 21:
        return 21
    elif x == 22:
        return 22
    elif x == 0:
        return 0
    elif 1 == x:
        return 1
    elif x == 2:
        return 2
    elif 3 == x:
        return 3
    elif x == 4:
        return 4
    elif 5 == x:
        return 5
    elif 6 == x:
        return 6
    elif 7 == x:
        return 7
    elif x == 8:
        return 8
    elif x == 9:
        return 9
    elif x == 10:
        return 10
    elif x == 11:
        return 11
    elif x == 12:
        return 12
    elif 13 == x:
        return 13
    elif x == 14:
        return 14
    elif x == 15:
        return 15
    elif x == 16:
        return 16
    elif 17 == x:
        return 17
    elif 18 == x:
        return 18
    elif x == 19:
        return 19
    elif 20 == x:
        return 20
    elif 21 == x:
        return 21
    elif x == 22:
        return 22
    else:
        return 77


def stimulus(i):
    x = (i * 2654435761) % 4096 if i % 3 else GAPS[i % len(GAPS)]
    y = (i * 40503) % 160 - 40
    z = WIDE[i % len(WIDE)] if i % 2 else (i * 0x9E3779B97F4A7C15) % 2 ** 64
    return x, y, z, i % 29


GAPS = (33, 98, 184, 482, 497, 532, 563, 635, 660, 679, 766, 959, 1028, 1059, 1121, 1193, 1236, 1239, 1362, 1376, 1443, 1493, 1787, 1890, 1900, 1911, 2028, 2152, 2211, 2276, 2280, 2309, 2331, 2354, 2536, 2570, 2610, 2786, 2842, 2868, 2911, 2939, 3024, 3116, 3160, 3202, 3259, 3290, 3402, 3432, 3526, 3650, 3679, 3737, 3782, 3883, 3972, 4044, 4067, 4068)
WIDE = (7924740338017906989, 8764270121372303126, 6041000426509864692, 6823311054527492827, 4211796036228905573, 8033369068377983887, 8779601841494955153, 6277198468974909587, 5158372428774205859, 3671545377262334371, 3635116654391949828, 4441265212670175276, 3693432471512206603, 1758063834031946024, 9081956725639983485, 4064066659608002826, 1013910782780158885, 5540732130852454805, 944286218524661853, 5227657218564770248, 10520465479049886202, 13059421995133058871, 16163578812283723804, 17969922793256112296, 11351268723252172459, 18226638496768192038, 18085097555825989079, 14976031985151809163, 11881870593454016926, 18052388432655096730, 13008920709448702451, 15896527138543362168, 14722156159237762597, 10902220339333488274, 15784808208624993350, 13333172949463447830, 12823180836501578122, 13639295120134843026, 16614694054487016599, 12911207915121776997, 18313592573564025016, 17934663632537778491, 12795490720233898066, 15574234177470344200, 15670871732039716844)


def expected():
    sums, state, total = [], 0, 0
    for i in range(N):
        x, y, z, w = stimulus(i)
        total = (total * 31 + mixed(x) + matched(y) * 3 + large(z) * 5 + twice(w) * 7 + state) % (1 << 32)
        state = NEXT[state][(total >> 7) & 1]
        sums.append(total)
    return tuple(sums)


NEXT = ((20, 9), (25, 41), (3, 4), (34, 6), (23, 37), (3, 32), (13, 2), (5, 27), (26, 4), (15, 5), (35, 27), (3, 36), (7, 14), (40, 40), (37, 3), (36, 37), (25, 3), (14, 2), (35, 8), (18, 26), (9, 34), (7, 36), (19, 35), (43, 11), (6, 37), (36, 40), (12, 23), (6, 35), (45, 4), (36, 3), (39, 13), (31, 43), (34, 27), (20, 29), (37, 29), (23, 19), (15, 11), (44, 15), (5, 36), (19, 33), (31, 21), (46, 28), (18, 38), (4, 7), (32, 26), (10, 21), (9, 31), (26, 2))
SUMS = expected()
X, Y, Z, W = [tuple(column) for column in zip(*[stimulus(i) for i in range(N)])]


@block
def machine(clk, x, y, z, w, total):
    state = Signal(t_state.S0)
    number = Signal(intbv(0, min=0, max=48))
    value = Signal(intbv(0)[32:])

    @always_comb
    def decode():
        value.next = (total * 31 + mixed(x) + matched(y) * 3 + large(z) * 5 + twice(w) * 7 + number) % (1 << 32)

    @always_comb
    def code():
        if t_state.S0 == state:
            number.next = 0
        elif t_state.S1 == state:
            number.next = 1
        elif state == t_state.S2:
            number.next = 2
        elif t_state.S3 == state:
            number.next = 3
        elif state == t_state.S4:
            number.next = 4
        elif state == t_state.S5:
            number.next = 5
        elif state == t_state.S6:
            number.next = 6
        elif state == t_state.S7:
            number.next = 7
        elif t_state.S8 == state:
            number.next = 8
        elif state == t_state.S9:
            number.next = 9
        elif t_state.S10 == state:
            number.next = 10
        elif state == t_state.S11:
            number.next = 11
        elif t_state.S12 == state:
            number.next = 12
        elif t_state.S13 == state:
            number.next = 13
        elif t_state.S14 == state:
            number.next = 14
        elif t_state.S15 == state:
            number.next = 15
        elif state == t_state.S16:
            number.next = 16
        elif state == t_state.S17:
            number.next = 17
        elif t_state.S18 == state:
            number.next = 18
        elif state == t_state.S19:
            number.next = 19
        elif state == t_state.S20:
            number.next = 20
        elif t_state.S21 == state:
            number.next = 21
        elif t_state.S22 == state:
            number.next = 22
        elif state == t_state.S23:
            number.next = 23
        elif state == t_state.S24:
            number.next = 24
        elif state == t_state.S25:
            number.next = 25
        elif state == t_state.S26:
            number.next = 26
        elif t_state.S27 == state:
            number.next = 27
        elif t_state.S28 == state:
            number.next = 28
        elif state == t_state.S29:
            number.next = 29
        elif state == t_state.S30:
            number.next = 30
        elif state == t_state.S31:
            number.next = 31
        elif t_state.S32 == state:
            number.next = 32
        elif t_state.S33 == state:
            number.next = 33
        elif state == t_state.S34:
            number.next = 34
        elif t_state.S35 == state:
            number.next = 35
        elif state == t_state.S36:
            number.next = 36
        elif t_state.S37 == state:
            number.next = 37
        elif state == t_state.S38:
            number.next = 38
        elif state == t_state.S39:
            number.next = 39
        elif t_state.S40 == state:
            number.next = 40
        elif t_state.S41 == state:
            number.next = 41
        elif state == t_state.S42:
            number.next = 42
        elif t_state.S43 == state:
            number.next = 43
        elif t_state.S44 == state:
            number.next = 44
        elif t_state.S45 == state:
            number.next = 45
        elif t_state.S46 == state:
            number.next = 46
        elif state == t_state.S47:
            number.next = 47
        else:
            number.next = 0

    @always(clk.posedge)
    def step():
        total.next = value
        if state == t_state.S0:
            state.next = t_state.S9 if value[7] else t_state.S20
        elif t_state.S1 == state:
            state.next = t_state.S41 if value[7] else t_state.S25
        elif state == t_state.S2:
            state.next = t_state.S4 if value[7] else t_state.S3
        elif t_state.S3 == state:
            state.next = t_state.S6 if value[7] else t_state.S34
        elif state == t_state.S4:
            state.next = t_state.S37 if value[7] else t_state.S23
        elif state == t_state.S5:
            state.next = t_state.S32 if value[7] else t_state.S3
        elif t_state.S6 == state:
            state.next = t_state.S2 if value[7] else t_state.S13
        elif t_state.S7 == state:
            state.next = t_state.S27 if value[7] else t_state.S5
        elif state == t_state.S8:
            state.next = t_state.S4 if value[7] else t_state.S26
        elif t_state.S9 == state:
            state.next = t_state.S5 if value[7] else t_state.S15
        elif t_state.S10 == state:
            state.next = t_state.S27 if value[7] else t_state.S35
        elif state == t_state.S11:
            state.next = t_state.S36 if value[7] else t_state.S3
        elif state == t_state.S12:
            state.next = t_state.S14 if value[7] else t_state.S7
        elif state == t_state.S13:
            state.next = t_state.S40 if value[7] else t_state.S40
        elif state == t_state.S14:
            state.next = t_state.S3 if value[7] else t_state.S37
        elif t_state.S15 == state:
            state.next = t_state.S37 if value[7] else t_state.S36
        elif state == t_state.S16:
            state.next = t_state.S3 if value[7] else t_state.S25
        elif state == t_state.S17:
            state.next = t_state.S2 if value[7] else t_state.S14
        elif t_state.S18 == state:
            state.next = t_state.S8 if value[7] else t_state.S35
        elif state == t_state.S19:
            state.next = t_state.S26 if value[7] else t_state.S18
        elif t_state.S20 == state:
            state.next = t_state.S34 if value[7] else t_state.S9
        elif state == t_state.S21:
            state.next = t_state.S36 if value[7] else t_state.S7
        elif t_state.S22 == state:
            state.next = t_state.S35 if value[7] else t_state.S19
        elif t_state.S23 == state:
            state.next = t_state.S11 if value[7] else t_state.S43
        elif state == t_state.S24:
            state.next = t_state.S37 if value[7] else t_state.S6
        elif state == t_state.S25:
            state.next = t_state.S40 if value[7] else t_state.S36
        elif state == t_state.S26:
            state.next = t_state.S23 if value[7] else t_state.S12
        elif t_state.S27 == state:
            state.next = t_state.S35 if value[7] else t_state.S6
        elif t_state.S28 == state:
            state.next = t_state.S4 if value[7] else t_state.S45
        elif t_state.S29 == state:
            state.next = t_state.S3 if value[7] else t_state.S36
        elif state == t_state.S30:
            state.next = t_state.S13 if value[7] else t_state.S39
        elif t_state.S31 == state:
            state.next = t_state.S43 if value[7] else t_state.S31
        elif state == t_state.S32:
            state.next = t_state.S27 if value[7] else t_state.S34
        elif state == t_state.S33:
            state.next = t_state.S29 if value[7] else t_state.S20
        elif t_state.S34 == state:
            state.next = t_state.S29 if value[7] else t_state.S37
        elif state == t_state.S35:
            state.next = t_state.S19 if value[7] else t_state.S23
        elif state == t_state.S36:
            state.next = t_state.S11 if value[7] else t_state.S15
        elif state == t_state.S37:
            state.next = t_state.S15 if value[7] else t_state.S44
        elif state == t_state.S38:
            state.next = t_state.S36 if value[7] else t_state.S5
        elif state == t_state.S39:
            state.next = t_state.S33 if value[7] else t_state.S19
        elif state == t_state.S40:
            state.next = t_state.S21 if value[7] else t_state.S31
        elif state == t_state.S41:
            state.next = t_state.S28 if value[7] else t_state.S46
        elif t_state.S42 == state:
            state.next = t_state.S38 if value[7] else t_state.S18
        elif state == t_state.S43:
            state.next = t_state.S7 if value[7] else t_state.S4
        elif t_state.S44 == state:
            state.next = t_state.S26 if value[7] else t_state.S32
        elif t_state.S45 == state:
            state.next = t_state.S21 if value[7] else t_state.S10
        elif state == t_state.S46:
            state.next = t_state.S31 if value[7] else t_state.S9
        elif state == t_state.S47:
            state.next = t_state.S2 if value[7] else t_state.S26
        else:
            state.next = t_state.S0

    return decode, code, step


@block
def bench():
    clk = Signal(bool(0))
    x = Signal(intbv(0)[12:])
    y = Signal(intbv(0, min=-64, max=256))
    z = Signal(intbv(0)[64:])
    w = Signal(intbv(0)[5:])
    total = Signal(intbv(0)[32:])
    dut = machine(clk, x, y, z, w, total)

    @instance
    def stimulate():
        lines = 0
        for i in range(N):
            x.next = X[i]
            y.next = Y[i]
            z.next = Z[i]
            w.next = W[i]
            yield delay(1)
            clk.next = 1
            yield delay(1)
            clk.next = 0
            assert total == SUMS[i], "step %d gives %d" % (i, total)
            if i % 60 == 0:
                print(now(), total, lines)
            match i:
                case 0:
                    lines += 0
                case 61:
                    lines += 10
                case 122:
                    lines += 3
                case 183:
                    lines += 13
                case 244:
                    lines += 6
                case 305:
                    lines += 16
                case 366:
                    lines += 9
                case 427:
                    lines += 2
                case 488:
                    lines += 12
                case 549:
                    lines += 5
                case 610:
                    lines += 15
                case 671:
                    lines += 8
                case 732:
                    lines += 1
                case 793:
                    lines += 11
                case 854:
                    lines += 4
                case 915:
                    lines += 14
                case 976:
                    lines += 7
                case 1037:
                    lines += 0
                case 1098:
                    lines += 10
                case 1159:
                    lines += 3
                case 1220:
                    lines += 13
                case 1281:
                    lines += 6
                case 1342:
                    lines += 16
                case 1403:
                    lines += 9
                case 1464:
                    lines += 2
                case 1525:
                    lines += 12
                case 1586:
                    lines += 5
                case 1647:
                    lines += 15
                case 1708:
                    lines += 8
                case 1769:
                    lines += 1
                case 1830:
                    lines += 11
                case 1891:
                    lines += 4
                case 1952:
                    lines += 14
                case 2013:
                    lines += 7
                case 2074:
                    lines += 0
                case 2135:
                    lines += 10
                case 2196:
                    lines += 3
                case 2257:
                    lines += 13
                case 2318:
                    lines += 6
                case 2379:
                    lines += 16
                case 2440:
                    lines += 9
                case 2501:
                    lines += 2
                case 2562:
                    lines += 12
                case 2623:
                    lines += 5
                case 2684:
                    lines += 15
                case 2745:
                    lines += 8
                case 2806:
                    lines += 1
                case 2867:
                    lines += 11
                case 2928:
                    lines += 4
                case 2989:
                    lines += 14
                case _:
                    lines += 1
        print(now(), total, lines)
        raise StopSimulation

    return dut, stimulate


bench().run_sim()
