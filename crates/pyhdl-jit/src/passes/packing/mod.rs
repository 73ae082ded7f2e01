//! Matches: registers that change alike and lie side by side: processes that do nothing but one assignment each, by the
//! same operations.
//!
//! Legal because the low bits of these operations depend on low bits only: what is computed in lanes as wide as the cell
//! that it goes to is what is stored there. The registers of a pack change at once; who reads one of them runs before the
//! pack or takes part in it.
//!
//! Pays from the second lane on: many registers for one instruction.
//!
//! Left out as `packing`.

mod vectors;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use num_bigint::BigInt;
use num_traits::{One, Zero};
use pyhdl_ir::{
    BinaryOp, Expr, ExprKind, Place as Target, ProcessId, SignalId, StmtKind, StorageType, UnaryOp,
};
use pyhdl_sim::cycle::{Action, CellId, Plan, Role, value_may_fail};

use super::Pass;
use crate::layout::{Layout, Shape, range_of};

pub const PASS: Pass = Pass {
    name: "packing",
    about: "neighbouring registers that change alike are lanes of vectors",
    leave_out: |options| options.packing = false,
};

/// Bytes of a vector.
pub const VECTOR: u32 = 16;

/// A process that can be a lane.
#[derive(Clone, Copy, Debug)]
pub struct Lane<'d> {
    pub process: ProcessId,
    pub signal: SignalId,
    pub value: &'d Expr,
    /// Bytes of the signal.
    pub bytes: u32,
}

/// What is alike in the lanes of a pack: the bytes of a lane, then its operations and operands.
pub type Kind = Vec<u32>;

/// What runs at once: a process, or several as the lanes of a vector, in the order of their places.
#[derive(Debug)]
pub enum Unit<'d> {
    One(ProcessId),
    Pack(Vec<Lane<'d>>),
}

impl Unit<'_> {
    pub fn processes(&self) -> Vec<ProcessId> {
        match self {
            Unit::One(id) => vec![*id],
            Unit::Pack(lanes) => lanes.iter().map(|lane| lane.process).collect(),
        }
    }
}

/// The process as a lane, if it can be one, and of what kind.
pub fn lane(plan: &Plan, id: ProcessId) -> Option<(Kind, Lane<'_>)> {
    let process = &plan.design.processes[id];
    if plan.roles[id] != Role::Waits || !process.locals.is_empty() {
        return None;
    }
    let mut body = process.body.iter().filter(|stmt| !matches!(stmt.kind, StmtKind::Comment(_)));
    let (Some(stmt), None) = (body.next(), body.next()) else { return None };
    let StmtKind::Assign { target, value } = &stmt.kind else { return None };
    let (Target::Signal(signal), None) = (&target.place, &target.part) else { return None };
    let cell = plan.cells.of(*signal);
    let ty = &plan.design.signals[*signal].ty;
    let plain = !plan.shadowed[cell] && !plan.awaited[cell] && !plan.cells.all[cell].memory;
    let StorageType::Bits(bits) = ty else { return None };
    let bytes = Shape::of_type(&plan.design, ty).ok()?.bytes;
    let own = bits.range();
    let wraps = bits.wraps && !own.contains_range(&value.ty.range()?);
    let span: BigInt = &bits.max - &bits.min + BigInt::one();
    let power = (&span & (&span - BigInt::one())).is_zero();
    if !plain
        || bytes > 8
        || value_may_fail(ty, &value.ty.range()?)
        || wraps && !(bits.min.is_zero() && power)
    {
        return None;
    }
    let mut kind = vec![bytes, u32::from(wraps)];
    describe(plan, value, bytes, &mut kind)?;
    Some((kind, Lane { process: id, signal: *signal, value, bytes }))
}

/// The constant that an expression is.
pub fn fixed(e: &Expr) -> Option<&BigInt> {
    match &e.kind {
        ExprKind::Const(n) => Some(n),
        _ => None,
    }
}

