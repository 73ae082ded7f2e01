//! [`Layout`]: where in an engine's memory each value is. All offsets are in bytes from its start.

use std::collections::HashMap;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_ir::{Design, MemoryId, ProcessId, ProcessKind, Range, SignalId, StorageType, TableId};
use pyhdl_sim::cycle::{Action, Plan, Role};

use crate::passes::short_lists::is_short;
use crate::{Options, Refused};

/// Limbs of values that cold calls get, at most.
pub const ARGUMENTS: u32 = 2048;
/// Numbers with more limbs are not compiled.
pub const MOST_LIMBS: u32 = 64;

/// The fixed words at the start of the memory.
pub mod word {
    pub const NOW: i32 = 0;
    pub const UNTIL: i32 = 8;
    /// Time steps left before the engine looks around.
    pub const BUDGET: i32 = 16;
    /// The runtime that cold calls talk to.
    pub const RUNTIME: i32 = 24;
    pub const PRINT: i32 = 32;
    pub const ARITHMETIC: i32 = 40;
    pub const UPDATE_MEMORY: i32 = 48;
    /// Counts the moments at which loud processes begin to wait.
    pub const SINCE: i32 = 56;
    /// What runs guests.
    pub const GUESTS: i32 = 64;
    /// Not 0 if guests wake in the next delta by signals of their own.
    pub const AGAIN: i32 = 72;
    /// Where the place of the simulation is noted.
    pub const PLACE: i32 = 80;
    pub const DRAW: i32 = 88;
    /// The first of the functions of the code.
    pub const FUNCTIONS: i32 = 96;
}

/// How a number is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// 1, 2, 4, 8 or a multiple of 8.
    pub bytes: u32,
    /// Whether the topmost stored bit is a sign.
    pub signed: bool,
}

impl Shape {
    pub fn of(range: &Range) -> Result<Shape, Refused> {
        let signed = range.may_be_negative();
        let bits = range.width().unwrap_or(64);
        let bytes = match bits {
            0..=8 => 1,
            9..=16 => 2,
            17..=32 => 4,
            33..=64 => 8,
            more => more.div_ceil(64) * 8,
        };
        if bytes / 8 > MOST_LIMBS {
            return Err(Refused(format!("a number of {bits} bits")));
        }
        Ok(Shape { bytes, signed })
    }

    pub fn of_type(design: &Design, ty: &StorageType) -> Result<Shape, Refused> {
        Shape::of(&range_of(design, ty))
    }

    pub fn limbs(self) -> u32 {
        self.bytes.div_ceil(8)
    }
}

/// The numbers that a place can hold.
pub fn range_of(design: &Design, ty: &StorageType) -> Range {
    match ty {
        StorageType::Bool => Range::bit(),
        StorageType::Bits(bits) => bits.range(),
        StorageType::Enum(id) => Range::new(0, design.enums[*id].literals.len().max(1) - 1),
        StorageType::Int(range) if range.is_finite() => range.clone(),
        // Checked where it is computed.
        StorageType::Int(_) => Range::signed(64),
        // Nobody looks at it.
        StorageType::Opaque => Range::bit(),
    }
}

/// How many 64-bit limbs hold every value of a range in two's complement.
pub fn limbs_of(range: &Range) -> u32 {
    match range.width() {
        None => 1,
        Some(width) => (width + u32::from(!range.may_be_negative())).div_ceil(64).max(1),
    }
}

/// A stored number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub at: i32,
    pub shape: Shape,
}

/// A list in memory: equal elements one behind the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Array {
    pub at: i32,
    /// Where its next values are, if it is shadowed.
    pub next: Option<i32>,
    pub shape: Shape,
    pub length: u32,
    /// Where its list of changed elements is, if it is shadowed and not short: a count, then indices of four bytes.
    pub changed: Option<i32>,
}

