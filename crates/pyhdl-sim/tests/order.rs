//! The order in which processes run. Every expected list is what MyHDL 0.11.52 printed for the Python in the
//! test's comment, run with `run_sim()` on CPython 3.11.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::*;
use pyhdl_ir::*;
use pyhdl_sim::*;

/// Blocks return `a, x, b, [y, c]` with instances x, y of a block whose process prints `sub n`; all wait `delay(1)`.
#[test]
fn at_the_start_the_last_one_returned_runs_first() {
    let mut b = Builder::new();
    let s = b.bool("s");
    let top = b.design.top();
    let twice = |name: &str| vec![say(name), delay(1), say(name)];
    let thread =
        |b: &mut Builder, scope, name: &str| b.process_in(scope, ProcessKind::Thread, &[], twice(name));
    thread(&mut b, top, "a");
    let x = b.scope("x", top);
    thread(&mut b, x, "sub 1");
    thread(&mut b, top, "b");
    let y = b.scope("y", top);
    thread(&mut b, y, "sub 2");
    b.comb(&[s], vec![say("c")]);
    assert_eq!(b.lines(), ["c 0", "sub 2 0", "b 0", "sub 1 0", "a 0", "a 1", "sub 1 1", "b 1", "sub 2 1"]);
}

/// Processes `@always(s)`, `@always(s.posedge)`, `@always(s)`, `@always(s.posedge, s)`, `@always(s.negedge)`,
/// `@always(t)`, `@always(t, s)`; the stimulus toggles s and t at 5, s at 10, t at 15, t then s at 20.
#[test]
fn a_delta_runs_waiters_from_the_last_registered_to_the_first() {
    let mut b = Builder::new();
    let (s, t) = (b.bool("s"), b.bool("t"));
    b.always(vec![Trigger::Change(s)], vec![say("a change")]);
    b.always(vec![Trigger::Rising(s)], vec![say("b pos")]);
    b.always(vec![Trigger::Change(s)], vec![say("c change")]);
    b.always(vec![Trigger::Rising(s), Trigger::Change(s)], vec![say("d both")]);
    b.always(vec![Trigger::Falling(s)], vec![say("e neg")]);
    b.always(vec![Trigger::Change(t)], vec![say("f t")]);
    b.always(vec![Trigger::Change(t), Trigger::Change(s)], vec![say("g ts")]);
    let toggle = |x| next(x, not(sig(x)));
    b.thread(vec![
        delay(5),
        toggle(s),
        toggle(t),
        delay(5),
        toggle(s),
        delay(5),
        toggle(t),
        delay(5),
        toggle(t),
        toggle(s),
    ]);
    assert_eq!(
        b.lines(),
        [
            "f t 5",
            "g ts 5",
            "b pos 5",
            "d both 5",
            "a change 5",
            "c change 5",
            "e neg 10",
            "c change 10",
            "a change 10",
            "d both 10",
            "g ts 10",
            "g ts 15",
            "f t 15",
            "d both 20",
            "b pos 20",
            "g ts 20",
            "a change 20",
            "c change 20",
            "f t 20",
        ]
    );
}

/// `t.next=1; s.next=1; t.next=2` at 1, `s.next=5; t.next=5` at 2, with `@always(s)` and `@always(t)`.
#[test]
fn signals_are_updated_in_the_order_of_their_first_scheduling() {
    let mut b = Builder::new();
    let (s, t) = (b.int("s"), b.int("t"));
    b.always(vec![Trigger::Change(s)], vec![say("s")]);
    b.always(vec![Trigger::Change(t)], vec![say("t")]);
    b.thread(vec![
        delay(1),
        next(t, c(1)),
        next(s, c(1)),
        next(t, c(2)),
        delay(1),
        next(s, c(5)),
        next(t, c(5)),
    ]);
    assert_eq!(b.lines(), ["s 1", "t 1", "t 2", "s 2"]);
}