/// Adds the operations and operands of an expression; `None` where its low bits depend on others.
fn describe(plan: &Plan, e: &Expr, bytes: u32, kind: &mut Kind) -> Option<()> {
    if !e.ty.range()?.is_finite() {
        return None;
    }
    match &e.kind {
        ExprKind::Const(_) => kind.push(0),
        ExprKind::Signal(signal) => {
            let ty = &plan.design.signals[*signal].ty;
            let same = Shape::of_type(&plan.design, ty).ok()?.bytes == bytes;
            match same && !plan.cells.all[plan.cells.of(*signal)].memory {
                true => kind.push(1),
                // The same in all lanes.
                false => kind.extend([2, signal.index() as u32]),
            }
        }
        ExprKind::Unary(UnaryOp::Invert, a) => {
            kind.push(3);
            describe(plan, a, bytes, kind)?;
        }
        ExprKind::Binary(op, a, b) => {
            kind.push(match op {
                BinaryOp::Add => 4,
                BinaryOp::Sub => 5,
                BinaryOp::And => 6,
                BinaryOp::Or => 7,
                BinaryOp::Xor => 8,
                // There is no instruction for bytes.
                BinaryOp::Mul if bytes == 2 || bytes == 4 || bytes == 8 && multiplies_words() => 9,
                _ => return None,
            });
            describe(plan, a, bytes, kind)?;
            describe(plan, b, bytes, kind)?;
        }
        _ => return None,
    }
    Some(())
}

/// Whether this processor has an instruction for products of 64-bit lanes.
fn multiplies_words() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx512dq") && is_x86_feature_detected!("avx512vl");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// The signals that processes drive which can be lanes of one vector: those of a kind one behind the other, from a
/// multiple of [`VECTOR`] on.
pub fn neighbours(plan: &Plan) -> Vec<Vec<SignalId>> {
    let mut found: BTreeMap<(u32, Kind), Vec<SignalId>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for action in &plan.actions {
        if let Action::Run(id) = action
            && let Some((kind, lane)) = lane(plan, *id)
            && seen.insert(lane.signal)
        {
            found.entry((plan.groups[*id], kind)).or_default().push(lane.signal);
        }
    }
    found
        .into_iter()
        .filter(|((_, kind), all)| all.len() as u32 * kind[0] >= VECTOR)
        .map(|(_, all)| all)
        .collect()
}

/// Processes that run one behind the other in one delta, in packs where that can be: in an order in which all still
/// read before others write. Where the packs leave no such order, there are none.
pub fn units<'d>(plan: &'d Plan, layout: &Layout, processes: &[ProcessId]) -> Vec<Unit<'d>> {
    let mut kinds: BTreeMap<Kind, Vec<Lane<'d>>> = BTreeMap::new();
    for id in processes {
        if let Some((kind, lane)) = lane(plan, *id) {
            kinds.entry(kind).or_default().push(lane);
        }
    }
    let mut packs: Vec<Vec<Lane<'d>>> = Vec::new();
    for (kind, mut lanes) in kinds {
        let count = (VECTOR / kind[0]) as usize;
        lanes.sort_by_key(|lane| layout.current[lane.signal].map(|place| place.at));
        let mut rest = &lanes[..];
        while rest.len() >= count {
            match fits(layout, &rest[..count]) {
                true => packs.push(rest[..count].to_vec()),
                false => {
                    rest = &rest[1..];
                    continue;
                }
            }
            rest = &rest[count..];
        }
    }
    ordered(plan, processes, packs).unwrap_or_else(|| processes.iter().map(|id| Unit::One(*id)).collect())
}

