# pyhdl sim FILE
this is not python at all {
