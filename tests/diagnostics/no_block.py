# pyhdl sim FILE
x = 1