/// `stim` sets s and waits `delay(0)` twice, `c` copies s to u on change, `other` waits `delay(0)` twice.
#[test]
fn delay_0_is_a_round_of_its_own_at_the_same_time() {
    let mut b = Builder::new();
    let (s, u) = (b.bool("s"), b.bool("u"));
    b.thread(vec![
        say("start"),
        next(s, boolean(true)),
        delay(0),
        show("after d0", vec![sig(s), sig(u)]),
        delay(0),
        say("d0 again"),
        delay(3),
        say("d3"),
    ]);
    b.always(vec![Trigger::Change(s)], vec![say("c"), next(u, sig(s))]);
    b.thread(vec![delay(0), say("other d0"), delay(0), say("other d0 2")]);
    assert_eq!(
        b.lines(),
        ["start 0", "c 0", "after d0 True True 0", "other d0 0", "other d0 2 0", "d0 again 0", "d3 3"]
    );
}

/// Four times `yield delay(10); print; yield delay(0); print`, run with `run_sim(10)` five times.
#[test]
fn a_run_ends_after_the_events_of_its_last_time_but_before_delay_0_events() {
    let mut b = Builder::new();
    b.thread_with(&[any_int()], vec![repeat(0, 4, vec![delay(10), say("at"), delay(0), say("d0")])]);
    let (mut simulation, mut host) = b.simulate();
    let mut seen = vec![];
    for _ in 0..5 {
        let outcome = simulation.run(&mut host, Some(10)).unwrap();
        seen.push((std::mem::take(&mut host.lines).join(", "), outcome, simulation.store().time()));
    }
    let expected = [
        ("at 10", Outcome::Suspended, 10),
        ("d0 10, at 20", Outcome::Suspended, 20),
        ("d0 20, at 30", Outcome::Suspended, 30),
        ("d0 30, at 40", Outcome::Suspended, 40),
        ("d0 40", Outcome::NoMoreEvents, 50),
    ];
    assert_eq!(seen, expected.map(|(text, outcome, time)| (text.to_owned(), outcome, time)));
}

/// `run_sim(7)`, `run_sim(3)`, `run_sim(0)` of the same process: suspended at 7 and at 10, then run to the end.
#[test]
fn a_suspended_run_goes_on_where_it_was() {
    let mut b = Builder::new();
    b.thread_with(&[any_int()], vec![repeat(0, 4, vec![delay(10), say("at"), delay(0), say("d0")])]);
    let (mut simulation, mut host) = b.simulate();
    assert_eq!(simulation.run(&mut host, Some(7)).unwrap(), Outcome::Suspended);
    assert_eq!((simulation.store().time(), host.lines.len()), (7, 0));
    assert_eq!(simulation.run(&mut host, Some(3)).unwrap(), Outcome::Suspended);
    assert_eq!((simulation.store().time(), host.lines.len()), (10, 1));
    assert_eq!(simulation.run(&mut host, Some(0)).unwrap(), Outcome::NoMoreEvents);
    assert_eq!((simulation.store().time(), host.lines.len()), (40, 8));
    assert_eq!(simulation.run(&mut host, None).unwrap(), Outcome::NoMoreEvents);
    assert_eq!(host.lines.len(), 8);
}

/// `yield s, delay(100)` woken by s at 10: MyHDL ends at time 100.
#[test]
fn time_also_goes_to_events_that_nobody_waits_for_any_more() {
    let mut b = Builder::new();
    let s = b.bool("s");
    b.thread(vec![wait(vec![Trigger::Change(s), Trigger::Delay(c(100))]), say("woke")]);
    b.thread(vec![delay(10), next(s, boolean(true))]);
    let (mut simulation, mut host) = b.simulate();
    assert_eq!(simulation.run(&mut host, None).unwrap(), Outcome::NoMoreEvents);
    assert_eq!((host.lines, simulation.store().time()), (vec!["woke 10".to_owned()], 100));
}

/// One `yield delay(10)`: `run_sim(50)` ends with "No more events" at 50, `run_sim(10)` likewise at 10.
#[test]
fn a_run_without_further_events_ends_at_its_duration() {
    for duration in [50, 10] {
        let mut b = Builder::new();
        b.thread(vec![delay(10)]);
        let (mut simulation, mut host) = b.simulate();
        assert_eq!(simulation.run(&mut host, Some(duration)).unwrap(), Outcome::NoMoreEvents);
        assert_eq!(simulation.store().time(), duration);
    }
}

