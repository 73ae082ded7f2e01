//! Machine code (Cranelift) for a design in cycle mode, and the engine that runs it.
//!
//! - `division`: how a plan's actions become functions;
//! - `layout`: where each value is in memory;
//! - `num`, `expr`, `residues`, `stmt`, `assign`, `loops`, `process`, `thread`, `step`, `updates`: code of numbers,
//!   expressions, statements, processes, threads, time steps, and of what ends a delta cycle;
//! - `passes`: what makes it fast, a file each; `options`: what of that is left out;
//! - `condition`, `kept`: what is known of a step while its code is made, and what it has in registers;
//! - `sites`: what the code says when it leaves its normal way; `runtime`: what it calls;
//! - `code`: machine code that can be put anywhere; `engine`: runs it.
//!
//! Why the order of a plan is right is not known here: [`pyhdl_sim::cycle`] finds it.

mod assign;
mod body;
mod cache;
mod code;
mod condition;
mod division;
mod engine;
mod expr;
mod guests;
mod kept;
mod layout;
mod loops;
mod num;
mod options;
mod passes;
mod process;
mod program;
mod residues;
mod runtime;
mod shift;
mod sites;
mod slots;
mod step;
mod stmt;
mod thread;
mod updates;

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cranelift_codegen::ir::{Function, UserFuncName};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use pyhdl_sim::Uncompiled;
use pyhdl_sim::cycle::{CycleEngine, Plan};

use body::{Body, Shared};
use code::{Blob, Code};
use division::{Division, Segment};
use layout::Layout;
pub use options::{LEFT_OUT, Options};
pub use passes::{PASSES, Pass};
use program::Program;

/// Why a design is not compiled, in a few words: what it contains.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

impl From<Refused> for Uncompiled {
    fn from(Refused(reason): Refused) -> Self {
        Uncompiled { reason, process: None }
    }
}

/// Code that took longer to make is kept on disk.
const WORTH_KEEPING: Duration = Duration::from_millis(20);

/// Compiles a design that has a plan, or finds its code of an earlier run. `watched` says that all values are looked at
/// after each time step.
pub fn compile(plan: Plan, options: &Options, watched: bool) -> Result<Box<dyn CycleEngine>, Uncompiled> {
    let start = Instant::now();
    // Who watches wants to see everything, and guests may look at anything.
    let all_seen = watched || plan.terms.is_some();
    let options = &Options { dead_stores: options.dead_stores && !all_seen, ..options.clone() };
    let division = Division::new(&plan, options);
    let layout = Layout::new(&plan, division.functions, options)?;
    let place = if options.cache { cache::Place::of(&plan, options) } else { None };
    let kept = place.as_ref().and_then(cache::Place::load);
    let entry = match kept.filter(|entry| entry.blob.starts.len() == division.functions as usize) {
        Some(entry) => entry,
        None => {
            let entry = guarded(|| generate(&plan, &division, &layout, options))?;
            if let Some(place) = place.filter(|_| start.elapsed() > WORTH_KEEPING) {
                place.store(&entry);
            }
            entry
        }
    };
    let code = Code::new(&entry.blob)?;
    let stale = if options.dead_stores { division.stale(&plan) } else { Vec::new() };
    let program = Program { plan: Arc::new(plan), layout, sites: entry.sites, code, stale };
    Ok(Box::new(engine::Engine::new(Arc::new(program))))
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is generating code, where a panic is no end: the design is not compiled then.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// A panic of the code generator becomes a refusal.
fn guarded<T>(generate: impl FnOnce() -> Result<T, Uncompiled>) -> Result<T, Uncompiled> {
    GUARDED.set(true);
    let result = std::panic::catch_unwind(AssertUnwindSafe(generate));
    GUARDED.set(false);
    let failed = || Refused("something on which the code generator of pyhdl fails".to_owned());
    result.unwrap_or_else(|_| Err(failed().into()))
}

fn generate(
    plan: &Plan,
    division: &Division,
    layout: &Layout,
    options: &Options,
) -> Result<cache::Entry, Uncompiled> {
    let mut shared = Shared { plan, layout, options, sites: Vec::new(), process: None };
    match functions(&mut shared, division) {
        Ok(blob) => Ok(cache::Entry { blob, sites: shared.sites }),
        Err(Refused(reason)) => Err(Uncompiled { reason, process: shared.process }),
    }
}

/// The code of all functions.
fn functions(shared: &mut Shared<'_>, division: &Division) -> Result<Blob, Refused> {
    let (plan, options) = (shared.plan, shared.options);
    let isa = code::target(options.optimize)?;
    let mut blob = Blob::default();
    let mut context = FunctionBuilderContext::new();
    let signature = code::signature(isa.default_call_conv());
    let mut functions: Vec<Option<Function>> = (0..division.functions).map(|_| None).collect();
    let fresh = |number: u32| Function::with_name_signature(UserFuncName::user(0, number), signature.clone());
    let mut steps = fresh(0);
    Body::new(shared, FunctionBuilder::new(&mut steps, &mut context)).steps(division)?;
    functions[0] = Some(steps);
    for segment in division.segments.iter().filter(|segment| division.has_functions(segment)) {
        let alone: Vec<(pyhdl_ir::ProcessId, u32)> = match segment {
            Segment::Together { processes, function, .. } => {
                let mut code = fresh(*function);
                let mut body = Body::new(shared, FunctionBuilder::new(&mut code, &mut context));
                if options.deferral {
                    body.written = Some(processes.iter().flat_map(|id| &plan.drives[*id]).copied().collect());
                }
                body.sequence(processes, division)?;
                body.finish();
                functions[*function as usize] = Some(code);
                continue;
            }
            Segment::Alone { process, function } => vec![(*process, *function)],
            Segment::Loud(all) => all.clone(),
            Segment::Update(_) | Segment::Guests(_) => continue,
        };
        for (process, function) in alone {
            if functions[function as usize].is_none() {
                let mut code = fresh(function);
                let mut body = Body::new(shared, FunctionBuilder::new(&mut code, &mut context));
                body.own(process, division)?;
                body.finish();
                functions[function as usize] = Some(code);
            }
        }
    }
    for function in functions {
        match function {
            Some(function) => blob.add(function, &isa)?,
            None => blob.leave_out(),
        }
    }
    Ok(blob)
}
