# pyhdl emit FILE --verilog
from pyhdl import *

box = blackbox(7)
