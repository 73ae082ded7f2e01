"""A plugin for pytest: writes how each test ended to the file that ``PYHDL_OUTCOMES`` names."""

import importlib
import os

ended = {}
import_module = importlib.import_module


def import_new_module(*args, **kwargs):
    # A test writes modules one after the other and imports each. Python takes a folder for unchanged whose time is the
    # same, and does not find what was written within one tick of the system's clock.
    importlib.invalidate_caches()
    return import_module(*args, **kwargs)


importlib.import_module = import_new_module


def pytest_runtest_logreport(report):
    outcome = report.outcome
    if hasattr(report, "wasxfail"):
        outcome = "expected"
    # A fault in what a test sets up counts for the test.
    if report.when == "call" or outcome == "failed":
        ended[report.nodeid.partition("test/")[2]] = outcome


def pytest_sessionfinish():
    with open(os.environ["PYHDL_OUTCOMES"], "w") as file:
        file.writelines(f"{outcome} {test}\n" for test, outcome in ended.items())
