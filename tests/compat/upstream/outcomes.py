"""A plugin for pytest: writes how each test ended to the file that ``PYHDL_OUTCOMES`` names."""

import os

ended = {}


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
