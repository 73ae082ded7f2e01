//! A part of a design as a design of its own.

use pyhdl_ir::*;

use crate::read;

const WHOLE: &str = r#"design 1
table t0 "rom" { 1, 2 }
scope i0.bench "bench" block "bench" params 0 at 0:0..1 {
  name "clk" s0.clk
  name "q" s2.q
  item p0.clock
  item i1.dut
  item i3.other
}
scope i1.dut "dut" block "dut" parent i0 params 2 at 0..1 {
  name "c" s0.clk
  name "ram" m0
  name "n" s1
  item p1.step
  item i2.leaf
}
scope i2.leaf "leaf" block "leaf" parent i1 params 0 at 0..1 {
  item p2.inner
}
scope i3.other "other" block "other" parent i0 params 0 at 0..1 {
  item p3.elsewhere
}
signal s0.clk "clk" home i0: bool = 0 at 0..1
signal s1.n "n" home i1: unsigned 4 = 3 at 0..1
signal s2.q "q" home i0: unsigned 4 = 0 at 0..1
signal s3.r0 "r0" home i1: unsigned 4 = 0 at 0..1
signal s4.r1 "r1" home i1: unsigned 4 = 0 at 0..1
signal s5.far "far" home i3: unsigned 4 = 0 at 0..1
memory m0.ram "ram" home i1 { s3, s4 } at 0..1
function f0.elsewhere "elsewhere" in i3 params 0 returns int 0..15 at 0..1 {
  return s5 at 0..1
}
function f1.take "take" in i1 params 0 returns int 0..15 at 0..1 {
  return m0[0] at 0..1
}
process p0.clock "clock" in i0 triggered(delay 5) at 0..1 {
  s0 = not(s0) at 0..1
}
process p1.step "step" in i1 sequential(posedge s0, reset s0 high async targets { s1, s2 }) at 0..1 {
  s2 = call f1():int 0..15 at 0..1
}
process p2.inner "inner" in i2 combinational(s1) at 0..1 {
  m0[t0[0]] = s1 at 0..1
}
process p3.elsewhere "elsewhere" in i3 combinational(s5) at 0..1 {
  s5 = call f0():int 0..15 at 0..1
}
"#;

fn indices<T: Copy>(ids: impl IntoIterator<Item = T>, index: impl Fn(T) -> usize) -> Vec<usize> {
    ids.into_iter().map(index).collect()
}

#[test]
fn the_part_has_its_scopes_processes_and_signals_renumbered() {
    let whole = read(WHOLE);
    let (part, origin) = whole.subtree(ScopeId::from_usize(1));
    assert_eq!(part.validate(), Ok(()));
    assert_eq!(indices(origin.scopes.iter().copied(), |s| s.index()), [1, 2]);
    assert_eq!(indices(origin.processes.iter().copied(), |p| p.index()), [1, 2]);
    // Not s5, which only `other` uses.
    assert_eq!(indices(origin.signals.iter().copied(), |s| s.index()), [0, 1, 2, 3, 4]);
    assert_eq!(part.functions.len(), 1);
    let step = &part.processes[ProcessId::from_usize(0)];
    let StmtKind::Assign { value, .. } = &step.body[0].kind else { panic!("{step:?}") };
    assert!(matches!(value.kind, ExprKind::Call { function, .. } if function.index() == 0));
    assert_eq!(part.functions[FunctionId::from_usize(0)].name, "take");
    assert_eq!(part.path(ScopeId::from_usize(1)), "dut.leaf");
}

#[test]
fn what_crosses_the_boundary_becomes_a_port_of_the_new_top() {
    let mut whole = read(WHOLE);
    whole.place_signals();
    let (part, _) = whole.subtree(ScopeId::from_usize(1));
    let top = &part.scopes[part.top()];
    assert_eq!(top.parent, None);
    let ports: Vec<(&str, Direction)> = top.ports.iter().map(|p| (p.name.as_str(), p.direction)).collect();
    // `q` is no parameter of `dut`: the process takes it from the scope around it.
    assert_eq!(ports, [("c", Direction::In), ("q", Direction::Out)]);
    // The parameters, then the port without a name, then the rest.
    let names: Vec<&str> = top.names.iter().map(|(n, _)| n.as_str()).collect();
    assert_eq!((names, top.params), (vec!["c", "ram", "q", "n"], 3));
}

#[test]
fn a_memory_comes_along_with_all_its_elements() {
    // `leaf` neither names the memory nor all its elements, but uses it.
    let (part, origin) = read(WHOLE).subtree(ScopeId::from_usize(2));
    assert_eq!(part.validate(), Ok(()));
    assert_eq!(indices(origin.signals.iter().copied(), |s| s.index()), [1, 3, 4]);
    assert_eq!(
        indices(part.memories[MemoryId::from_usize(0)].elements.iter().copied(), |s| s.index()),
        [1, 2]
    );
}

#[test]
fn the_whole_is_a_part_of_itself() {
    let mut whole = read(WHOLE);
    whole.place_signals();
    let (part, _) = whole.subtree(whole.top());
    assert_eq!(part, whole);
}

#[test]
fn a_function_that_nothing_calls_comes_along() {
    // A process that was lowered up to the call and then refused leaves such a function.
    let text = WHOLE
        .replace("function f0.elsewhere \"elsewhere\" in i3", "function f0.elsewhere \"elsewhere\" in i1")
        .replace("s5 = call f0():int 0..15", "s5 = 1");
    let (part, _) = read(&text).subtree(ScopeId::from_usize(1));
    assert_eq!(part.validate(), Ok(()));
}
