//! Tops: a block with annotated parameters needs no test bench, and what is no top is said so.

use std::fs;

use anyhow::{Result, ensure};
use pyhdl_tests::{Outcome, pyhdl, run};

const HEAD: &str =
    "from myhdl import *\nfrom pyhdl import Clock, In, Out, Reset\n\nt_state = enum(\"A\", \"B\")\n\n";

const ANNOTATED: &str = "\
@block
def store(clk: Clock, rst: Reset(active=0, isasync=True), d: In[8], x: In[-8, 8], en: In[bool], q: Out[8], s: Out[t_state]):
    @always_seq(clk.posedge, reset=rst)
    def keep():
        if en:
            q.next = d
            s.next = t_state.B if x < 0 else t_state.A
    return keep

";

const SECOND: &str = "\
@block
def second(clk: Clock, q: Out[8]):
    @always(clk.posedge)
    def set():
        q.next = 1
    return set

";

const BENCH: &str = "\
@block
def bench():
    clk = Signal(bool(0))
    q = Signal(intbv(0)[8:])
    dut = second(clk, q)
    @always(delay(5))
    def clock():
        clk.next = not clk
    return dut, clock

";

/// Runs a command on a file with these blocks, in a folder of its own.
fn on(blocks: &[&str], command: &str, arguments: &[&str]) -> Result<Outcome> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("design.py"), format!("{HEAD}{}", blocks.concat()))?;
    run(pyhdl()?.args([command, "design.py"]).args(arguments).current_dir(place.path()))
}

/// Exit code 1 and a coded message, without the program's own insides.
fn refused(outcome: &Outcome, code: &str, words: &[&str]) -> Result<()> {
    let said = outcome.stderr();
    ensure!(outcome.code == Some(1) && said.contains(code), "{}", outcome.describe());
    ensure!(!said.contains("panicked") && !said.contains("_tops.py"), "{}", outcome.describe());
    ensure!(words.iter().all(|w| said.contains(w)), "{words:?} in {}", outcome.describe());
    Ok(())
}

#[test]
fn annotations_make_the_ports() -> Result<()> {
    let outcome = on(&[ANNOTATED], "tree", &["--top", "store"])?.success()?;
    for line in [
        "in  clk: bool",
        "in  rst: bool",
        "in  d: unsigned 8",
        "in  x: signed 4",
        "in  en: bool",
        "out q: unsigned 8",
        "out s: t_state",
        "asynchronous reset rst active low",
    ] {
        ensure!(outcome.stdout().contains(line), "{line} in {}", outcome.describe());
    }
    Ok(())
}

#[test]
fn an_annotated_block_passes_the_check() -> Result<()> {
    on(&[ANNOTATED], "check", &["--top", "store"])?.success()?.silence()
}

#[test]
fn the_only_annotated_block_is_the_top() -> Result<()> {
    let outcome = on(&[ANNOTATED], "tree", &[])?.success()?;
    ensure!(outcome.stdout().contains("in  d: unsigned 8"), "{}", outcome.describe());
    Ok(())
}

#[test]
fn several_annotated_blocks_are_listed() -> Result<()> {
    for command in ["tree", "check"] {
        refused(&on(&[ANNOTATED, SECOND], command, &[])?, "PH0104", &["--top", "`store`", "`second`"])?;
    }
    Ok(())
}

#[test]
fn one_of_several_annotated_blocks_is_chosen_by_name() -> Result<()> {
    let outcome = on(&[ANNOTATED, SECOND], "tree", &["--top", "second"])?.success()?;
    ensure!(outcome.stdout().contains("second (design.py"), "{}", outcome.describe());
    Ok(())
}

#[test]
fn a_top_that_names_nothing_is_refused_with_what_there_is() -> Result<()> {
    refused(&on(&[ANNOTATED, SECOND], "check", &["--top", "absent"])?, "PH0103", &["`absent`", "`second`"])?;
    refused(&on(&[SECOND, BENCH], "check", &["--top", "absent"])?, "PH0103", &["`absent`", "second"])
}

#[test]
fn an_instance_inside_the_test_bench_is_a_top() -> Result<()> {
    for name in ["dut", "second"] {
        let outcome = on(&[SECOND, BENCH], "tree", &["--top", name])?.success()?;
        ensure!(outcome.stdout().contains("out q: unsigned 8"), "{}", outcome.describe());
        ensure!(!outcome.stdout().contains("bench"), "{}", outcome.describe());
    }
    Ok(())
}

#[test]
fn bad_annotations_are_refused() -> Result<()> {
    // The annotation, the code, what the message names.
    for (annotation, code, word) in [
        ("In[0]", "PH0201", "In[0]"),
        ("In[-3]", "PH0201", "In[-3]"),
        ("In['x']", "PH0201", "In['x']"),
        ("In[8, 3]", "PH0201", "In[(8, 3)]"),
        ("In[True]", "PH0201", "In[True]"),
        ("In[1.5]", "PH0201", "In[1.5]"),
        ("In[1, 2, 3]", "PH0201", "In[(1, 2, 3)]"),
        ("In[()]", "PH0201", "In[()]"),
        ("Reset(active=3)", "PH0201", "active=3"),
        ("Reset(wrong=1)", "PH0201", "wrong"),
        ("NoSuch", "PH0201", "NoSuch"),
        ("In", "PH0103", "`bad` needs arguments"),
        ("Out", "PH0103", "`bad` needs arguments"),
        ("int", "PH0103", "`bad` needs arguments"),
    ] {
        let block = format!(
            "@block\ndef bad(clk: Clock, d: {annotation}, q: Out[8]):\n    @always(clk.posedge)\n    def set():\n        q.next = d\n    return set\n"
        );
        refused(&on(&[&block], "check", &["--top", "bad"])?, code, &[word])?;
    }
    Ok(())
}