/// Whether these lanes make a vector: what they drive lies side by side, and so does what they read, or is the same.
fn fits(layout: &Layout, lanes: &[Lane<'_>]) -> bool {
    let all: Vec<&Expr> = lanes.iter().map(|lane| lane.value).collect();
    let driven: Vec<SignalId> = lanes.iter().map(|lane| lane.signal).collect();
    are_neighbours(layout, &driven) && operands_fit(layout, &all)
}

fn operands_fit(layout: &Layout, all: &[&Expr]) -> bool {
    match &all[0].kind {
        ExprKind::Signal(_) => {
            let signals = signals(all);
            signals.iter().all(|signal| *signal == signals[0]) || are_neighbours(layout, &signals)
        }
        ExprKind::Unary(..) | ExprKind::Binary(..) => {
            operands(all).iter().all(|all| operands_fit(layout, all))
        }
        _ => true,
    }
}

/// The signals that expressions are.
pub fn signals(all: &[&Expr]) -> Vec<SignalId> {
    let signal = |e: &&Expr| match e.kind {
        ExprKind::Signal(signal) => Some(signal),
        _ => None,
    };
    all.iter().filter_map(signal).collect()
}

/// The operands of expressions of the same kind: the first one of each, then the second.
pub fn operands<'e>(all: &[&'e Expr]) -> Vec<Vec<&'e Expr>> {
    let mut found: Vec<Vec<&Expr>> = Vec::new();
    for e in all {
        let mut at = 0;
        let mut add = |operand: &'e Expr| {
            found.resize_with(found.len().max(at + 1), Vec::new);
            found[at].push(operand);
            at += 1;
        };
        match &e.kind {
            ExprKind::Unary(_, a) => add(a),
            ExprKind::Binary(_, a, b) => {
                add(a);
                add(b);
            }
            _ => {}
        }
    }
    found
}

fn are_neighbours(layout: &Layout, signals: &[SignalId]) -> bool {
    let places: Vec<_> = signals.iter().filter_map(|signal| layout.current[*signal]).collect();
    let follow = |pair: &[crate::layout::Place]| {
        pair[1].at == pair[0].at + pair[0].shape.bytes as i32 && pair[1].shape.bytes == pair[0].shape.bytes
    };
    places.len() == signals.len() && places.windows(2).all(follow)
}

/// Readers before drivers, otherwise as they were.
fn ordered<'d>(plan: &Plan, processes: &[ProcessId], packs: Vec<Vec<Lane<'d>>>) -> Option<Vec<Unit<'d>>> {
    let mut pack_of: HashMap<ProcessId, usize> = HashMap::new();
    for (number, lanes) in packs.iter().enumerate() {
        pack_of.extend(lanes.iter().map(|lane| (lane.process, number)));
    }
    let mut packs: Vec<Option<Vec<Lane<'d>>>> = packs.into_iter().map(Some).collect();
    let mut units: Vec<Unit<'d>> = Vec::new();
    for id in processes {
        match pack_of.get(id) {
            None => units.push(Unit::One(*id)),
            Some(number) => units.extend(packs[*number].take().map(Unit::Pack)),
        }
    }
    let mut driver: HashMap<CellId, usize> = HashMap::new();
    for (at, unit) in units.iter().enumerate() {
        for cell in
            unit.processes().iter().flat_map(|id| &plan.drives[*id]).filter(|cell| !plan.shadowed[**cell])
        {
            driver.insert(*cell, at);
        }
    }
    let mut before: Vec<BTreeSet<usize>> = units.iter().map(|_| BTreeSet::new()).collect();
    let mut waits_for = vec![0usize; units.len()];
    for (at, unit) in units.iter().enumerate() {
        for cell in unit.processes().iter().flat_map(|id| &plan.reads[*id]) {
            if let Some(driver) = driver.get(cell).filter(|driver| **driver != at)
                && before[at].insert(*driver)
            {
                waits_for[*driver] += 1;
            }
        }
    }
    let mut ready: BTreeSet<usize> = (0..units.len()).filter(|at| waits_for[*at] == 0).collect();
    let mut sorted = Vec::new();
    while let Some(at) = ready.pop_first() {
        sorted.push(at);
        for driver in &before[at] {
            waits_for[*driver] -= 1;
            if waits_for[*driver] == 0 {
                ready.insert(*driver);
            }
        }
    }
    let mut units: Vec<Option<Unit<'d>>> = units.into_iter().map(Some).collect();
    (sorted.len() == units.len()).then(|| sorted.into_iter().filter_map(|at| units[at].take()).collect())
}

/// The mask of a signal that wraps, as wide as its lane.
pub fn mask(plan: &Plan, lane: &Lane<'_>) -> Option<BigInt> {
    let own = range_of(&plan.design, &plan.design.signals[lane.signal].ty);
    let inside = own.contains_range(&lane.value.ty.range()?);
    own.hi.filter(|_| !inside)
}
