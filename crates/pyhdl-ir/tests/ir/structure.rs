//! Where signals live, what they are called there, and what crosses which boundary.

use pyhdl_ir::*;

use crate::read;

/// `top` contains `left` and `right`; `right` contains `inner`. The first two names of `top` are its
/// parameters.
fn placed(names: [&str; 4], signals: usize, processes: &str) -> Design {
    let [top, left, right, inner] = names;
    let mut items = [String::new(), String::new(), String::new(), String::new()];
    for (p, line) in processes.lines().filter(|l| l.starts_with("process")).enumerate() {
        let scope: usize = line.split(" in i").nth(1).unwrap()[..1].parse().unwrap();
        items[scope] += &format!("item p{p}\n");
    }
    let params = top.matches("name").count().min(2);
    let mut text = format!(
        "design 1\nscope i0 \"top\" block \"top\" params {params} at 0:0..1 {{ {top} {} item i1 item i2 }}
scope i1 \"left\" block \"left\" parent i0 params 0 at 0..1 {{ {left} {} }}
scope i2 \"right\" block \"right\" parent i0 params 0 at 0..1 {{ {right} {} item i3 }}
scope i3 \"inner\" block \"inner\" parent i2 params 0 at 0..1 {{ {inner} {} }}\n",
        items[0], items[1], items[2], items[3]
    );
    for s in 0..signals {
        text += &format!("signal s{s} \"\" home i0: bool = 0 at 0..1\n");
    }
    let mut design = read(&(text + processes));
    design.place_signals();
    assert_eq!(design.validate(), Ok(()));
    design
}

/// A process in a scope that assigns one signal to another.
fn wire(id: usize, scope: usize, from: usize, to: usize) -> String {
    format!(
        "process p{id} \"w\" in i{scope} combinational(s{from}) at 0..1 {{\n s{to} = s{from} at 0..1\n}}\n"
    )
}

fn home_and_name(design: &Design, signal: usize) -> (usize, &str) {
    let signal = &design.signals[SignalId::from_usize(signal)];
    (signal.home.index(), &signal.name)
}

/// The ports of a scope as `in clk=0`, the number being the signal's.
fn ports(design: &Design, scope: usize) -> Vec<String> {
    let ports = &design.scopes[ScopeId::from_usize(scope)].ports;
    let direction = |d| if d == Direction::In { "in" } else { "out" };
    ports.iter().map(|p| format!("{} {}={}", direction(p.direction), p.name, p.signal.index())).collect()
}

#[test]
fn a_signal_of_one_scope_lives_there_and_crosses_nothing() {
    let design = placed(["", "name \"a\" s0 name \"b\" s1", "", ""], 2, &wire(0, 1, 0, 1));
    assert_eq!((home_and_name(&design, 0), home_and_name(&design, 1)), ((1, "a"), (1, "b")));
    assert_eq!([ports(&design, 0), ports(&design, 1)], [vec![] as Vec<String>, vec![]]);
}

#[test]
fn a_signal_between_siblings_lives_in_their_parent() {
    let wires = wire(0, 1, 0, 1) + &wire(1, 3, 1, 2);
    let design = placed(["", "name \"a\" s0 name \"b\" s1", "", "name \"c\" s1 name \"d\" s2"], 3, &wires);
    // Without a name in the parent, it takes the first that it has further down.
    assert_eq!(home_and_name(&design, 1), (0, "b"));
    assert_eq!(ports(&design, 1), ["out b=1"]);
    // Through the scope in between, under its own name: it has none there.
    assert_eq!(ports(&design, 2), ["in b=1"]);
    assert_eq!(ports(&design, 3), ["in c=1"]);
}

#[test]
fn a_port_that_is_read_and_driven_inside_is_an_output() {
    let wires = wire(0, 3, 0, 1) + &wire(1, 2, 1, 2) + &wire(2, 0, 1, 3);
    let design = placed(["name \"a\" s0 name \"b\" s1 name \"c\" s2 name \"d\" s3", "", "", ""], 4, &wires);
    assert_eq!(ports(&design, 3), ["in a=0", "out b=1"]);
    // s2 is driven inside only, but the top names it.
    assert_eq!(ports(&design, 2), ["in a=0", "out b=1", "out c=2"]);
}

#[test]
fn parameters_of_the_top_are_ports_even_if_unused() {
    let names = "name \"used\" s0 name \"unused\" s1 name \"local\" s2";
    let design = placed([names, "", "", ""], 3, &wire(0, 0, 2, 0));
    assert_eq!(ports(&design, 0), ["out used=0", "in unused=1"]);
}

#[test]
fn ports_stand_in_the_order_of_names_then_of_first_use() {
    let wires = wire(0, 1, 3, 2) + &wire(1, 1, 0, 1);
    let top = "name \"a\" s0 name \"b\" s1 name \"c\" s2 name \"d\" s3";
    let design = placed([top, "", "", ""], 4, &wires);
    // `left` names none of them and has no parameters.
    assert_eq!(ports(&design, 1), ["in d=3", "out c=2", "in a=0", "out b=1"]);
}

#[test]
fn flattened_names_that_collide_get_numbers() {
    let names = "name \"a_b\" s0 name \"a_b\" s1 name \"a_b\" s0 name \"a_b_1\" s2";
    let design = placed([names, "", "", ""], 3, "");
    let names: Vec<&str> = design.scopes[design.top()].names.iter().map(|(n, _)| n.as_str()).collect();
    // The third is another mention of the first, which keeps its name.
    assert_eq!(names, ["a_b", "a_b_1", "a_b", "a_b_1_1"]);
}

#[test]
fn a_name_from_below_does_not_collide_with_one_that_is_there() {
    let wires = wire(0, 1, 0, 1) + &wire(1, 2, 1, 2);
    let design = placed(["name \"x\" s0 name \"y\" s2", "name \"x\" s1", "", ""], 3, &wires);
    assert_eq!(home_and_name(&design, 0), (0, "x"));
    assert_eq!(home_and_name(&design, 1), (0, "x_1"));
}

#[test]
fn signals_without_any_name_get_one() {
    let design = placed(["", "", "", ""], 2, &wire(0, 2, 0, 1));
    assert_eq!((home_and_name(&design, 0), home_and_name(&design, 1)), ((2, "signal"), (2, "signal_1")));
}

#[test]
fn a_memory_lives_above_all_its_elements() {
    let memory = "memory m0 \"ram\" home i3 { s0, s1 } at 0..1\n".to_owned();
    let wires = memory + &wire(0, 1, 0, 2) + &wire(1, 3, 1, 3);
    let design = placed(["", "", "", "name \"ram\" m0"], 4, &wires);
    assert_eq!(design.memories[MemoryId::from_usize(0)].home, design.top());
}