/// What a process keeps from one activation to the next.
#[derive(Clone, Debug, Default)]
pub struct FramePlace {
    /// Which wait it is at (4 bytes); one more than the last for one that has ended.
    pub wait: i32,
    /// When it wakes: 8 bytes, all ones for never. Only of those that may wait for a time.
    pub wake: Option<i32>,
    /// When it began to wait: 8 bytes. Only of loud ones.
    pub since: Option<i32>,
    /// Its variables, as far as they are in memory.
    pub slots: Vec<Option<SlotPlace>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SlotPlace {
    pub place: Place,
    /// A byte that says whether it has a value.
    pub assigned: i32,
}

#[derive(Debug, Default)]
pub struct Layout {
    pub current: IndexVec<SignalId, Option<Place>>,
    /// Next values of shadowed signals.
    pub next: IndexVec<SignalId, Option<i32>>,
    pub memories: IndexVec<MemoryId, Option<Array>>,
    /// The longest list that a signal is in, and where.
    pub element_of: IndexVec<SignalId, Option<(MemoryId, u32)>>,
    pub tables: IndexVec<TableId, Option<Array>>,
    pub frames: IndexVec<ProcessId, FramePlace>,
    /// Where the wake times of all processes that have one are: the first, and how many.
    pub wakes: (i32, u32),
    /// When the next guest wakes by time: one of `wakes`.
    pub guests_wake: Option<i32>,
    /// Which triggers of guests have fired: a byte for each of the plan's `guest_wakes`.
    pub fired: i32,
    pub arguments: i32,
    pub size: u32,
}

impl Layout {
    pub fn new(plan: &Plan, functions: u32, options: &Options) -> Result<Layout, Refused> {
        let design = &plan.design;
        let mut at = Cursor(word::FUNCTIONS as u32 + 8 * functions);
        let mut layout = Layout {
            current: design.signals.iter().map(|_| None).collect(),
            next: design.signals.iter().map(|_| None).collect(),
            element_of: design.signals.iter().map(|_| None).collect(),
            ..Layout::default()
        };
        layout.arguments = at.take(ARGUMENTS * 8, 8)?;
        layout.place_wakes(plan, &mut at)?;
        layout.place_frames(plan, &mut at)?;
        layout.place_memories(plan, options, &mut at)?;
        layout.place_signals(plan, options, &mut at)?;
        for table in &design.tables {
            let zero = BigInt::ZERO;
            let (mut lo, mut hi) = (&zero, &zero);
            for entry in &table.entries {
                (lo, hi) = (lo.min(entry), hi.max(entry));
            }
            let shape = Shape::of(&Range::new(lo.clone(), hi.clone()))?;
            let length = table.entries.len() as u32;
            let place = at.take(size_of_list(shape, length)?, shape.bytes.min(8))?;
            layout.tables.push(Some(Array { at: place, next: None, shape, length, changed: None }));
        }
        layout.size = at.0;
        Ok(layout)
    }

    fn place_wakes(&mut self, plan: &Plan, at: &mut Cursor) -> Result<(), Refused> {
        let timed = |id: ProcessId| plan.wakes[id].contains(&pyhdl_sim::cycle::Wake::Time);
        at.align(8)?;
        self.wakes.0 = at.0 as i32;
        for id in plan.design.processes.indices() {
            let mut frame = FramePlace::default();
            if plan.roles[id] == Role::Waits && timed(id) {
                frame.wake = Some(at.take(8, 8)?);
                self.wakes.1 += 1;
            }
            self.frames.push(frame);
        }
        if plan.terms.is_some() {
            self.guests_wake = Some(at.take(8, 8)?);
            self.wakes.1 += 1;
            self.fired = at.take(plan.guest_wakes.len() as u32, 1)?;
        }
        Ok(())
    }

    fn place_frames(&mut self, plan: &Plan, at: &mut Cursor) -> Result<(), Refused> {
        for action in &plan.actions {
            if let Action::Loud(processes) = action {
                for id in processes {
                    if self.frames[*id].since.is_none() {
                        self.frames[*id].since = Some(at.take(8, 8)?);
                    }
                }
            }
        }
        for (id, process) in plan.design.processes.iter_enumerated() {
            if matches!(plan.roles[id], Role::Idle | Role::Guest) {
                continue;
            }
            let frame = &mut self.frames[id];
            if plan.roles[id] == Role::Waits {
                frame.wait = at.take(4, 4)?;
            }
            let thread = process.kind == ProcessKind::Thread;
            let hidden = if thread { crate::slots::hidden(process)? } else { Vec::new() };
            for (_, local) in process.locals.iter_enumerated() {
                let kept = (thread || local.init.is_some()) && local.length.is_none();
                let range = range_of(&plan.design, &local.ty);
                frame.slots.push(if kept { Some(slot(at, &range)?) } else { None });
            }
            for local in process.locals.iter() {
                for _ in 0..local.length.unwrap_or(0) {
                    let range = range_of(&plan.design, &local.ty);
                    frame.slots.push(Some(slot(at, &range)?));
                }
            }
            for range in hidden {
                frame.slots.push(Some(slot(at, &range)?));
            }
        }
        Ok(())
    }

    fn place_memories(&mut self, plan: &Plan, options: &Options, at: &mut Cursor) -> Result<(), Refused> {
        let design = &plan.design;
        let mut homes: HashMap<SignalId, (i32, Option<i32>)> = HashMap::new();
        // The longest list first: others may be parts of it.
        let mut sequence: Vec<MemoryId> = design.memories.indices().collect();
        sequence.sort_by_key(|id| std::cmp::Reverse(design.memories[*id].elements.len()));
        self.memories = design.memories.iter().map(|_| None).collect();
        for id in sequence {
            let elements = &design.memories[id].elements;
            let Some(first) = elements.first() else { continue };
            let shape = Shape::of_type(design, &design.signals[*first].ty)?;
            let length = elements.len() as u32;
            let cell = plan.cells.of(*first);
            let (place, next) = match homes.get(first) {
                Some(home) => *home,
                None => {
                    let place = at.take(size_of_list(shape, length)?, shape.bytes.min(8))?;
                    let next = match plan.shadowed[cell] {
                        true => Some(at.take(size_of_list(shape, length)?, shape.bytes.min(8))?),
                        false => None,
                    };
                    (place, next)
                }
            };
            for (index, element) in elements.iter().enumerate() {
                let offset = index as i32 * shape.bytes as i32;
                let home = (place + offset, next.map(|n| n + offset));
                if *homes.entry(*element).or_insert(home) != home {
                    let name = design.memories[id].name.clone();
                    return Err(Refused(format!("list `{name}` shares signals with another list")));
                }
                if Shape::of_type(design, &design.signals[*element].ty)? != shape {
                    let name = design.memories[id].name.clone();
                    return Err(Refused(format!("the signals of list `{name}` have different types")));
                }
                self.current[*element] = Some(Place { at: home.0, shape });
                self.next[*element] = home.1;
                self.element_of[*element].get_or_insert((id, index as u32));
            }
            let short = is_short(shape, length, options);
            let changed = match next {
                Some(_) if !short => Some(at.take(8 + 4 * length, 4)?),
                _ => None,
            };
            self.memories[id] = Some(Array { at: place, next, shape, length, changed });
        }
        Ok(())
    }