/// `s.next=True; raise StopSimulation` at 10 with `@always(s)`: the waiter does not run.
#[test]
fn stop_ends_the_run_before_pending_updates() {
    let mut b = Builder::new();
    let s = b.bool("s");
    b.always(vec![Trigger::Change(s)], vec![say("w")]);
    b.thread(vec![
        delay(10),
        next(s, boolean(true)),
        stmt(StmtKind::Raise { exception: "StopSimulation".to_owned(), message: Vec::new() }),
    ]);
    let (mut simulation, mut host) = b.simulate();
    assert_eq!(simulation.run(&mut host, None).unwrap(), Outcome::Stopped);
    assert_eq!((host.lines.len(), simulation.store().time()), (0, 10));
    assert_eq!(simulation.run(&mut host, None).unwrap(), Outcome::Stopped);
}

/// `b = v(0)`, `h = v(8, 4)` with `@always` on each; v becomes 0x31 at 1 and 0x20 at 2.
#[test]
fn shadow_signals_follow_one_delta_later() {
    let mut b = Builder::new();
    let v = b.bits("v", 8);
    let (bit, high) = (b.bool("b"), b.bits("h", 4));
    let bit_of = |value, i| expr(ExprKind::Bit { value: Box::new(sig(value)), index: Box::new(c(i)) });
    let shadow =
        |target, value| (ProcessKind::Continuous { sensitivity: vec![v] }, vec![next(target, value)]);
    // Listed in front of the processes that use them, as a block would.
    let (kind, body) = shadow(bit, bit_of(v, 0));
    b.process(kind, body);
    let slice = expr(ExprKind::Slice { value: Box::new(sig(v)), low: Box::new(c(4)), width: 4 });
    let (kind, body) = shadow(high, slice);
    b.process(kind, body);
    let report = |name: &str| show(name, vec![sig(v), sig(bit), sig(high)]);
    b.always(vec![Trigger::Change(bit)], vec![report("b")]);
    b.always(vec![Trigger::Change(high)], vec![report("h")]);
    b.always(vec![Trigger::Change(v)], vec![report("v")]);
    b.thread(vec![say("init"), delay(1), next(v, c(0x31)), delay(1), next(v, c(0x20))]);
    assert_eq!(
        b.lines(),
        [
            "init 0",
            "v 49 False 0 1",
            "h 49 True 3 1",
            "b 49 True 3 1",
            "v 32 True 3 2",
            "b 32 False 2 2",
            "h 32 False 2 2",
        ]
    );
}

/// `@always_seq(clk.posedge, reset=ResetSignal(1, active=1, isasync=True))` with `q.next = q + 1; f.next = 1`;
/// reset released at 1, clock up at 2, reset again at 4, clock up in reset at 5.
#[test]
fn an_asynchronous_reset_gives_the_initial_objects() {
    let mut b = Builder::new();
    let (clk, rst) = (b.bool("clk"), b.signal("rst", StorageType::Bool, 1));
    let q = b.signal("q", StorageType::Bits(BitsType::unsigned(8)), 3);
    let f = b.bool("f");
    let polarity = ResetPolarity { active_high: true, asynchronous: true };
    let reset = Some(Reset { signal: rst, polarity, targets: vec![q, f] });
    b.process(
        ProcessKind::Sequential { clock: clk, rising: true, reset },
        vec![say("body"), next(q, add(sig(q), c(1))), next(f, c(1))],
    );
    let report = || show("", vec![sig(q), sig(f)]);
    b.thread(vec![
        delay(1),
        next(rst, c(0)),
        delay(1),
        next(clk, c(1)),
        delay(1),
        next(clk, c(0)),
        report(),
        delay(1),
        next(rst, c(1)),
        delay(1),
        report(),
        next(clk, c(1)),
        next(rst, c(1)),
        delay(1),
        report(),
    ]);
    assert_eq!(b.lines(), ["body 2", " 4 1 3", " 3 False 5", " 3 False 6"]);
}

