@always(clk.posedge)
def signs():
    smem[a[2:]].next = b[7:].signed()
    s.next = smem[0] + smem[1] + smem[z[2:]]
