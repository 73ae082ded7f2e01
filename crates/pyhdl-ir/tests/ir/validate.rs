//! Each rule of the validator, by one broken design each: a piece of a valid text is replaced.

use pyhdl_ir::*;

use crate::read;

const VALID: &str = r#"design 1
enum e0.t "t" binary { "A", "B" }
enum e1.u "u" binary { "X" }
table t0.rom "rom" { 3, 5 }
scope i0.top "top" block "top" params 1 at 0:0..1 {
  name "clk" s0.clk
  name "ram" m0.ram
  port in "clk" s0.clk
  item p0.comb
  item i1.sub
}
scope i1.sub "sub" block "sub" parent i0.top params 0 at 0..1 {
  item p1.seq
  item p2.main
  item p3.wire
  item p4.tick
}
signal s0.clk "clk" home i0.top: bool = 0 at 0..1
signal s1.q "q" home i0.top: bits 4 0..9 = 9 at 0..1
signal s2.r "r" home i0.top: bits 4 0..9 = 0 at 0..1
signal s3.st "st" home i0.top: enum e0.t = 1 at 0..1
signal s4.py "py" home i0.top: opaque = 0 at 0..1
memory m0.ram "ram" home i0.top { s1.q, s2.r } at 0..1
function f0.inc "inc" in i0.top params 1 returns int 1..10 at 0..1 {
  local l0.x "x": int 0..9
  return (l0.x + 1) at 0..1
}
function f1.task "task" in i0.top params 0 at 0..1 {
  s2.r = 1 at 0..1
}
function f2.twice "twice" in i0.top params 0 returns int 1..10 at 0..1 {
  return call f0.inc(call f0.inc(1):int 1..9):int 1..10 at 0..1
}
process p0.comb "comb" in i0.top combinational(s1.q) at 0..1 {
  local l0.i "i": int 0..7
  for l0.i in 0 to 8 step 1 at 0..1 {
    if bit(s1.q, l0.i) at 0..1 {
      break at 0..1
    }
  }
  match s3.st at 0..1 {
    case 0 {
      m0.ram[1] = t0.rom[s0.clk] at 0..1
    }
    case 1 if s0.clk {
      call f1.task() at 0..1
    }
  }
  s1.q = (call f0.inc(s1.q):int 1..10 - 1) at 0..1
}
process p1.seq "seq" in i1.sub sequential(posedge s0.clk, reset s0.clk high sync targets { s3.st }) at 0..1 {
  if (s3.st == e0.t[0]) at 0..1 {
    s3.st = e0.t[1] at 0..1
  }
}
process p2.main "main" in i1.sub thread at 0..1 {
  local l0.n "n": int 0..5
  local l1.e "e": enum e0.t
  while true at 0..1 {
    wait(delay 10) at 0..1
    draw l0.n from 0 below 6 at 0..1
    assert (s1.q:int 2..3 < 4) at 0..1
  }
}
process p3.wire "wire" in i1.sub continuous(s1.q) at 0..1 {
  s2.r = slice(s1.q, 0, 2) at 0..1
}
process p4.tick "tick" in i1.sub triggered(delay 5) at 0..1 {
  foreign "why"
}
"#;

#[test]
fn the_whole_design_is_valid() {
    assert_eq!(read(VALID).validate(), Ok(()));
}

#[test]
fn a_design_has_a_top() {
    assert_eq!(faults(&Design::default()), ["design: it has no top scope"]);
}

fn faults(design: &Design) -> Vec<String> {
    design.validate().unwrap_err().iter().map(Invalid::to_string).collect()
}

/// The faults of the valid design with one piece replaced.
#[track_caller]
fn broken(piece: &str, by: &str) -> Vec<String> {
    assert_eq!(VALID.matches(piece).count(), 1, "`{piece}` must be there once");
    faults(&read(&VALID.replace(piece, by)))
}

macro_rules! rules {
    ($($name:ident: $piece:literal => $by:literal, [$($fault:literal),*];)*) => { $(
        #[test]
        fn $name() {
            assert_eq!(broken($piece, $by), [$($fault),*]);
        }
    )* };
}

