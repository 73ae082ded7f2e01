//! Files that have a part of a simulation.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod reader;

use std::path::Path;

use pyhdl_wave::{Excerpt, Header, Kind, Scope, Var, VarValue, WaveError, WaveId, WaveWriter};
use reader::{Waves, read};

/// `bench0` of the block `bench`, with `dut` in it; in that are three cells, and a list of two signals. All signals are
/// bits; the number of a signal is that of its variable, counted from the top.
fn header() -> Header {
    let mut signal = 0..;
    let mut scope = |name: &str, of: Option<&str>, parent: Option<usize>, vars: &[&str]| {
        let var = |name: &&str| Var {
            name: (*name).into(),
            kind: Kind::Bool,
            signal: WaveId(signal.next().unwrap()),
        };
        Scope {
            name: name.into(),
            of: of.map(str::to_owned),
            list: of.is_none(),
            parent,
            vars: vars.iter().map(var).collect(),
        }
    };
    let scopes = vec![
        scope("bench0", Some("bench"), None, &["clk"]),
        scope("dut", Some("engine"), Some(0), &["clk", "count", "enable"]),
        scope("mem", None, Some(1), &["mem(0)", "mem(1)"]),
        scope("cells(0)", Some("cell"), Some(1), &["q", "count"]),
        scope("cells(1)", Some("cell"), Some(1), &["q", "count"]),
        scope("inner", Some("leaf"), Some(4), &["deep"]),
        scope("hull", Some("hull"), Some(0), &[]),
        scope("other", Some("engine"), Some(6), &["count"]),
    ];
    Header { scopes, ..Header::default() }
}

/// What a file of an excerpt has, in both formats.
fn excerpt(excerpt: &Excerpt) -> Waves {
    let folder = tempfile::tempdir().unwrap();
    let [vcd, fst] = ["waves.vcd", "waves.fst"].map(|name| {
        let path = folder.path().join(name);
        run(&path, excerpt).unwrap();
        read(&path)
    });
    assert_eq!(vcd, fst);
    vcd
}

/// A simulation of 100 steps. Something happens at each tenth; the signal of the number `n` becomes `1` at `10 * n`.
fn run(path: &Path, excerpt: &Excerpt) -> Result<(), WaveError> {
    let mut writer = WaveWriter::create(path, header(), excerpt)?;
    writer.initial((0..12).map(|n| (WaveId(n), VarValue::Bool(false))))?;
    for step in 0..=10 {
        writer.change(10 * step, WaveId(step as u32), VarValue::Bool(true))?;
        writer.time(10 * step)?;
    }
    writer.finish()
}

fn names(scopes: &[&str], depth: Option<u32>, signals: &[&str]) -> Excerpt {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    Excerpt { scopes: texts(scopes), depth, signals: texts(signals), ..Excerpt::default() }
}

fn vars(scopes: &[&str], depth: Option<u32>, signals: &[&str]) -> Vec<String> {
    excerpt(&names(scopes, depth, signals)).vars.into_keys().collect()
}

const CELL_1: [&str; 3] =
    ["bench0.dut.cells_1.count", "bench0.dut.cells_1.inner.deep", "bench0.dut.cells_1.q"];

#[test]
fn a_scope_is_named_by_the_end_of_its_path() {
    for name in
        ["bench0.dut.cells_1", "dut.cells_1", "cells_1", "*0.dut.cells_1", "bench.engine.cells_1", "c*_1"]
    {
        assert_eq!(vars(&[name], None, &[]), CELL_1, "{name}");
    }
    assert_eq!(
        vars(&["other", "inner"], None, &[]),
        ["bench0.dut.cells_1.inner.deep", "bench0.hull.other.count"]
    );
    assert_eq!(vars(&["cell"], None, &["q"]), ["bench0.dut.cells_0.q", "bench0.dut.cells_1.q"]);
    assert_eq!(excerpt(&names(&["inner"], None, &[])).scopes.len(), 4);
}

#[test]
fn levels_are_counted_from_the_chosen_scopes() {
    assert_eq!(vars(&[], Some(0), &[]), ["bench0.clk"]);
    // A list is no level of its own.
    let dut = [
        "bench0.dut.clk",
        "bench0.dut.count",
        "bench0.dut.enable",
        "bench0.dut.mem.mem(0)",
        "bench0.dut.mem.mem(1)",
    ];
    assert_eq!(vars(&["dut"], Some(0), &[]), dut);
    assert_eq!(
        vars(&["dut"], Some(1), &["count"]),
        ["bench0.dut.cells_0.count", "bench0.dut.cells_1.count", "bench0.dut.count"]
    );
    // A scope that is chosen itself begins anew.
    assert_eq!(vars(&["bench0", "inner"], Some(0), &[]), ["bench0.clk", "bench0.dut.cells_1.inner.deep"]);
}