#[test]
fn a_synchronous_reset_waits_for_the_edge_and_may_be_active_low() {
    let mut b = Builder::new();
    let (clk, rst) = (b.bool("clk"), b.signal("rst", StorageType::Bool, 1));
    let q = b.bits("q", 8);
    let polarity = ResetPolarity { active_high: false, asynchronous: false };
    let reset = Some(Reset { signal: rst, polarity, targets: vec![q] });
    b.process(ProcessKind::Sequential { clock: clk, rising: false, reset }, vec![next(q, add(sig(q), c(1)))]);
    b.always(vec![Trigger::Delay(c(5))], vec![next(clk, not(sig(clk)))]);
    b.always(vec![Trigger::Change(q)], vec![show("q", vec![sig(q)])]);
    b.thread(vec![
        delay(23),
        next(rst, c(0)),
        delay(10),
        next(rst, c(1)),
        delay(10),
        stmt(StmtKind::Raise { exception: "StopSimulation".to_owned(), message: Vec::new() }),
    ]);
    // Clock falls at 10, 20, 30, 40; reset is active from 23 to 33.
    assert_eq!(b.lines(), ["q 1 10", "q 2 20", "q 0 30", "q 1 40"]);
}

/// Two threads that wait `join(s, t)`, one `s`, one `join(s, t), delay(50)`, one `t`.
#[test]
fn joins_wake_when_the_last_part_fires() {
    let mut b = Builder::new();
    let (s, t) = (b.int("s"), b.int("t"));
    let threads: Vec<u32> = (0..4).map(|_| b.foreign(ProcessKind::Thread).index() as u32).collect();
    let mut stimulus = vec![];
    for (steps, values) in [
        (1, [(s, 1)].as_slice()),
        (1, &[(t, 1)]),
        (1, &[(s, 2), (t, 2)]),
        (1, &[(t, 3), (s, 3)]),
        (1, &[(t, 4)]),
        (1, &[(s, 4)]),
    ] {
        stimulus.push(delay(steps));
        stimulus.extend(values.iter().map(|(signal, v)| next(*signal, c(*v))));
    }
    stimulus.extend([
        delay(100),
        stmt(StmtKind::Raise { exception: "StopSimulation".to_owned(), message: Vec::new() }),
    ]);
    b.thread(stimulus);
    let (mut simulation, mut host) = b.simulate();
    let both = || Wait::All(vec![Wait::Change(s), Wait::Change(t)]);
    let waits = [
        ("a", both()),
        ("b", Wait::Change(s)),
        ("c", Wait::Any(vec![both(), Wait::Delay(50)])),
        ("d", Wait::Change(t)),
    ];
    for (task, (name, wait)) in threads.iter().zip(&waits) {
        let mut steps = vec![("", Resumption::Wait(wait.clone()))];
        steps.extend((0..9).map(|_| (*name, Resumption::Wait(wait.clone()))));
        host.script(*task, steps);
    }
    simulation.run(&mut host, None).unwrap();
    assert_eq!(
        host.lines,
        [
            "b 1", "a 2", "c 2", "d 2", "d 3", "c 3", "a 3", "b 3", "b 4", "a 4", "c 4", "d 4", "d 5", "c 6",
            "a 6", "b 6", "c 56", "c 106"
        ]
    );
}

