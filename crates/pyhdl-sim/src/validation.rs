//! Validation: an engine in cycle mode runs a few time steps, then the kernel runs the same ones in event mode, and all
//! signals, variables and waits must be the same.

use std::collections::VecDeque;
use std::sync::Arc;

use pyhdl_diag::Diagnostic;
use pyhdl_ir::{Design, ProcessId, RandomNumbers, SignalId};

use crate::cycle::{CycleExit, Frame, Moment, Role, Snapshot, Terms, Wake};
use crate::handover::{Back, Ready};
use crate::interpreter::Fault;
use crate::kernel::Simulation;
use crate::serving::{Log, Serving};
use crate::{Host, HostError, HostTask, Outcome, Resumption, SimError, Value, codes};

/// Event mode beside an engine: without the guests of a design, which drive here what they drove there.
pub(crate) struct Shadow {
    simulation: Simulation,
    /// Numbers at random that the engine has drawn and that are to be drawn here.
    drawn: VecDeque<Value>,
    /// Values that guests have driven in this delta.
    driven: Vec<(SignalId, Value)>,
    /// What the last update was to wake of what guests wait for.
    fired: Vec<Wake>,
    terms: Option<Arc<Terms>>,
}

impl Shadow {
    fn new(
        of: &Simulation,
        start: &Snapshot,
        terms: Option<Arc<Terms>>,
        host: &mut dyn Host,
    ) -> Result<Shadow, Fault> {
        let mut simulation = Simulation::new(of.design.clone());
        let values = of.design.signals.indices().zip(of.store.all(of.design.signals.len()));
        simulation.store.restore(values);
        let mut drawn = VecDeque::new();
        simulation.resume_from(start, &mut Silent { host, drawn: &mut drawn })?;
        Ok(Shadow { simulation, drawn, driven: Vec::new(), fired: Vec::new(), terms })
    }

    /// Compares what is about to wake guests, and what they will see.
    pub fn check(
        &mut self,
        real: &Simulation,
        moment: Moment,
        fired: &[Wake],
        host: &mut dyn Host,
    ) -> Result<(), Fault> {
        if self.simulation.time != moment.time {
            self.steps(host, |_, next| next < moment.time)?;
            self.simulation.begin_step(moment.time);
            self.fired.clear();
        }
        while self.simulation.rounds < u64::from(moment.delta) {
            self.delta(host)?;
        }
        let at = format!("at time {} in delta {}", moment.time, moment.delta);
        if fired != self.fired {
            return Err(differs(&format!(
                "{at} {fired:?} wake processes in Python, in event mode {:?}",
                self.fired
            )));
        }
        let visible = self.terms.as_ref().and_then(|terms| terms.visible(moment.delta));
        self.compare_values(real, &at, |signal| visible.as_ref().is_none_or(|all| all.contains(&signal)))
    }

    pub fn drive(&mut self, driven: &[(SignalId, Value)]) {
        let shared = |signal| self.terms.as_ref().is_none_or(|terms| terms.is_shared(signal));
        self.driven.extend(driven.iter().filter(|(signal, _)| shared(*signal)).cloned());
    }

    fn delta(&mut self, host: &mut dyn Host) -> Result<(), Fault> {
        self.simulation.run_delta(&mut Silent { host, drawn: &mut self.drawn })?;
        for (signal, value) in self.driven.drain(..) {
            self.simulation.store.set_next(signal, value);
        }
        let mut awaited: Vec<Wake> = self.terms.iter().flat_map(|terms| terms.awaited()).collect();
        awaited.sort_unstable();
        awaited.dedup();
        let store = self.simulation.store.clone();
        let value = |wake: &Wake| wake.signal().map(|signal| store.get(signal));
        let before: Vec<Option<Value>> = awaited.iter().map(value).collect();
        self.simulation.update(&mut Silent { host, drawn: &mut self.drawn })?;
        self.simulation.rounds += 1;
        self.fired.clear();
        for (wake, was) in awaited.into_iter().zip(before) {
            let (Some(was), Some(is)) = (was, value(&wake)) else { continue };
            let fires = match wake {
                Wake::Change(_) => was != is,
                Wake::Rising(_) => !was.is_true() && is.is_true(),
                Wake::Falling(_) => was.is_true() && !is.is_true(),
                Wake::Time => false,
            };
            if fires {
                self.fired.push(wake);
            }
        }
        Ok(())
    }

