//! Runs that do not end by themselves, what the host gets to see, observers, values at power-up.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::sync::{Arc, Mutex};

use common::*;
use pyhdl_diag::Diagnostic;
use pyhdl_ir::*;
use pyhdl_sim::codes;
use pyhdl_sim::*;

fn diagnostic(error: SimError) -> Diagnostic {
    match error {
        SimError::Diagnostic(diagnostic) => diagnostic,
        other => panic!("{other}"),
    }
}

#[test]
fn a_combinational_loop_is_reported_with_its_signals_and_processes() {
    let mut b = Builder::new();
    let (x, y, quiet) = (b.bool("x"), b.bool("y"), b.bool("quiet"));
    b.comb(&[x], vec![next(y, not(sig(x)))]);
    b.comb(&[y], vec![next(x, sig(y))]);
    b.comb(&[quiet], vec![next(quiet, sig(quiet))]);
    let diagnostic = diagnostic(b.error());
    assert_eq!(diagnostic.code, codes::DELTA_LIMIT);
    assert_eq!(
        diagnostic.message,
        "combinational loop does not settle at time 0: `top.x`, `top.y` keep changing"
    );
    assert!(diagnostic.labels.iter().any(|l| l.text.contains("p0")), "{diagnostic:?}");
    assert!(!diagnostic.labels.iter().any(|l| l.text.contains("p2")), "{diagnostic:?}");
}

#[test]
fn a_thread_that_waits_for_delay_0_for_ever_is_reported() {
    let mut b = Builder::new();
    b.thread(vec![delay(4), forever(vec![delay(0)])]);
    let diagnostic = diagnostic(b.error());
    assert_eq!(diagnostic.code, codes::DELTA_LIMIT);
    assert!(diagnostic.message.contains("time does not advance beyond 4"), "{diagnostic}");
    assert!(diagnostic.labels[0].text.contains("p0"));
}

#[test]
fn a_thread_that_never_yields_is_reported() {
    let mut b = Builder::new();
    b.thread(vec![forever(vec![])]);
    let options = Options { loop_limit: 100_000, ..Options::default() };
    let (mut simulation, mut host) = b.simulate_with(options);
    let diagnostic = diagnostic(simulation.run(&mut host, None).unwrap_err());
    assert_eq!(diagnostic.code, codes::NEVER_YIELDS);
}

#[test]
fn a_long_loop_in_which_each_round_waits_is_fine() {
    let mut b = Builder::new();
    b.thread_with(&[any_int()], vec![repeat(0, 300, vec![delay(1)])]);
    let (mut simulation, mut host) = b.simulate_with(Options { loop_limit: 10, ..Options::default() });
    assert_eq!(simulation.run(&mut host, None).unwrap(), Outcome::NoMoreEvents);
}

#[test]
fn a_host_task_that_never_waits_is_reported() {
    let mut b = Builder::new();
    let p = b.foreign(ProcessKind::Thread).index() as u32;
    let (mut simulation, mut host) = b.simulate_with(Options { loop_limit: 1000, ..Options::default() });
    host.script(p, (0..2000).map(|_| ("", Resumption::Wait(Wait::Now))).collect());
    let diagnostic = diagnostic(simulation.run(&mut host, None).unwrap_err());
    assert_eq!(diagnostic.code, codes::NEVER_YIELDS);
}

