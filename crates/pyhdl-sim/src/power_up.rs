//! [`power_up_values`]: where a design rests before anything happens.

use oxc_index::IndexVec;
use pyhdl_ir::{Design, ProcessId, ProcessKind, RandomNumbers, SignalId};

use crate::flat::flatten;
use crate::interpreter::Interpreter;
use crate::store::Update;
use crate::{Host, HostError, HostTask, Outcome, Resumption, Store, Value};

/// Rounds after which a combinational loop counts as one that does not settle.
const ROUNDS: u32 = 10_000;
/// Loop iterations of one activation, likewise.
const LOOP_LIMIT: u64 = 1_000_000;

/// The values of all signals at time 0 when only the lowered `Continuous` and `Combinational` processes have run,
/// from the initial values until nothing changes: what declared initial values must be.
///
/// A process that fails (for example with a value out of bounds) is left out from then on. Where a loop does not
/// settle, the values are those of some round.
pub fn power_up_values(design: &Design) -> IndexVec<SignalId, Value> {
    let store = Store::new(design);
    let mut interpreter = Interpreter::new(flatten(design), LOOP_LIMIT);
    let mut woken_by: IndexVec<SignalId, Vec<ProcessId>> =
        design.signals.iter().map(|_| Vec::new()).collect();
    let mut runnable = Vec::new();
    let mut listed = vec![false; design.processes.len()];
    let mut failed = vec![false; design.processes.len()];
    for (id, process) in design.processes.iter_enumerated().filter(|(_, p)| p.foreign.is_none()) {
        if let ProcessKind::Continuous { sensitivity } | ProcessKind::Combinational { sensitivity } =
            &process.kind
        {
            sensitivity.iter().for_each(|s| woken_by[*s].push(id));
            runnable.push(id);
            listed[id.index()] = true;
        }
    }
    let mut batch = Vec::new();
    for _ in 0..ROUNDS {
        while let Some(process) = runnable.pop() {
            listed[process.index()] = false;
            if !failed[process.index()] {
                failed[process.index()] = interpreter.run(process, &store, &mut NoHost).is_err();
            }
        }
        let mut state = store.lock();
        if !state.has_pending() {
            break;
        }
        batch.clear();
        state.take_pending(&mut batch);
        for &signal in &batch {
            if state.commit(signal) != Update::Unchanged {
                for &process in &woken_by[signal] {
                    if !std::mem::replace(&mut listed[process.index()], true) {
                        runnable.push(process);
                    }
                }
            }
        }
    }
    let mut state = store.lock();
    design.signals.indices().map(|signal| state.current(signal).clone()).collect()
}

/// A world in which prints go nowhere and nothing is left to chance.
struct NoHost;

impl Host for NoHost {
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
        Ok(Value::Int(0))
    }

    fn interrupted(&mut self, _time: u64) -> Result<(), HostError> {
        Ok(())
    }

    fn outcome_of(&self, _error: &HostError) -> Option<Outcome> {
        None
    }
}