    /// Runs all steps up to a time, inclusive; of several at that time the first one, as engines do.
    fn finish(&mut self, until: u64, host: &mut dyn Host) -> Result<(), Fault> {
        self.steps(host, |now, next| next <= until && now < until)
    }

    /// Ends this step, and runs others as long as the time of the last one and that of the next one are such.
    fn steps(&mut self, host: &mut dyn Host, goes_on: impl Fn(u64, u64) -> bool) -> Result<(), Fault> {
        if !self.driven.is_empty() {
            self.delta(host)?;
        }
        loop {
            self.simulation.settle(&mut Silent { host, drawn: &mut self.drawn })?;
            match self.simulation.calendar.next_time() {
                Some(next) if goes_on(self.simulation.time, next) => self.simulation.begin_step(next),
                _ => return Ok(()),
            }
        }
    }

    /// When the next event is.
    fn next_time(&self) -> u64 {
        self.simulation.calendar.next_time().unwrap_or(u64::MAX)
    }

    fn compare_values(
        &self,
        real: &Simulation,
        at: &str,
        seen: impl Fn(SignalId) -> bool,
    ) -> Result<(), Fault> {
        let design: &Design = &real.design;
        let count = design.signals.len();
        let (ours, theirs) = (real.store.all(count), self.simulation.store.all(count));
        for (id, (a, b)) in design.signals.indices().zip(ours.iter().zip(&theirs)) {
            if a != b && seen(id) && self.terms.as_ref().is_none_or(|terms| terms.is_shared(id)) {
                let name = design.signal_path(id);
                return Err(differs(&format!("{at} signal `{name}` is {a}, in event mode {b}")));
            }
        }
        Ok(())
    }
}

impl Simulation {
    /// Runs time steps on the engine, each `every` of them again in event mode. Returns how the engine came back and
    /// where it is then.
    pub(crate) fn run_validated(
        &mut self,
        ready: &mut Ready,
        start: &Snapshot,
        every: u64,
        host: &mut dyn Host,
        until: Option<u64>,
    ) -> Result<Back, Fault> {
        let mut shadow = Shadow::new(self, start, ready.terms.clone(), host)?;
        let engine = &mut *ready.engine;
        engine.enter(start, &self.store);
        let mut time = start.time;
        loop {
            // The next stop lies behind the next event, and behind this time, at which someone may wait for no time: or
            // nothing would ever happen.
            let guests =
                if ready.terms.is_some() { self.calendar.next_living(&self.activities) } else { None };
            let next = shadow.next_time().min(guests.unwrap_or(u64::MAX));
            let wanted = next.max(time.saturating_add((every - 1).max(1)));
            let stop = until.map_or(wanted, |until| until.min(wanted));
            let mut log = (Log::default(), None);
            let exit = match &ready.terms {
                None => {
                    let mut noting = Noting { host: &mut *host, drawn: &mut shadow.drawn };
                    engine.run(&mut noting, Some(stop), None, None)
                }
                Some(terms) => {
                    let mut serving = Serving::new(self, terms.clone(), false);
                    serving.shadow = Some(shadow);
                    let exit = engine.run(host, Some(stop), Some(&mut serving), None);
                    let (of_step, fault, back) = serving.end();
                    shadow = back.ok_or_else(|| differs("nothing was compared"))?;
                    log = (of_step, fault);
                    exit
                }
            };
            let mut snapshot = engine.leave(&self.store);
            if matches!(exit, CycleExit::Left) {
                return Ok((exit, snapshot, log));
            }
            self.settle_stale(&snapshot, host)?;
            let expected = shadow.finish(stop, host);
            self.compare_ends(&exit, &expected)?;
            if matches!(exit, CycleExit::Reached) {
                if !shadow.drawn.is_empty() {
                    return Err(differs("it draws more numbers at random than event mode"));
                }
                snapshot.stale.clear();
                shadow.compare_values(self, &format!("at time {}", snapshot.time), |_| true)?;
                self.compare_frames(&snapshot, &shadow.simulation, &ready.roles)?;
            }
            time = snapshot.time;
            let over = until.is_some_and(|until| stop >= until);
            let guests =
                if ready.terms.is_some() { self.calendar.next_living(&self.activities) } else { None };
            let nothing_left = shadow.next_time() == u64::MAX && guests.is_none();
            if !matches!(exit, CycleExit::Reached) || over || nothing_left {
                return Ok((exit, snapshot, log));
            }
        }
    }

