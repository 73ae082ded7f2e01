//! The design rules: which findings a design has, with their codes, messages and places.

use pyhdl_diag::{FileId, Span};
use pyhdl_ir::*;

use crate::read;

/// A top with the parameters `i` (s0), `o` (s1) and the local signals `a` (s2) and `b` (s3).
fn design(items: &str, processes: &str) -> Design {
    let text = format!(
        r#"design 1
scope i0 "top" block "top" params 2 at 0:10..20 {{
  name "i" s0 name "o" s1 name "a" s2 name "b" s3
  {items}
}}
signal s0 "" home i0: unsigned 4 = 0 at 0..1
signal s1 "" home i0: unsigned 4 = 0 at 0..1
signal s2 "" home i0: unsigned 4 = 0 at 0..1
signal s3 "" home i0: unsigned 4 = 0 at 0..1
{processes}"#
    );
    let mut design = read(&text);
    design.place_signals();
    assert_eq!(design.validate(), Ok(()));
    design
}

/// `process` number `id` that assigns `from` to `to`, with the target at `40 + 10 * id`.
fn wire(id: u32, kind: &str, from: &str, to: &str) -> String {
    let at = 40 + 10 * id;
    format!(
        "process p{id} \"p{id}\" in i0 {kind} at {at}..{} {{ {to}@{}..{} = {from} at {at}..{} }}\n",
        at + 9,
        at + 1,
        at + 3,
        at + 8
    )
}

fn span(start: u32, end: u32) -> Span {
    Span::new(FileId::from_usize(0), start, end)
}

/// Code, message and labelled places of every finding.
fn findings(design: &Design) -> Vec<(u16, String, Vec<Span>)> {
    let found = design.check();
    found.into_iter().map(|d| (d.code.0, d.message, d.labels.iter().map(|l| l.span).collect())).collect()
}

const CLEAN: [&str; 3] = ["s0", "s2", "s3"];

/// i → a → b → o.
fn chain() -> String {
    let [i, a, b] = CLEAN;
    wire(0, "combinational(s0)", i, a)
        + &wire(1, "combinational(s2)", a, b)
        + &wire(2, "combinational(s3)", b, "s1")
}

const ITEMS: &str = "item p0 item p1 item p2";

#[test]
fn a_proper_design_has_no_findings() {
    assert_eq!(findings(&design(ITEMS, &chain())), []);
}

#[test]
fn two_drivers_of_one_signal_are_an_error_at_both() {
    let second = wire(3, "combinational(s0)", "s0", "s1");
    let found = findings(&design("item p0 item p1 item p2 item p3", &(chain() + &second)));
    assert_eq!(found, [(401, "the signal `o` has two drivers".into(), vec![span(71, 73), span(61, 63)])]);
}

#[test]
fn two_processes_are_reported_once_however_much_they_share() {
    let both = |id: u32| {
        let at = 40 + 10 * id;
        format!(
            "process p{id} \"p{id}\" in i0 combinational(s0) at {at}..{} {{ s1 = s0 at {at}..{} s2 = s0 at {at}..{} }}\n",
            at + 9,
            at + 3,
            at + 4
        )
    };
    let read = wire(2, "combinational(s2)", "s2", "s3") + &wire(3, "combinational(s3)", "s3", "s3");
    let found = findings(&design("item p0 item p1 item p2 item p3", &(both(0) + &both(1) + &read)));
    assert_eq!(found.iter().filter(|f| f.0 == 401 && f.1.contains("`o`")).count(), 1);
    assert!(!found.iter().any(|f| f.1.contains("`a` has two drivers")), "{found:?}");
}

#[test]
fn a_loop_of_combinational_processes_is_a_warning() {
    let processes = wire(0, "combinational(s0, s3)", "(s0 & s3):int 0..15", "s2")
        + &wire(1, "combinational(s2)", "s2", "s3")
        + &wire(2, "combinational(s3)", "s3", "s1");
    let found = findings(&design(ITEMS, &processes));
    let message = "combinational logic depends on its own output through `p0`, `p1`";
    assert_eq!(found, [(402, message.into(), vec![span(40, 49), span(50, 59)])]);
}

#[test]
fn a_register_breaks_a_loop() {
    let processes = wire(0, "combinational(s0, s3)", "(s0 & s3):int 0..15", "s2")
        + &wire(1, "sequential(posedge s0)", "s2", "s3")
        + &wire(2, "combinational(s3)", "s3", "s1");
    assert_eq!(findings(&design(ITEMS, &processes)), []);
}

#[test]
fn a_driven_constant_is_an_error() {
    let mut design = design(ITEMS, &chain());
    design.signals[SignalId::from_usize(2)].constant = true;
    assert_eq!(findings(&design), [(403, "the constant `a` is driven".into(), vec![span(41, 43)])]);
}

#[test]
fn signals_without_width_are_an_error_where_they_are_driven() {
    let mut without = design(ITEMS, &chain());
    without.signals[SignalId::from_usize(3)].ty = StorageType::Int(Range::all());
    assert_eq!(findings(&without), [(404, "the signal `b` has no width".into(), vec![span(51, 53)])]);
    without.signals[SignalId::from_usize(3)].ty = StorageType::Opaque;
    assert_eq!(
        findings(&without),
        [(404, "the signal `b` holds a Python object".into(), vec![span(51, 53)])]
    );
}

#[test]
fn a_signal_that_is_read_and_never_driven_is_a_warning() {
    let processes = wire(0, "combinational(s2)", "s2", "s3")
        + &wire(1, "combinational(s0, s3)", "(s0 & s3):int 0..15", "s1");
    let found = findings(&design("item p0 item p1", &processes));
    assert_eq!(found, [(405, "the signal `top.a` is read and never driven".into(), vec![span(10, 20)])]);
}

#[test]
fn a_signal_that_is_driven_and_never_read_is_a_warning() {
    let processes = wire(0, "combinational(s0)", "s0", "s2") + &wire(1, "combinational(s0)", "s0", "s1");
    let found = findings(&design("item p0 item p1", &processes));
    assert_eq!(found, [(406, "the signal `top.a` is driven and never read".into(), vec![span(10, 20)])]);
}

#[test]
fn a_port_that_nothing_uses_is_a_warning() {
    let found = findings(&design("item p0", &wire(0, "triggered(delay 1)", "0", "s1")));
    assert_eq!(found, [(407, "the port `i` is not used".into(), vec![span(10, 20)])]);
}

#[test]
fn elements_of_a_memory_are_used_through_it() {
    let processes = "memory m0 \"m\" home i0 { s2, s3 } at 0..1\n".to_owned()
        + &wire(0, "combinational(s0)", "s0", "m0[slice(s0, 0, 1)]")
        + &wire(1, "combinational(s0)", "s0", "s1");
    assert_eq!(findings(&design("item p0 item p1", &processes)), []);
}

#[test]
fn errors_come_before_warnings() {
    let processes = wire(0, "combinational(s0)", "s0", "s2")
        + &wire(1, "combinational(s0)", "s0", "s1")
        + &wire(2, "combinational(s0)", "s0", "s1");
    let codes: Vec<u16> = findings(&design(ITEMS, &processes)).iter().map(|f| f.0).collect();
    assert_eq!(codes, [401, 406]);
}
