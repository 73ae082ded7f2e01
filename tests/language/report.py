"""How the files of this folder print what happens: a line for each attempt."""

import re

ADDRESS = re.compile(r" at 0x[0-9a-f]+")
MODULE = re.compile(r"<class '(?:myhdl|pyhdl)[\w.<>]*?\.[_]*(\w+)'>")


def tidy(text):
    """A text without what differs from run to run."""
    return MODULE.sub(r"<class \1>", ADDRESS.sub("", text)).replace("<class EnumItem>", "<class EnumItemType>")


def attempt(label, action):
    """Print what an action gives, or the exception that it raises."""
    try:
        result = action()
    except Exception as error:
        name = type(error).__name__.replace("AlwaysSeqError", "AlwaysError")
        print(f"{label}: {name}: {tidy(str(error))}")
    else:
        print(f"{label}: {tidy(repr(result))} {tidy(str(result))}")
