# pyhdl sim FILE
from myhdl import *
print "hello"
