def k0(x, n):
    return x ^ n

def k1(x, n):
    return (k0(x, n * 2) + k0(x, n * 2 + 1)) % 256

def k2(x, n):
    return (k1(x, n * 2) + k1(x, n * 2 + 1)) % 256

def k3(x, n):
    return (k2(x, n * 2) + k2(x, n * 2 + 1)) % 256

def k4(x, n):
    return (k3(x, n * 2) + k3(x, n * 2 + 1)) % 256

def k5(x, n):
    return (k4(x, n * 2) + k4(x, n * 2 + 1)) % 256

def k6(x, n):
    return (k5(x, n * 2) + k5(x, n * 2 + 1)) % 256

def k7(x, n):
    return (k6(x, n * 2) + k6(x, n * 2 + 1)) % 256

def k8(x, n):
    return (k7(x, n * 2) + k7(x, n * 2 + 1)) % 256

def k9(x, n):
    return (k8(x, n * 2) + k8(x, n * 2 + 1)) % 256

def k10(x, n):
    return (k9(x, n * 2) + k9(x, n * 2 + 1)) % 256

def k11(x, n):
    return (k10(x, n * 2) + k10(x, n * 2 + 1)) % 256

def k12(x, n):
    return (k11(x, n * 2) + k11(x, n * 2 + 1)) % 256

def k13(x, n):
    return (k12(x, n * 2) + k12(x, n * 2 + 1)) % 256

def k14(x, n):
    return (k13(x, n * 2) + k13(x, n * 2 + 1)) % 256

def k15(x, n):
    return (k14(x, n * 2) + k14(x, n * 2 + 1)) % 256

def k16(x, n):
    return (k15(x, n * 2) + k15(x, n * 2 + 1)) % 256

def k17(x, n):
    return (k16(x, n * 2) + k16(x, n * 2 + 1)) % 256

def k18(x, n):
    return (k17(x, n * 2) + k17(x, n * 2 + 1)) % 256

def k19(x, n):
    return (k18(x, n * 2) + k18(x, n * 2 + 1)) % 256

def k20(x, n):
    return (k19(x, n * 2) + k19(x, n * 2 + 1)) % 256

def k21(x, n):
    return (k20(x, n * 2) + k20(x, n * 2 + 1)) % 256

@always_comb
def p1():
    w.next = k20(a, 1) % 256
