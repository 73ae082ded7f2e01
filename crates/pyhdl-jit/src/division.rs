//! How a plan is divided into functions.

use std::collections::HashMap;

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
    /// Functions have about `size` statements; a design that has no more than `whole` is one.
    pub fn new(plan: &Plan, size: usize, whole: usize) -> Division {
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
                        Some((g, processes, total)) if *g == gate && *total + weight <= size => {
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
        division.inline = runs.map(|id| weight(&plan.design, *id)).sum::<usize>() <= whole;
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

    /// Processes whose results are not all in memory, each behind those that it reads from.
    pub fn stale(&self, plan: &Plan) -> Vec<ProcessId> {
        let together = self.segments.iter().filter_map(|segment| match segment {
            Segment::Together { gate: Gate::After(_), processes, .. } => Some(processes),
            _ => None,
        });
        let left_out = |id: &ProcessId| {
            self.once[id.index()] && plan.drives[*id].iter().any(|cell| !self.stored[cell.index()])
        };
        together.flatten().copied().filter(left_out).collect()
    }

    fn find_stored(&mut self, plan: &Plan) {
        let count = plan.cells.all.len();
        // In which function, and where in it, each cell is driven by a process that follows.
        let mut driven: Vec<Option<(u32, usize)>> = vec![None; count];
        let mut runs = vec![0u32; plan.roles.len()];
        self.stored = vec![false; count];
        for segment in &self.segments {
            if let Segment::Together { gate: Gate::After(_), processes, function } = segment {
                for (at, id) in processes.iter().enumerate() {
                    runs[id.index()] += 1;
                    for cell in &plan.drives[*id] {
                        driven[cell.index()] = Some((*function, at));
                        self.stored[cell.index()] |= !plan.derivable[*id];
                    }
                }
            }
        }
        self.once = runs.iter().map(|runs| *runs == 1).collect();
        let mut read = |id: ProcessId, function: Option<(u32, usize)>| {
            for cell in &plan.reads[id] {
                let inside = match (driven[cell.index()], function) {
                    (Some((f, at)), Some((g, here))) => f == g && at < here,
                    _ => false,
                };
                self.stored[cell.index()] |= !inside;
            }
        };
        for segment in &self.segments {
            match segment {
                Segment::Together { processes, function, .. } => {
                    for (at, id) in processes.iter().enumerate() {
                        read(*id, Some((*function, at)));
                    }
                }
                Segment::Alone { process, .. } => read(*process, None),
                Segment::Loud(all) => all.iter().for_each(|(id, _)| read(*id, None)),
                Segment::Update(_) | Segment::Guests(_) => {}
            }
        }
    }
}

/// Threads, and what waits for a time.
fn is_alone(plan: &Plan, id: ProcessId) -> bool {
    plan.roles[id] == Role::Waits
        && (plan.design.processes[id].kind == ProcessKind::Thread || plan.wakes[id].contains(&Wake::Time))
}

/// About how many statements a process has.
fn weight(design: &Design, id: ProcessId) -> usize {
    let mut count = 1;
    for_each_stmt(&design.processes[id].body, &mut |stmt: &Stmt| {
        count += match &stmt.kind {
            StmtKind::Comment(_) => 0,
            _ => 1,
        };
    });
    count
}