    /// Shadowed signals first, those that are updated together one behind the other; then those that can be lanes of
    /// vectors, and the others in the order of their use.
    fn place_signals(&mut self, plan: &Plan, options: &Options, at: &mut Cursor) -> Result<(), Refused> {
        let design = &plan.design;
        let mut sequence: Vec<SignalId> = Vec::new();
        for action in &plan.actions {
            match action {
                Action::Run(id) => {
                    for cell in plan.drives[*id].iter().chain(&plan.reads[*id]) {
                        sequence.extend(&plan.cells.all[*cell].signals);
                    }
                }
                Action::Loud(_) | Action::Guests(_) => {}
                Action::Update(cells) => {
                    let mut shadowed = crate::updates::runs(plan, cells);
                    for signals in shadowed.drain(..) {
                        let size = self.place_run(plan, &signals, at)?;
                        for signal in &signals {
                            if let (Some(place), None) = (self.current[*signal], self.next[*signal]) {
                                self.next[*signal] = Some(place.at + size);
                            }
                        }
                        at.take(size as u32, 1)?;
                    }
                }
            }
        }
        if options.packing && options.checks_by_range {
            for signals in crate::passes::packing::neighbours(plan) {
                self.place_run(plan, &signals, at)?;
            }
        }
        // Nobody looks at copies where their originals are looked at.
        let (copies, originals): (Vec<SignalId>, Vec<SignalId>) =
            sequence.into_iter().chain(design.signals.indices()).partition(|id| plan.copies[*id].is_some());
        for signal in originals.into_iter().chain(copies) {
            if self.current[signal].is_none() {
                let shape = Shape::of_type(design, &design.signals[signal].ty)?;
                let place = at.take(shape.bytes, shape.bytes.min(8))?;
                self.current[signal] = Some(Place { at: place, shape });
            }
            if plan.shadowed[plan.cells.of(signal)] && self.next[signal].is_none() {
                let shape = self.current[signal].map_or(Shape { bytes: 8, signed: false }, |p| p.shape);
                self.next[signal] = Some(at.take(shape.bytes, shape.bytes.min(8))?);
            }
        }
        Ok(())
    }

    /// Gives some signals places that follow each other, from a multiple of 16; how many bytes they take, also a
    /// multiple of 16.
    fn place_run(&mut self, plan: &Plan, signals: &[SignalId], at: &mut Cursor) -> Result<i32, Refused> {
        at.align(16)?;
        let start = at.0;
        for signal in signals {
            if self.current[*signal].is_some() {
                continue;
            }
            let shape = Shape::of_type(&plan.design, &plan.design.signals[*signal].ty)?;
            self.current[*signal] = Some(Place { at: at.take(shape.bytes, shape.bytes.min(8))?, shape });
        }
        at.align(16)?;
        Ok((at.0 - start) as i32)
    }

    pub fn place(&self, signal: SignalId) -> Result<Place, Refused> {
        self.current[signal].ok_or_else(|| Refused("a signal without a place".to_owned()))
    }
}

fn slot(at: &mut Cursor, range: &Range) -> Result<SlotPlace, Refused> {
    let shape = Shape::of(range)?;
    Ok(SlotPlace {
        place: Place { at: at.take(shape.bytes, shape.bytes.min(8))?, shape },
        assigned: at.take(1, 1)?,
    })
}

fn size_of_list(shape: Shape, length: u32) -> Result<u32, Refused> {
    shape.bytes.checked_mul(length).ok_or_else(too_large)
}

fn too_large() -> Refused {
    Refused("more than 1 GiB of values".to_owned())
}

/// The next free byte.
struct Cursor(u32);

impl Cursor {
    fn align(&mut self, to: u32) -> Result<(), Refused> {
        self.0 = self.0.checked_next_multiple_of(to).ok_or_else(too_large)?;
        Ok(())
    }

    fn take(&mut self, bytes: u32, align: u32) -> Result<i32, Refused> {
        self.align(align)?;
        let at = self.0;
        self.0 = at.checked_add(bytes).filter(|end| *end < 1 << 30).ok_or_else(too_large)?;
        Ok(at as i32)
    }
}
