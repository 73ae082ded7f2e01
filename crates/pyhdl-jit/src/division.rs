//! How a plan is divided into functions.

use std::collections::HashMap;

use crate::Options;
use crate::passes::inlining::is_one_function;
use pyhdl_ir::{Design, ProcessId, ProcessKind, Stmt, StmtKind, for_each_stmt};
use pyhdl_sim::cycle::{Action, CellId, Plan, Role, Wake};

/// When a function is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gate {
    /// One of the triggers of this group has fired.
    Group(u32),
    /// One of these groups has run in this step.
    After(u64),
}

/// A piece of a time step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Segment {
    /// Processes that run one behind the other, in one function.
    Together {
        gate: Gate,
        processes: Vec<ProcessId>,
        function: u32,
    },
    /// A process with a function of its own: it is asked what it waits for.
    Alone {
        process: ProcessId,
        function: u32,
    },
    /// The same for several, in the order in which they began to wait.
    Loud(Vec<(ProcessId, u32)>),
    Update(Vec<CellId>),
    /// The kernel's processes, in this delta.
    Guests(u32),
}

#[derive(Debug)]
pub struct Division {
    pub segments: Vec<Segment>,
    /// Function 0 runs the time steps.
    pub functions: u32,
    /// Where the current value of a cell must be in memory: someone reads it from another function, or in the next
    /// step.
    pub stored: Vec<bool>,
    /// Processes that follow and run once in a step.
    pub once: Vec<bool>,
    /// All is in function 0.
    pub inline: bool,
}

impl Division {
    pub fn new(plan: &Plan, options: &Options) -> Division {
        let mut division = Division {
            segments: Vec::new(),
            functions: 1,
            stored: Vec::new(),
            once: Vec::new(),
            inline: false,
        };
        let mut own: HashMap<ProcessId, u32> = HashMap::new();
        let mut open: Option<(Gate, Vec<ProcessId>, usize)> = None;
        for (at, action) in plan.actions.iter().enumerate() {
            match action {
                Action::Run(id) if is_alone(plan, *id) => {
                    division.close(&mut open);
                    let function = division.function_of(*id, &mut own);
                    division.segments.push(Segment::Alone { process: *id, function });
                }
                Action::Run(id) => {
                    let gate = match plan.roles[*id] {
                        Role::Follows => Gate::After(plan.after[*id]),
                        _ => Gate::Group(plan.groups[*id]),
                    };
                    let weight = weight(&plan.design, *id);
                    match &mut open {
                        Some((g, processes, total))
                            if *g == gate && *total + weight <= options.function_size =>
                        {
                            processes.push(*id);
                            *total += weight;
                        }
                        _ => {
                            division.close(&mut open);
                            open = Some((gate, vec![*id], weight));
                        }
                    }
                }
                Action::Loud(ids) => {
                    division.close(&mut open);
                    let loud = ids.iter().map(|id| (*id, division.function_of(*id, &mut own))).collect();
                    division.segments.push(Segment::Loud(loud));
                }
                Action::Guests(delta) => {
                    division.close(&mut open);
                    division.segments.push(Segment::Guests(*delta));
                }
                Action::Update(cells) => {
                    // Where nothing is updated between two processes that follow, they may be in one function. Whoever waits
                    // must not take what fired before for what fires now.
                    let follows = |action: &Action| match action {
                        Action::Run(id) => plan.roles[*id] == Role::Follows,
                        Action::Update(cells) => cells.is_empty(),
                        Action::Loud(_) | Action::Guests(_) => false,
                    };
                    let next = plan.actions[at + 1..].iter().find(|action| match action {
                        Action::Update(cells) => !cells.is_empty(),
                        _ => true,
                    });
                    let goes_on = matches!(open, Some((Gate::After(_), ..))) && next.is_none_or(follows);
                    if !cells.is_empty() || !goes_on {
                        division.close(&mut open);
                        division.segments.push(Segment::Update(cells.clone()));
                    }
                }
            }
        }
        division.close(&mut open);
        let runs = plan.actions.iter().flat_map(|action| match action {
            Action::Run(id) => std::slice::from_ref(id),
            Action::Loud(ids) => ids,
            Action::Update(_) | Action::Guests(_) => &[],
        });
        division.inline = is_one_function(&plan.design, runs, options);
        division.find_stored(plan);
        division
    }

    /// Whether a segment's processes are called, and not in their places.
    pub fn has_functions(&self, segment: &Segment) -> bool {
        // The loud ones choose who is next while they run.
        !self.inline || matches!(segment, Segment::Loud(all) if all.len() > 1)
    }

    fn close(&mut self, open: &mut Option<(Gate, Vec<ProcessId>, usize)>) {
        if let Some((gate, processes, _)) = open.take() {
            self.segments.push(Segment::Together { gate, processes, function: self.functions });
            self.functions += 1;
        }
    }

    fn function_of(&mut self, id: ProcessId, own: &mut HashMap<ProcessId, u32>) -> u32 {
        *own.entry(id).or_insert_with(|| {
            self.functions += 1;
            self.functions - 1
        })
    }
}

/// Threads, and what waits for a time.
fn is_alone(plan: &Plan, id: ProcessId) -> bool {
    plan.roles[id] == Role::Waits
        && (plan.design.processes[id].kind == ProcessKind::Thread || plan.wakes[id].contains(&Wake::Time))
}

/// About how many statements a process has.
pub fn weight(design: &Design, id: ProcessId) -> usize {
    let mut count = 1;
    for_each_stmt(&design.processes[id].body, &mut |stmt: &Stmt| {
        count += match &stmt.kind {
            StmtKind::Comment(_) => 0,
            _ => 1,
        };
    });
    count
}
