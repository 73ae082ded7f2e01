//! Machine code (Cranelift) for a design in cycle mode, and the engine that runs it.
//!
//! - `division`: how a plan's actions become functions;
//! - `layout`: where each value is in memory;
//! - `num`, `expr`, `stmt`, `process`, `thread`, `step`, `updates`: code of numbers, expressions, statements, processes,
//!   threads, time steps, and of what ends a delta cycle;
//! - `packs`: which registers are computed together, `vectors`: their code;
//! - `deferred`: wires that are computed where they are read;
//! - `condition`, `kept`: what is known of a step while its code is made, and what it has in registers;
//! - `sites`: what the code says when it leaves its normal way; `runtime`: what it calls;
//! - `code`: machine code that can be put anywhere; `engine`: runs it.
//!
//! Why the order of a plan is right is not known here: [`pyhdl_sim::cycle`] finds it.

mod body;
mod cache;
mod code;
mod condition;
mod deferred;
mod division;
mod engine;
mod expr;
mod guests;
mod kept;
mod layout;
mod num;
mod packs;
mod process;
mod program;
mod runtime;
mod shift;
mod sites;
mod slots;
mod step;
mod stmt;
mod thread;
mod updates;
mod vectors;

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cranelift_codegen::ir::{Function, UserFuncName};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use pyhdl_sim::Uncompiled;
use pyhdl_sim::cycle::{CycleEngine, Plan, PlanOptions};

use body::{Body, Shared};
use code::{Blob, Code};
use division::{Division, Segment};
use layout::Layout;
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

/// What the code generator may do. All of these change only how fast the code is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Options {
    /// Of the plan, which is made beforehand.
    pub plan: PlanOptions,
    /// Values of combinational signals stay in registers within a function.
    pub wires: bool,
    /// Signals that nobody reads from memory are not stored.
    pub dead_stores: bool,
    /// Neighbours with the same reset or enable share its branch.
    pub grouping: bool,
    /// Short `if`s become selections.
    pub if_conversion: bool,
    /// Bounds are checked only where the range does not prove them.
    pub checks_by_range: bool,
    /// Cost up to which a value is computed that may not be needed.
    pub speculation: u32,
    /// Statements that an unrolled loop may have.
    pub unrolling: u32,
    /// Statements of a function.
    pub function_size: usize,
    /// Statements of a design that is one function as a whole.
    pub design_size: usize,
    /// Wires of one short expression are computed where they are read, and loads done where they are needed.
    pub deferral: bool,
    /// Registers that change alike are computed together, in vectors.
    pub packing: bool,
    /// Lists of so many bytes are copied as a whole when they change.
    pub short_lists: u32,
    /// Times and clocks stay in registers from one time step to the next, which ends early where nobody wakes.
    pub stepping: bool,
    /// The code generator's own optimisations.
    pub optimize: bool,
    /// Code is kept on disk for the next run.
    pub cache: bool,
    /// The code notes which statement it is at.
    pub profile: bool,
    /// Makes no code for some of the processes, to see how the others get on beside them.
    pub some_processes_only: bool,
    /// Rounds of loops of one activation after which a process counts as never waiting.
    pub loop_limit: u64,
}

/// The passes that can be left out: what each one is called, and what it does.
pub const PASSES: [(&str, &str); 16] = [
    ("inlining", "small designs are one function"),
    ("near-readers", "combinational processes run just before those that read what they drive"),
    ("copies", "waves look at a signal and its copies only once"),
    ("cache", "code is kept on disk for the next run"),
    ("in-place", "registers change at once where all readers have run"),
    ("wires", "combinational signals stay in processor registers"),
    ("dead-stores", "signals that nobody reads are not stored"),
    ("grouping", "processes with the same reset or enable share its branch"),
    ("if-conversion", "short branches become selections"),
    ("ranges", "bounds are checked only where a range does not prove them"),
    ("unrolling", "short loops are unrolled"),
    ("deferral", "wires of one short expression are computed where they are read"),
    ("packing", "neighbouring registers that change alike are lanes of vectors"),
    ("short-lists", "short lists that change are copied as a whole"),
    ("stepping", "clocks stay in registers, steps without wakes are short"),
    ("optimizer", "the code generator's own optimisations"),
];

/// What leaves out the code of some processes; no optimisation.
pub const LEFT_OUT: &str = "some-processes";

/// About so many processes have no code then.
const PROCESSES_LEFT_OUT: usize = 4;

impl Options {
    /// Whether a process of so many is to have code.
    fn has_code(&self, process: pyhdl_ir::ProcessId, of: usize) -> bool {
        let stride = of.div_ceil(PROCESSES_LEFT_OUT).max(1);
        !self.some_processes_only || process.index() % stride != stride / 2
    }

    /// Leaves a pass out; false where there is none of that name.
    pub fn leave_out(&mut self, pass: &str) -> bool {
        match pass {
            "cache" => self.cache = false,
            "near-readers" => self.plan.near_readers = false,
            "copies" => self.plan.copies = false,
            "inlining" => self.design_size = 0,
            "in-place" => self.plan.in_place = false,
            "wires" => self.wires = false,
            "dead-stores" => self.dead_stores = false,
            "grouping" => self.grouping = false,
            "if-conversion" => (self.if_conversion, self.speculation) = (false, 0),
            "ranges" => (self.checks_by_range, self.plan.reach) = (false, false),
            "unrolling" => self.unrolling = 0,
            "deferral" => self.deferral = false,
            "packing" => self.packing = false,
            "short-lists" => self.short_lists = 0,
            "stepping" => self.stepping = false,
            LEFT_OUT => self.some_processes_only = true,
            "optimizer" => self.optimize = false,
            _ => return false,
        }
        true
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            plan: PlanOptions::default(),
            wires: true,
            dead_stores: true,
            grouping: true,
            if_conversion: true,
            checks_by_range: true,
            speculation: 12,
            unrolling: 256,
            function_size: 1000,
            design_size: 1500,
            deferral: true,
            packing: true,
            short_lists: 128,
            stepping: true,
            optimize: true,
            cache: true,
            profile: false,
            some_processes_only: false,
            loop_limit: 50_000_000,
        }
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
    let division = Division::new(&plan, options.function_size, options.design_size);
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