#[test]
fn an_endless_loop_can_be_interrupted() {
    let mut b = Builder::new();
    b.thread(vec![forever(vec![])]);
    let (mut simulation, mut host) = b.simulate();
    host.interrupt_after = Some(3);
    match simulation.run(&mut host, None) {
        Err(SimError::Host(error)) => assert_eq!(error.to_string(), "KeyboardInterrupt"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_endless_simulation_can_be_interrupted() {
    let mut b = Builder::new();
    let clk = b.bool("clk");
    b.always(vec![Trigger::Delay(c(1))], vec![next(clk, not(sig(clk)))]);
    let (mut simulation, mut host) = b.simulate();
    host.interrupt_after = Some(3);
    assert!(matches!(simulation.run(&mut host, None), Err(SimError::Host(_))));
}

#[test]
fn foreign_processes_are_called_when_their_kind_says_so() {
    let mut b = Builder::new();
    let (s, q) = (b.bool("s"), b.int("q"));
    let comb = b.foreign(ProcessKind::Combinational { sensitivity: vec![s] });
    let edge = b.foreign(ProcessKind::Triggered { triggers: vec![Trigger::Rising(s)] });
    b.always(vec![Trigger::Change(q)], vec![show("q", vec![sig(q)])]);
    b.thread(vec![delay(2), next(s, c(1)), delay(2), next(s, c(0))]);
    let (mut simulation, mut host) = b.simulate();
    host.body = Box::new(move |process, store| {
        store.set_next(q, Value::Int(i64::from(process == edge) * 10 + store.time() as i64));
        Ok(if process == comb { "comb" } else { "edge" }.to_owned())
    });
    simulation.run(&mut host, None).unwrap();
    // At 2 the waiters are [comb, edge]; edge runs first, comb sets q last.
    assert_eq!(host.lines, ["comb 0", "edge 2", "comb 2", "q 2 2", "comb 4", "q 4 4"]);
}

#[test]
fn what_the_host_raises_ends_the_run() {
    let run = |text: &'static str| {
        let mut b = Builder::new();
        let s = b.bool("s");
        b.foreign(ProcessKind::Combinational { sensitivity: vec![s] });
        let (mut simulation, mut host) = b.simulate();
        host.body = Box::new(move |_, _| Err(Box::new(Raised(text))));
        simulation.run(&mut host, None)
    };
    assert!(matches!(run("StopSimulation"), Ok(Outcome::Stopped)));
    assert!(matches!(run("Suspend"), Ok(Outcome::Suspended)));
    assert!(matches!(run("KeyError"), Err(SimError::Host(e)) if e.to_string() == "KeyError"));
}

#[test]
fn an_opaque_signal_changes_when_the_host_says_so() {
    for changes in [true, false] {
        let mut b = Builder::new();
        let (s, o) = (b.bool("s"), b.signal("o", StorageType::Opaque, 0));
        b.foreign(ProcessKind::Combinational { sensitivity: vec![s] });
        b.always(vec![Trigger::Change(o)], vec![say("changed")]);
        b.always(vec![Trigger::Rising(o)], vec![say("rose")]);
        b.thread(vec![delay(3), next(s, c(1)), delay(3), next(s, c(0))]);
        let (mut simulation, mut host) = b.simulate();
        host.commits = changes;
        host.body = Box::new(move |_, store| {
            store.touch(o);
            if store.time() == 3 {
                store.set_next(o, Value::Bool(true));
            }
            Ok("called".into())
        });
        simulation.run(&mut host, None).unwrap();
        let expected: &[&str] = if changes {
            &["called 0", "changed 0", "called 3", "rose 3", "changed 3", "called 6", "changed 6"]
        } else {
            &["called 0", "called 3", "called 6"]
        };
        assert_eq!(host.lines, expected);
    }
}

struct Log(Arc<Mutex<Vec<String>>>, [SignalId; 2]);

impl Observer for Log {
    fn delta(&mut self, time: u64, delta: u64, changed: &[SignalId], store: &Store) {
        let values: Vec<_> = changed.iter().map(|s| format!("{}={}", s.index(), store.get(*s))).collect();
        self.0.lock().unwrap().push(format!("{time}.{delta} {}", values.join(" ")));
    }

    fn end_of_step(&mut self, time: u64, settled: bool, store: &Store) {
        let [a, b] = self.1.map(|s| store.get(s));
        let word = if settled { "end" } else { "cut off" };
        self.0.lock().unwrap().push(format!("{word} {time} {a} {b}"));
    }
}

#[test]
fn observers_see_each_delta_and_each_end_of_step() {
    let mut b = Builder::new();
    let (x, y) = (b.int("x"), b.int("y"));
    b.comb(&[x], vec![next(y, add(sig(x), c(1)))]);
    b.thread(vec![delay(2), next(y, c(9)), next(x, c(5)), next(x, c(6)), delay(0), next(x, c(7)), delay(3)]);
    let (mut simulation, mut host) = b.simulate();
    let log = Arc::new(Mutex::new(vec![]));
    simulation.observe(Box::new(Log(log.clone(), [x, y])));
    assert_eq!(simulation.run(&mut host, Some(4)).unwrap(), Outcome::Suspended);
    simulation.run(&mut host, None).unwrap();
    assert_eq!(
        *log.lock().unwrap(),
        [
            "0.0 1=1",
            "end 0 0 1",
            "2.0 1=9 0=6",
            "2.1 1=7",
            "2.2 0=7",
            "2.3 1=8",
            "end 2 7 8",
            "end 4 7 8",
            "end 5 7 8"
        ]
    );
}

#[test]
fn observers_are_told_that_a_step_was_cut_off() {
    let mut b = Builder::new();
    let (x, y) = (b.int("x"), b.int("y"));
    b.comb(&[x], vec![next(y, add(sig(x), c(1)))]);
    b.thread(vec![
        delay(2),
        next(x, c(5)),
        delay(0),
        next(x, c(6)),
        stmt(StmtKind::Raise { exception: "StopSimulation".to_owned(), message: Vec::new() }),
    ]);
    let (mut simulation, mut host) = b.simulate();
    let log = Arc::new(Mutex::new(vec![]));
    simulation.observe(Box::new(Log(log.clone(), [x, y])));
    assert_eq!(simulation.run(&mut host, None).unwrap(), Outcome::Stopped);
    assert_eq!(*log.lock().unwrap(), ["0.0 1=1", "end 0 0 1", "2.0 0=5", "2.1 1=6", "cut off 2 5 6"]);
}

#[test]
fn values_at_power_up_are_those_of_settled_combinational_logic() {
    let mut b = Builder::new();
    let a = b.signal("a", StorageType::Bits(BitsType::unsigned(4)), 3);
    let (x, y, bad, q) = (b.bits("x", 4), b.bits("y", 8), b.bits("bad", 2), b.bits("q", 4));
    let clk = b.bool("clk");
    // In the order in which a single pass would not settle, whatever its direction.
    b.comb(&[x], vec![next(y, bin(BinaryOp::Mul, sig(x), c(2)))]);
    b.process(ProcessKind::Continuous { sensitivity: vec![a] }, vec![next(x, add(sig(a), c(1)))]);
    b.comb(&[y], vec![next(bad, sig(y))]);
    b.process(ProcessKind::Sequential { clock: clk, rising: true, reset: None }, vec![next(q, c(1))]);
    b.thread(vec![next(a, c(9)), say("must not run")]);
    let values = power_up_values(&b.design);
    let of = |s: SignalId| values[s].to_string();
    assert_eq!([a, x, y, bad, q].map(of), ["3", "4", "8", "0", "0"]);
}

#[test]
fn power_up_values_of_a_loop_that_does_not_settle_come_to_an_end() {
    let mut b = Builder::new();
    let x = b.bool("x");
    b.comb(&[x], vec![next(x, not(sig(x)))]);
    assert_eq!(power_up_values(&b.design).len(), 1);
}

#[test]
fn two_simulations_of_one_design_do_not_see_each_other() {
    let mut b = Builder::new();
    let n = b.int("n");
    b.thread_with(&[any_int()], vec![repeat(0, 3, vec![delay(1), next(n, add(sig(n), c(1)))])]);
    let design = Arc::new(b.design);
    let mut stores = vec![];
    for duration in [1, 2, 0] {
        let mut simulation = Simulation::new(design.clone());
        let mut host = Builder::new().simulate().1;
        simulation.run(&mut host, Some(duration)).unwrap();
        stores.push(simulation.store());
    }
    assert_eq!(stores.iter().map(|s| s.get(n).to_string()).collect::<Vec<_>>(), ["1", "2", "3"]);
}

#[test]
fn a_delay_beyond_the_last_time_step_is_a_diagnostic() {
    let mut b = Builder::new();
    b.thread(vec![delay(10), wait(vec![Trigger::Delay(c(u64::MAX))])]);
    assert_eq!(diagnostic(b.error()).code, codes::TIME_OVERFLOW);
}