    fn compare_ends(&self, exit: &CycleExit, expected: &Result<(), Fault>) -> Result<(), Fault> {
        let same = match (exit, expected) {
            (CycleExit::Reached, Ok(())) => true,
            (CycleExit::Stopped(_), Err(Fault::Stop(_))) => true,
            // An error of the host's, in printing, is not the engine's.
            (CycleExit::Failed(SimError::Host(_)), _) => true,
            (CycleExit::Failed(a), Err(Fault::Error(b))) => a.to_string() == b.to_string(),
            _ => false,
        };
        match same {
            true => Ok(()),
            false => Err(differs(&format!("the run ends with {exit:?}, in event mode with {expected:?}"))),
        }
    }

    fn compare_frames(&self, snapshot: &Snapshot, shadow: &Simulation, roles: &[Role]) -> Result<(), Fault> {
        let (design, time): (&Design, _) = (&self.design, snapshot.time);
        let expected = shadow.snapshot();
        for (id, frame) in snapshot.frames.iter_enumerated() {
            let other = &expected.frames[id];
            if roles[id.index()] == Role::Waits && !is_same(frame, other) {
                let name = name_of(design, id);
                return Err(differs(&format!(
                    "at time {time} process `{name}` waits as {frame:?}, in event mode as {other:?}"
                )));
            }
        }
        Ok(())
    }
}

/// The process as the user knows it.
pub(crate) fn name_of(design: &Design, id: ProcessId) -> String {
    let process = &design.processes[id];
    format!("{}.{}", design.path(process.scope), process.name)
}

/// Variables that one side does not keep between activations are not compared.
fn is_same(a: &Frame, b: &Frame) -> bool {
    let slots = a.slots.iter().zip(&b.slots);
    let differ = |(a, b): (&Option<Value>, &Option<Value>)| matches!((a, b), (Some(a), Some(b)) if a != b);
    a.wait == b.wait && a.wake == b.wake && !slots.into_iter().any(differ)
}

fn differs(what: &str) -> Fault {
    Diagnostic::error(codes::ENGINES_DIFFER, format!("cycle mode differs from event mode: {what}"))
        .help("please report it, with the design that shows it; `--engine event` does without it")
        .into()
}

/// A world in which what is printed has been printed already, and what is drawn at random has been drawn.
struct Silent<'h> {
    host: &'h mut dyn Host,
    drawn: &'h mut VecDeque<Value>,
}

impl Host for Silent<'_> {
    fn resume(&mut self, _task: HostTask) -> Result<Resumption, HostError> {
        Ok(Resumption::Finished)
    }

    fn call(&mut self, _process: ProcessId) -> Result<(), HostError> {
        Ok(())
    }

    fn commit(&mut self, _signal: SignalId) -> Result<bool, HostError> {
        Ok(false)
    }

    fn print(&mut self, _text: &str) -> Result<(), HostError> {
        Ok(())
    }

    fn draw(&mut self, _generator: u32, _numbers: &RandomNumbers) -> Result<Value, HostError> {
        self.drawn.pop_front().ok_or_else(|| "event mode draws more numbers at random".into())
    }

    fn interrupted(&mut self, time: u64) -> Result<(), HostError> {
        self.host.interrupted(time)
    }

    fn outcome_of(&self, error: &HostError) -> Option<Outcome> {
        self.host.outcome_of(error)
    }
}

/// The world of a design without guests, with a note of the numbers that are drawn at random.
struct Noting<'h> {
    host: &'h mut dyn Host,
    drawn: &'h mut VecDeque<Value>,
}

impl Host for Noting<'_> {
    fn resume(&mut self, task: HostTask) -> Result<Resumption, HostError> {
        self.host.resume(task)
    }

    fn call(&mut self, process: ProcessId) -> Result<(), HostError> {
        self.host.call(process)
    }

    fn commit(&mut self, signal: SignalId) -> Result<bool, HostError> {
        self.host.commit(signal)
    }

    fn print(&mut self, text: &str) -> Result<(), HostError> {
        self.host.print(text)
    }

    fn draw(&mut self, generator: u32, numbers: &RandomNumbers) -> Result<Value, HostError> {
        let value = self.host.draw(generator, numbers)?;
        self.drawn.push_back(value.clone());
        Ok(value)
    }

    fn interrupted(&mut self, time: u64) -> Result<(), HostError> {
        self.host.interrupted(time)
    }

    fn outcome_of(&self, error: &HostError) -> Option<Outcome> {
        self.host.outcome_of(error)
    }
}