#[test]
fn a_signal_is_named_by_the_end_of_its_path() {
    assert_eq!(vars(&[], None, &["clk"]), ["bench0.clk", "bench0.dut.clk"]);
    assert_eq!(vars(&[], None, &["dut.c*"]), ["bench0.dut.clk", "bench0.dut.count"]);
    assert_eq!(vars(&[], None, &["mem(?)"]), ["bench0.dut.mem.mem(0)", "bench0.dut.mem.mem(1)"]);
    assert_eq!(vars(&["cells_1"], None, &["q", "d*"]), CELL_1[1..]);
}

#[test]
fn what_is_not_there_is_said_with_what_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("waves.vcd");
    let error = |excerpt: &Excerpt| run(&path, excerpt).unwrap_err();
    match error(&names(&["dut", "dut.cell_1"], None, &[])) {
        WaveError::NoScope { pattern, nearest } => {
            assert_eq!(pattern, "dut.cell_1");
            assert_eq!(nearest[0], "bench0.dut.cells_1");
            assert!(nearest.len() == 5 && nearest[1] == "bench0.dut.cells_0", "{nearest:?}");
        }
        other => panic!("{other}"),
    }
    match error(&names(&["cells_1"], None, &["count", "enable"])) {
        // Only of what is in the chosen scopes.
        WaveError::NoSignal { pattern, nearest } => {
            assert_eq!(pattern, "enable");
            assert!(nearest.iter().all(|name| CELL_1.contains(&name.as_str())), "{nearest:?}");
        }
        other => panic!("{other}"),
    }
    match error(&names(&["hull"], Some(0), &[])) {
        WaveError::NoSignals { elsewhere } => assert_eq!(elsewhere[0], "bench0"),
        other => panic!("{other}"),
    }
    let window = |from, to| Excerpt { from, to, ..Excerpt::default() };
    assert!(matches!(error(&window(30, Some(29))), WaveError::NoTime { from: 30, to: 29 }));
    assert!(!path.exists());
    assert!(matches!(error(&window(101, None)), WaveError::TooLate { from: 101, end: 100 }));
    assert!(!path.exists());
}

/// The file of a window, as the times in it and when each signal became `1`.
fn window(from: u64, to: Option<u64>) -> (Vec<u64>, Vec<Option<u64>>) {
    let waves = excerpt(&Excerpt { from, to, ..Excerpt::default() });
    let header = header();
    let path = |mut index: usize, name: &str| {
        let mut path = name.to_owned();
        loop {
            let scope = &header.scopes[index];
            path = format!("{}.{path}", scope.name.replace('(', "_").replace(')', ""));
            match scope.parent {
                Some(parent) => index = parent,
                None => return path,
            }
        }
    };
    let scopes = header.scopes.iter().enumerate();
    let vars = scopes.flat_map(|(index, scope)| scope.vars.iter().map(move |var| (index, var)));
    let mut ones: Vec<(WaveId, Option<u64>)> = vars
        .map(|(index, var)| {
            let (_, changes) = &waves.vars[&path(index, &var.name)];
            // At its beginning the file has a value for everything.
            assert_eq!(changes[0].0, from, "{}", var.name);
            (var.signal, changes.iter().find(|(_, value)| value == "1").map(|(time, _)| *time))
        })
        .collect();
    ones.sort();
    (waves.times, ones.into_iter().map(|(_, time)| time).collect())
}

#[test]
fn a_window_begins_with_the_values_at_its_beginning_and_has_the_steps_in_it() {
    for (from, to) in [(0, 100), (30, 50), (31, 49), (30, 30), (33, 36), (95, 200), (100, 100), (1, 9)] {
        let (times, ones) = window(from, Some(to));
        let mut expected: Vec<u64> = (0..=10).map(|n| 10 * n).filter(|t| (from..=to).contains(t)).collect();
        expected.extend([from, to].map(|t| t.min(100)));
        expected.sort_unstable();
        expected.dedup();
        assert_eq!(times, expected, "{from} to {to}");
        for (n, one) in (0..12).zip(ones) {
            let expected = Some(10 * n).filter(|t| n <= 10 && *t <= to).map(|t| t.max(from));
            assert_eq!(one, expected, "{from} to {to}, signal {n}");
        }
    }
    assert_eq!(window(42, None).0, [42, 50, 60, 70, 80, 90, 100]);
}
