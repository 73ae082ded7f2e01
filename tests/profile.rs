//! `pyhdl sim --profile`: what takes the time is at the top, with its line, on every engine.

use std::fs;

use anyhow::{Context, Result, ensure};
use pyhdl_tests::{Outcome, pyhdl, run};

/// One process works, in two instances; the others do next to nothing.
const DESIGN: &str = "\
from myhdl import *

@block
def mill(clk, q, start):
    @always(clk.posedge)
    def grind():
        value = intbv(start)[16:]
        for i in range(400):
            value[:] = (value * 5 + 3) % 65536
        q.next = value

    return grind

@block
def bench():
    clk, q, r = Signal(bool(0)), Signal(intbv(0)[16:]), Signal(intbv(0)[16:])
    mills = mill(clk, q, 1), mill(clk, r, 2)

    @always_comb
    def idle():
        both.next = q ^ r

    both = Signal(intbv(0)[16:])

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stop():
        for _ in range(CYCLES):
            yield clk.posedge
        raise StopSimulation

    return mills, idle, clock, stop
";

fn profile(cycles: u32, engine: &str) -> Result<Outcome> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("mill.py"), DESIGN.replace("CYCLES", &cycles.to_string()))?;
    let words = ["sim", "mill.py", "--profile", "--engine", engine];
    run(pyhdl()?.args(words).current_dir(place.path()).env("PYHDL_CACHE", ""))?.success()
}

/// The share of a line of the table that contains this text.
fn share(table: &str, text: &str) -> Result<f64> {
    let line = table.lines().find(|line| line.contains(text)).with_context(|| format!("{text}: {table}"))?;
    Ok(line.trim_start().split_once(" %").with_context(|| line.to_owned())?.0.parse()?)
}

#[test]
fn what_works_is_at_the_top() -> Result<()> {
    for (engine, cycles) in [("event", 2_000), ("compiled", 300_000)] {
        let outcome = profile(cycles, engine)?;
        let said = outcome.stderr();
        let table = said.lines().skip_while(|line| !line.starts_with("profile: ")).skip(1);
        let first = table.take(1).collect::<String>();
        ensure!(first.contains("mill.grind   mill.py:5"), "{engine}: {}", outcome.describe());
        ensure!(share(&said, "mill.grind")? > 60.0, "{engine}: {}", outcome.describe());
        ensure!(said.matches("mill.grind").count() == 1, "{engine}: {}", outcome.describe());
        if engine == "compiled" {
            ensure!(share(&said, "  9  value[:] =")? > 50.0, "{}", outcome.describe());
        }
    }
    Ok(())
}

#[test]
fn a_run_without_a_simulation_has_an_empty_profile() -> Result<()> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("none.py"), "from myhdl import *\n\n@block\ndef bench():\n    return []\n")?;
    let words = ["sim", "none.py", "--profile"];
    let outcome = run(pyhdl()?.args(words).current_dir(place.path()))?.success()?;
    ensure!(outcome.stderr().starts_with("profile: "), "{}", outcome.describe());
    ensure!(outcome.stdout().is_empty(), "{}", outcome.describe());
    Ok(())
}