rules! {
    parents_come_first: "parent i0.top" => "parent i1",
        ["scope `top`: the scope `sub` belongs to another scope", "scope `sub`: a scope comes after its parent"];
    only_the_top_has_no_parent: "parent i0.top" => "",
        ["scope `top`: the scope `sub` belongs to another scope", "scope `sub`: only the top has no parent"];
    items_exist: "item p0.comb" => "item p0 item p9 item i9",
        ["scope `top`: there is no process 9", "scope `top`: there is no scope 9"];
    processes_are_items: "  item p4.tick\n" => "",
        ["process `top.sub.tick`: it is an item of its scope 0 times instead of once"];
    processes_are_items_once: "item p4.tick" => "item p4 item p4",
        ["process `top.sub.tick`: it is an item of its scope 2 times instead of once"];
    scopes_are_items: "  item i1.sub\n" => "",
        ["scope `top.sub`: it is an item of its parent 0 times instead of once"];
    items_belong_to_their_scope: "\"tick\" in i1.sub" => "\"tick\" in i0",
        ["scope `top.sub`: the process `tick` belongs to another scope"];
    process_scopes_exist: "\"tick\" in i1.sub" => "\"tick\" in i7",
        ["scope `top.sub`: the process `tick` belongs to another scope", "process `tick`: there is no scope 7"];
    parameters_have_names: "params 1 at 0:0" => "params 3 at 0:0", ["scope `top`: 3 parameters, but 2 names"];
    names_mean_one_thing: "name \"ram\"" => "name \"clk\"", ["scope `top`: the name `clk` means two things"];
    named_signals_exist: "name \"clk\" s0.clk" => "name \"clk\" s8", ["scope `top`: there is no signal 8"];
    named_memories_exist: "name \"ram\" m0.ram" => "name \"ram\" m8", ["scope `top`: there is no memory 8"];
    port_signals_exist: "port in \"clk\" s0.clk" => "port in \"clk\" s8", ["scope `top`: there is no signal 8"];
    port_names_are_unique: "port in \"clk\" s0.clk" => "port in \"a\" s0 port out \"a\" s1",
        ["scope `top`: two ports are called `a`"];
    numbers_are_drawn_from_some: "below 6" => "below 0", ["process `top.sub.main`: a number is drawn from none"];
    drawn_numbers_have_bits: "below 6" => "bits 0", ["process `top.sub.main`: a number of no bits is drawn"];
    drawn_numbers_are_for_numbers: "draw l0.n" => "draw l1.e",
        ["process `top.sub.main`: a number is drawn for a variable that is none"];
    drawn_numbers_are_for_variables: "draw l0.n" => "draw l7", ["process `top.sub.main`: there is no local 7"];
    functions_with_a_value_draw_nothing: "  return (l0.x + 1)" => "  draw l0.x from 0 below 2 at 0..1\n  return (l0.x + 1)",
        ["function `top.inc`: a number is drawn in a function that returns a value"];
    homes_exist: "\"clk\" home i0.top" => "\"clk\" home i2", ["signal `clk`: there is no scope 2"];
    initial_values_are_in_bounds: "0..9 = 9 at" => "0..9 = 10 at",
        ["signal `top.q`: the initial value 10 is not of its type"];
    initial_literals_exist: "enum e0.t = 1" => "enum e0.t = 2",
        ["signal `top.st`: the initial value 2 is not of its type"];
    initial_bools_are_bits: "bool = 0" => "bool = 2", ["signal `top.clk`: the initial value 2 is not of its type"];
    widths_hold_their_bounds: "bits 4 0..9 = 9" => "bits 3 0..9 = 9",
        ["signal `top.q`: 3 bits do not hold 0..9", "memory `top.ram`: its elements have different types"];
    bounds_are_not_empty: "\"py\" home i0.top: opaque" => "\"py\" home i0.top: bits 4 3..2",
        ["signal `top.py`: the bounds 3..2 are empty", "signal `top.py`: the initial value 0 is not of its type"];
    enumerations_exist: "opaque" => "enum e9", ["signal `top.py`: there is no enumeration 9"];
    memories_have_elements: "{ s1.q, s2.r } at" => "{ } at",
        ["memory `top.ram`: it has no elements"];
    memory_elements_exist: "{ s1.q, s2.r } at" => "{ s1.q, s9 } at", ["memory `top.ram`: there is no signal 9"];
    memory_elements_have_one_type: "{ s1.q, s2.r } at" => "{ s1.q, s0 } at",
        ["memory `top.ram`: its elements have different types"];
    tables_have_entries: "{ 3, 5 }" => "{ }",
        ["table `rom`: it has no entries"];
    enumerations_have_literals: "{ \"X\" }" => "{ }", ["enumeration `u`: it has no literals"];
    literals_are_unique: "{ \"X\" }" => "{ \"X\", \"X\" }", ["enumeration `u`: the literal `X` is there twice"];
    parameters_are_locals: "params 0 at 0..1 {\n  s2.r" => "params 1 at 0..1 {\n  s2.r",
        ["function `top.task`: 1 parameters, but 0 locals", "process `top.comb`: `task` has 1 parameters and is called with 0"];
    functions_do_not_call_themselves: "s2.r = 1 at" => "call f1() at",
        ["function `top.task`: it calls itself, at once or through others"];
    sensitivity_exists: "combinational(s1.q)" => "combinational(s5)", ["process `top.comb`: there is no signal 5"];
    clocks_exist: "posedge s0.clk" => "posedge s5", ["process `top.sub.seq`: there is no signal 5"];
    reset_signals_exist: "reset s0.clk" => "reset s5", ["process `top.sub.seq`: there is no signal 5"];
    reset_targets_exist: "targets { s3.st }" => "targets { s5 }", ["process `top.sub.seq`: there is no signal 5"];
    triggered_processes_wait_for_something: "triggered(delay 5)" => "triggered()",
        ["process `top.sub.tick`: it has no triggers"];
    trigger_signals_exist: "triggered(delay 5)" => "triggered(change s5)",
        ["process `top.sub.tick`: there is no signal 5"];
    foreign_processes_have_no_body: "foreign \"why\"" => "foreign \"why\" raise \"E\" at 0..1",
        ["process `top.sub.tick`: it stays in Python, but it has a body"];
    continuous_assignments_are_assignments: "s2.r = slice(s1.q, 0, 2) at" => "raise \"E\" at",
        ["process `top.sub.wire`: a continuous assignment's body is one assignment"];
    conditions_are_bools: "if bit(s1.q, l0.i)" => "if s1.q",
        ["process `top.comb`: the condition of an `if` is int 0..9, not a bool"];
    loop_conditions_are_bools: "while true" => "while 1",
        ["process `top.sub.main`: the condition of a `while` is int 1..1, not a bool"];
    assertions_are_bools: "assert (s1.q:int 2..3 < 4)" => "assert s1.q",
        ["process `top.sub.main`: the condition of an assertion is int 0..9, not a bool"];
    guards_are_bools: "if s0.clk {" => "if s1.q {",
        ["process `top.comb`: the condition of a guard is int 0..9, not a bool"];
    ifs_have_conditions: "if (s3.st == e0.t[0]) at 0..1 {\n    s3.st = e0.t[1] at 0..1\n  }" => "if at 0..1 else {}",
        ["process `top.sub.seq`: an `if` without a condition"];
    arms_have_patterns: "case 0 {" => "case {", ["process `top.comb`: a `match` arm without a pattern"];
    patterns_are_literals: "case 0 {" => "case 2 {",
        ["process `top.comb`: the pattern 2 is no literal of the subject's type"];
    patterns_do_not_overlap: "case 0 {" => "case 0, 0 {", ["process `top.comb`: two arms have the pattern 0"];
    steps_are_not_zero: "step 1" => "step 0", ["process `top.comb`: a `for` with step 0"];
    loop_variables_exist: "for l0.i in" => "for l3 in", ["process `top.comb`: there is no local 3"];
    breaks_are_in_loops: "wait(delay 10) at 0..1" => "} break at 0..1 while true at 0..1 {",
        ["process `top.sub.main`: a `break` or `continue` outside a loop"];
    only_threads_wait: "s3.st = e0.t[1] at" => "wait(change s0) at",
        ["process `top.sub.seq`: only an instance process waits"];
    waits_are_for_something: "wait(delay 10)" => "wait()", ["process `top.sub.main`: a wait for nothing"];
    delays_are_numbers: "wait(delay 10)" => "wait(delay s3.st)",
        ["process `top.sub.main`: an enumeration where a number is wanted"];
    processes_return_nothing: "wait(delay 10)" => "return 5",
        ["process `top.sub.main`: a value is returned where none is wanted"];
    functions_return_a_value: "return (l0.x + 1)" => "return",
        ["function `top.inc`: a `return` without a value"];
    functions_return_their_type: "returns int 1..10 at 0..1 {\n  local" => "returns int 1..9 at 0..1 {\n  local",
        ["function `top.inc`: int 1..10 is returned as int 1..9",
         "function `top.twice`: a call that returns int 1..9 has the type int 1..10",
         "process `top.comb`: a call that returns int 1..9 has the type int 1..10"];
    calls_have_all_arguments: "call f0.inc(s1.q)" => "call f0.inc()",
        ["process `top.comb`: `inc` has 1 parameters and is called with 0"];
    arguments_fit: "call f0.inc(s1.q)" => "call f0.inc(70)",
        ["process `top.comb`: int 70..70 is passed to `inc` for its parameter `x`: int 0..9"];
    called_functions_exist: "call f1.task()" => "call f9()", ["process `top.comb`: there is no function 9"];
    values_are_not_dropped: "call f1.task()" => "call f2()", ["process `top.comb`: the value of a call is dropped"];
    calls_with_a_value_have_one: "call f0.inc(s1.q):int 1..10" => "call f1():int 1..10",
        ["process `top.comb`: a call of a function that returns nothing has a value"];
    assigned_signals_exist: "s1.q = (call" => "s9 = (call", ["process `top.comb`: there is no signal 9"];
    assigned_memories_exist: "m0.ram[1]" => "m1[1]", ["process `top.comb`: there is no memory 1"];
    assigned_kinds_fit: "s3.st = e0.t[1]" => "s3.st = 1",
        ["process `top.sub.seq`: int 1..1 is assigned to enumeration 0"];
    assigned_enumerations_are_the_same: "s3.st = e0.t[1]" => "s3.st = e1.u[0]",
        ["process `top.sub.seq`: enumeration 1 is assigned to enumeration 0"];
    python_objects_are_not_assigned: "s3.st = e0.t[1]" => "s4 = 1",
        ["process `top.sub.seq`: a Python object is assigned to"];
    python_objects_are_not_read: "s1.q:int 2..3" => "s4", ["process `top.sub.main`: a Python object is read"];
    read_signals_exist: "s1.q:int 2..3" => "s9:int 2..3", ["process `top.sub.main`: there is no signal 9"];
    read_locals_exist: "bit(s1.q, l0.i)" => "bit(s1.q, l4:int 0..1)", ["process `top.comb`: there is no local 4"];
    read_tables_exist: "t0.rom[s0.clk]" => "t2[s0]:int 0..1", ["process `top.comb`: there is no table 2"];
    literals_exist: "s3.st = e0.t[1]" => "s3.st = e0.t[2]",
        ["process `top.sub.seq`: the enumeration `t` has no literal 2"];
    types_are_not_wider_than_their_operands_give: "s1.q:int 2..3" => "s1.q:int 0..10",
        ["process `top.sub.main`: an expression of type int 0..9 is said to be int 0..10"];
    constants_are_of_their_type: "delay 10" => "delay 10:int 0..9",
        ["process `top.sub.main`: an expression of type int 10..10 is said to be int 0..9"];
    comparisons_are_of_one_kind: "s3.st == e0.t[0]" => "s3.st == 0",
        ["process `top.sub.seq`: enumeration 0 is compared with int 0..0"];
    enumerations_have_no_order: "s3.st == e0.t[0]" => "s3.st < e0.t[0]",
        ["process `top.sub.seq`: an enumeration has no order"];
    logic_is_of_bools: "assert (s1.q:int 2..3 < 4)" => "assert (s1.q and true)",
        ["process `top.sub.main`: int 0..9 where a bool is wanted"];
    selections_are_by_bools: "slice(s1.q, 0, 2)" => "select(s1.q, 0, 1)",
        ["process `top.sub.wire`: int 0..9 where a bool is wanted"];
    selections_are_of_one_kind: "slice(s1.q, 0, 2)" => "select(true, 0, s3):int 0..1",
        ["process `top.sub.wire`: int 0..0 or else enumeration 0"];
    slices_have_bits: "slice(s1.q, 0, 2)" => "slice(s1.q, 0, 0)", ["process `top.sub.wire`: a part of no bits"];
    concatenations_have_parts: "slice(s1.q, 0, 2)" => "concat()",
        ["process `top.sub.wire`: a concatenation of nothing"];
    bits_of_enumerations_are_not_assigned: "s3.st = e0.t[1]" => "s3.st bit(0) = true",
        ["process `top.sub.seq`: bits of an enumeration are assigned"];
}

#[test]
fn functions_do_not_call_each_other_in_a_circle() {
    let text = VALID.replace("return (l0.x + 1)", "return call f2.twice():int 1..10");
    let found = faults(&read(&text));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("it calls itself, at once or through others"), "{found:?}");
}

#[test]
fn ranges_are_not_empty() {
    let mut design = read(VALID);
    let local = &mut design.processes[ProcessId::from_usize(0)].locals[LocalId::from_usize(0)];
    local.ty = StorageType::Int(Range { lo: Some(1.into()), hi: Some(0.into()) });
    assert_eq!(faults(&design)[0], "process `top.comb`: local `i`: a range is empty");
}

#[test]
fn every_fault_is_reported() {
    let text = VALID.replace("step 1", "step 0").replace("wait(delay 10)", "wait()");
    assert_eq!(faults(&read(&text)).len(), 2);
}
