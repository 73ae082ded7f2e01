//! What the decorators make of a process: its kind, its sensitivity, what its reset sets.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Bench, Outcome, show};
use pyhdl_diag::Severity;
use pyhdl_frontend::{Binding, ElabProcessKind as Kind, ElabSignalType, ElabTrigger, Shadow, ShadowPart};
use pyhdl_ir::{ProcessId, ProcessKind, ResetPolarity};

/// The sensitivity of the first process, lowered or not.
fn sensitivity(out: &Outcome) -> Vec<String> {
    let process = &out.lowered.design.processes[ProcessId::from_usize(0)];
    match &process.kind {
        ProcessKind::Combinational { sensitivity } | ProcessKind::Continuous { sensitivity } => {
            show::signals(&out.lowered.design, sensitivity)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn combinational_logic_runs_when_what_it_reads_changes() {
    for (source, reads) in [
        ("y.next = a + b", vec!["a", "b"]),
        ("if f:\n    y.next = a\nelse:\n    y.next = b", vec!["a", "b", "f"]),
        ("z.next[c] = f", vec!["c", "f"]),
        ("v = a\ny.next = v", vec!["a"]),
        ("v: int = a\ny.next = v", vec!["a"]),
        ("match e:\n    case t.IDLE if f:\n        y.next = a", vec!["a", "f", "e"]),
        ("while a[0]:\n    y.next = b", vec!["a", "b"]),
        ("y.next = len(a) + b", vec!["b"]),
        ("y.next = a.val", vec!["a"]),
        ("print(a, f'{b}')", vec!["a", "b"]),
        ("assert f, 'no'", vec!["f"]),
        ("[y.next, z.next] = [a, b]", vec!["a", "b"]),
    ] {
        assert_eq!(sensitivity(&Bench::usual().comb(source)), reads, "{source}");
    }
}

#[test]
fn a_list_in_the_sensitivity_counts_with_all_its_elements() {
    let mut bench = Bench::usual();
    bench.list("mem", 3, 4);
    let out = bench.comb("y.next = mem[c]");
    assert_eq!(sensitivity(&out), ["c", "mem_0", "mem_1", "mem_2"]);
}

#[test]
fn constants_are_not_in_the_sensitivity() {
    let mut bench = Bench::usual();
    let k = bench.unsigned("k", 8);
    bench.edit(k).constant = true;
    assert_eq!(sensitivity(&bench.comb("y.next = a + k")), ["a"]);
}

#[test]
fn signals_that_a_function_reads_are_in_the_sensitivity() {
    let mut bench = Bench::usual();
    bench.function("sum(x)", "return x + b");
    assert_eq!(sensitivity(&bench.comb("y.next = sum(a)")), ["a", "b"]);
}

#[test]
fn a_refused_process_keeps_its_sensitivity() {
    let out = Bench::usual().comb("x = {}\ny.next = a");
    assert_eq!(out.refusal().code.0, 301);
    assert_eq!(sensitivity(&out), ["a"]);
    let process = &out.lowered.design.processes[ProcessId::from_usize(0)];
    assert_eq!(process.foreign.as_deref(), Some(out.refusal().message.as_str()));
    assert!(process.body.is_empty());
}

#[test]
fn combinational_logic_without_inputs_is_a_warning() {
    let out = Bench::usual().comb("q.next = 1");
    let warning = &out.lowered.diagnostics[0];
    assert_eq!(warning.severity, Severity::Warning);
    out.says(warning, 314, 1, "`process` reads no signal and runs only once", "at creation");
    assert_eq!(out.text(), "q <- 1");
}

fn sequential(active_high: bool, asynchronous: bool, body: &str) -> Outcome {
    let mut bench = Bench::usual();
    let clock = bench.bool("clk");
    let reset = bench.reset("rst", active_high, asynchronous);
    bench.list("mem", 2, 4);
    bench.function("task()", "z.next = 1");
    bench.process(Kind::Sequential { clock, rising: true, reset: Some(reset) }, body).run()
}

fn targets(out: &Outcome) -> Vec<String> {
    match &out.lowered.design.processes[ProcessId::from_usize(0)].kind {
        ProcessKind::Sequential { reset: Some(reset), .. } => {
            show::signals(&out.lowered.design, &reset.targets)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reset_sets_everything_that_the_process_drives() {
    for (body, driven) in [
        ("y.next = a", vec!["y"]),
        ("if f:\n    q.next = 1\nelse:\n    z.next[3] = 0", vec!["z", "q"]),
        ("mem[c].next = 1", vec!["mem_0", "mem_1"]),
        ("q.next, y.next = f, a", vec!["y", "q"]),
        ("task()", vec!["z"]),
        ("v = a\nprint(v)", vec![]),
        // Also where the body stays in Python.
        ("q.next = sorted(a)", vec!["q"]),
    ] {
        assert_eq!(targets(&sequential(true, false, body)), driven, "{body}");
    }
}

#[test]
fn a_reset_has_the_polarity_of_its_signal() {
    for (active_high, asynchronous) in [(true, false), (true, true), (false, false), (false, true)] {
        let out = sequential(active_high, asynchronous, "q.next = f");
        let ProcessKind::Sequential { clock, rising, reset: Some(reset) } = &out.process().kind else {
            panic!("{:?}", out.process().kind)
        };
        assert_eq!(reset.polarity, ResetPolarity { active_high, asynchronous });
        assert_eq!(show::signals(&out.lowered.design, &[*clock, reset.signal]), ["clk", "rst"]);
        assert!(rising);
    }
}

#[test]
fn a_clocked_process_may_have_no_reset_and_a_falling_edge() {
    let mut bench = Bench::usual();
    let clock = bench.bool("clk");
    let out = bench.process(Kind::Sequential { clock, rising: false, reset: None }, "q.next = f").run();
    assert!(matches!(out.process().kind, ProcessKind::Sequential { rising: false, reset: None, .. }));
}

#[test]
fn always_waits_for_what_its_decorator_names() {
    let mut bench = Bench::usual();
    let (clk, n) = (bench.bool("clk"), bench.bool("n"));
    let triggers = vec![
        ElabTrigger::Rising(clk),
        ElabTrigger::Falling(n),
        ElabTrigger::Change(n),
        ElabTrigger::Delay(10),
    ];
    let out = bench.process(Kind::Always(triggers), "q.next = not q").run();
    let ProcessKind::Triggered { triggers } = &out.process().kind else { panic!("{:?}", out.process().kind) };
    let shown: Vec<String> =
        triggers.iter().map(|t| show::trigger(&out.lowered.design, &out.process().locals, t)).collect();
    assert_eq!(shown, ["clk.posedge", "n.negedge", "n", "delay 10"]);
    assert_eq!(out.text(), "q <- (not q)");
}

#[test]
fn an_instance_waits_where_it_yields() {
    let mut bench = Bench::usual();
    bench.bool("clk");
    let out = bench.instance(
        "while True:\n    yield clk.posedge\n    yield delay(5)\n    yield f, clk.negedge, delay(int(a))\n    yield [f, g]\n    raise StopSimulation",
    );
    assert!(matches!(out.process().kind, ProcessKind::Thread));
    assert_eq!(
        out.text(),
        "while True\n  wait clk.posedge\n  wait delay 5\n  wait f, clk.negedge, delay a\n  wait f, g\n  raise StopSimulation"
    );
    assert!(out.lowered.diagnostics.is_empty());
}

#[test]
fn what_a_condition_says_of_a_signal_ends_with_a_wait() {
    let out = Bench::usual().instance("if a < 5:\n    yield f\n    n = a + 0\n    y.next = n");
    assert_eq!(out.local("n"), "0..255");
}

#[test]
fn an_instance_that_never_yields_is_an_error() {
    let out = Bench::usual().instance("while True:\n    q.next = 1");
    let error = &out.lowered.diagnostics[0];
    assert!(error.is_error());
    out.says(error, 309, 2, "`process` never yields", "yield delay(10)");
    for body in [
        "while True:\n    yield delay(1)",
        "while True:\n    if a[0]:\n        break\n    q.next = 1",
        "while f:\n    q.next = 1",
        "while True:\n    for i in range(3):\n        yield f",
    ] {
        assert!(Bench::usual().instance(body).lowered.diagnostics.is_empty(), "{body}");
    }
}

#[test]
fn shadow_signals_become_continuous_assignments() {
    let mut bench = Bench::new();
    let a = bench.unsigned("a", 8);
    let bit = bench.signal("bit", ElabSignalType::Bool);
    bench.edit(bit).shadow = Some(Shadow::Bit { parent: a, index: 3 });
    bench.shadow("nibble", 4, Shadow::Slice { parent: a, high: 8, low: 4 });
    let parts = vec![
        ShadowPart::Constant { value: 2.into(), width: 2 },
        ShadowPart::Signal(a),
        ShadowPart::Signal(bit),
    ];
    bench.shadow("word", 11, Shadow::Concat(parts));
    let out = bench.run();
    let design = &out.lowered.design;
    let shown: Vec<(String, String)> =
        design.processes.iter().map(|p| (p.name.clone(), show::block(design, &p.locals, &p.body))).collect();
    let expected = [
        ("bit", "bit <- (bit a 3)"),
        ("nibble", "nibble <- (slice4 a 4)"),
        ("word", "word <- (concat 2:2 a:8 bit:1)"),
    ];
    assert_eq!(shown, expected.map(|(n, b)| (n.to_owned(), b.to_owned())));
    assert_eq!(sensitivity(&out), ["a"]);
    assert!(out.lowered.hosts.iter().all(Option::is_none));
}

#[test]
fn processes_keep_their_order_and_their_hosts() {
    let mut bench = Bench::usual();
    bench.process(Kind::Combinational, "y.next = a").process(Kind::Instance, "x = {}");
    let out = bench.process(Kind::Combinational, "z.next = b").run();
    assert_eq!(out.lowered.hosts.iter().copied().collect::<Vec<_>>(), [Some(0), Some(1), Some(2)]);
    let refused: Vec<usize> = out.lowered.refusals.iter().map(|(id, _)| id.index()).collect();
    assert_eq!(refused, [1]);
}

#[test]
fn one_list_is_one_memory_in_all_processes() {
    let mut bench = Bench::usual();
    bench.list("mem", 4, 8);
    bench.process(Kind::Combinational, "y.next = mem[c]");
    let out = bench.process(Kind::Combinational, "mem[c].next = a").run();
    assert_eq!(out.lowered.design.memories.len(), 1);
    let memory = out.lowered.design.memories.iter().next().unwrap();
    assert_eq!((memory.name.as_str(), memory.elements.len()), ("mem", 4));
}

#[test]
fn a_process_without_a_source_file_is_refused() {
    let mut bench = Bench::usual();
    bench.process(Kind::Combinational, "y.next = a");
    bench.last_process().function.file = None;
    let out = bench.run();
    let refusal = out.refusal();
    assert_eq!(refusal.code.0, 313);
    assert!(refusal.help.as_deref().unwrap_or("").contains("save the design in a file"));
    assert!(refusal.message.contains("the source of `process` is not in a file"));
}

#[test]
fn names_of_objects_in_a_circle_end() {
    let mut bench = Bench::usual();
    let inner = Binding::Object {
        type_name: "Node".into(),
        identity: 1,
        attributes: [("me".to_owned(), Binding::None)].into_iter().collect(),
    };
    let mut node = inner;
    for _ in 0..50 {
        node = Binding::Object {
            type_name: "Node".into(),
            identity: 1,
            attributes: [("me".to_owned(), node)].into_iter().collect(),
        };
    }
    bench.bind("node", node);
    bench.comb("y.next = a").text();
}