/// `yield None`, forks, joins of forks, joins of delays and signals, in one generator; s changes every step up to 40.
#[test]
fn forks_joins_and_none_run_as_in_myhdl() {
    let mut b = Builder::new();
    let s = b.signal("s", any_int(), 0);
    let p = b.foreign(ProcessKind::Thread).index() as u32;
    let body = vec![delay(1), next(s, var(0))];
    b.thread_with(&[any_int()], vec![say("q"), repeat(0, 40, body)]);
    let (mut simulation, mut host) = b.simulate();
    let wait = Resumption::Wait;
    let fork = |n: u32| Wait::Fork(HostTask(100 + n));
    let (all, any, delay) = (Wait::All, Wait::Any, Wait::Delay);
    host.script(
        p,
        vec![
            ("p1", wait(Wait::Now)),
            ("p2", wait(fork(1))),
            ("p3", wait(any(vec![fork(2), fork(3)]))),
            ("p4", wait(all(vec![fork(4), fork(5)]))),
            ("p5", wait(fork(11))),
            ("p6", wait(all(vec![delay(2), delay(7), Wait::Change(s)]))),
            ("p7", wait(any(vec![fork(12), fork(13)]))),
            ("p8", wait(all(vec![fork(14), fork(15)]))),
            ("p9", wait(any(vec![Wait::Now, fork(6)]))),
            ("p10", wait(any(vec![all(vec![delay(3), Wait::Change(s)]), delay(100)]))),
            ("p11", wait(all(vec![delay(1), all(vec![delay(5), delay(6)])]))),
            ("p12", wait(any(vec![all(vec![Wait::Change(s), delay(9)]), all(vec![delay(2), delay(3)])]))),
            ("p13", wait(any(vec![]))),
            ("p14", wait(any(vec![delay(1), Wait::Now]))),
            ("p15", wait(all(vec![delay(1), Wait::Now]))),
            ("p16", wait(all(vec![]))),
            ("p17", Resumption::Finished),
        ],
    );
    for (n, start, steps, end) in [
        (1, "child 1 start", 3, "child 1 end"),
        (2, "child 2 start", 5, "child 2 end"),
        (3, "child 3 start", 2, "child 3 end"),
        (4, "child 4 start", 1, "child 4 end"),
        (5, "child 5 start", 4, "child 5 end"),
        (6, "child 6 start", 1, "child 6 end"),
    ] {
        host.script(100 + n, vec![(start, wait(delay(steps))), (end, Resumption::Finished)]);
    }
    for (n, text) in
        [(11, "nowait 1"), (12, "nowait 2"), (13, "nowait 3"), (14, "nowait 4"), (15, "nowait 5")]
    {
        host.script(100 + n, vec![(text, Resumption::Finished)]);
    }
    simulation.run(&mut host, None).unwrap();
    assert_eq!(
        host.lines,
        [
            "q 0",
            "p1 0",
            "p2 0",
            "child 1 start 0",
            "child 1 end 3",
            "p3 3",
            "child 3 start 3",
            "child 2 start 3",
            "child 3 end 5",
            "p4 5",
            "child 5 start 5",
            "child 4 start 5",
            "child 4 end 6",
            "child 2 end 8",
            "child 5 end 9",
            "p5 9",
            "nowait 1 9",
            "p6 9",
            "p7 16",
            "nowait 3 16",
            "p8 16",
            "nowait 5 16",
            "nowait 4 16",
            "p9 16",
            "child 6 start 16",
            "p10 16",
            "nowait 2 16",
            "child 6 end 17",
            "p11 19",
            "p12 25",
            "p13 28",
            "p14 28",
            "p15 28",
            "p16 29",
        ]
    );
    assert_eq!(simulation.store().time(), 116);
}

/// `join(a, b)`, `join(a, a)`, `join(a, a.posedge)`, `yield a, a`; a toggles every step, b at 3, 7, 11.
#[test]
fn a_join_counts_every_registration() {
    let mut b = Builder::new();
    let (x, y) = (b.bool("a"), b.bool("b"));
    let p = b.foreign(ProcessKind::Thread).index() as u32;
    let toggle = |s| next(s, not(sig(s)));
    let every_fourth = cmp(CompareOp::Eq, bin(BinaryOp::Mod, var(0), c(4)), c(2));
    b.thread_with(
        &[any_int()],
        vec![repeat(0, 12, vec![delay(1), toggle(x), iff(every_fourth, vec![toggle(y)])])],
    );
    let (mut simulation, mut host) = b.simulate();
    let (wait, change) = (Resumption::Wait, Wait::Change);
    host.script(
        p,
        vec![
            ("", wait(Wait::All(vec![change(x), change(y)]))),
            ("ab", wait(Wait::All(vec![change(x), change(x)]))),
            ("aa", wait(Wait::All(vec![change(x), Wait::Rising(x)]))),
            ("aap", wait(Wait::Any(vec![change(x), change(x)]))),
            ("a,a", Resumption::Finished),
        ],
    );
    simulation.run(&mut host, None).unwrap();
    assert_eq!(host.lines, ["ab 3", "aa 4", "aap 5", "a,a 6"]);
}
