# pyhdl sim FILE
