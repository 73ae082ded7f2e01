//! Matches: which values signals can have at all, from their initial values, by what the processes assign.
//!
//! Legal because the ranges are inductive: where all signals are within them, all are after the next step as well. So
//! whoever sets a signal from outside, within its range, changes nothing; a run that starts with a value outside must not
//! use them ([`Plan::relied`](super::Plan::relied)).
//!
//! Pays where that is less than their types allow: bounds need no check then, and numbers fewer limbs.
//!
//! Left out as `ranges`, with the checks that it saves.

use std::collections::VecDeque;

use oxc_index::IndexVec;
use pyhdl_ir::{
    Block, Design, Expr, ExprKind, Place, ProcessId, ProcessKind, Range, SignalId, StmtKind, StorageType,
    Type, TypeContext, expr_type, for_each_stmt, for_each_stmt_mut,
};

use super::cells::{CellId, Cells};
use super::failing::value_may_fail;

/// A range that grows more often becomes that of its type.
const GROWTHS: u32 = 8;

/// The values that the signals of each cell can have; `None` for those of its type.
type Reach = IndexVec<CellId, Option<Range>>;

/// The design with narrower types of expressions, and the ranges that they rely on. `None` where nothing is gained.
/// `free` cells have all values of their types: processes in Python drive them.
pub(crate) fn narrowed(
    design: &Design,
    cells: &Cells,
    free: &[CellId],
) -> Option<(Design, Vec<(SignalId, Range)>)> {
    if !design.processes.iter().any(|process| has_checks(design, &process.body)) {
        return None;
    }
    let reach = reach(design, cells, free);
    let mut narrowed = design.clone();
    let mut used = vec![false; reach.len()];
    for process in &mut narrowed.processes {
        let locals = process.locals.clone();
        let context = TypeContext { design, locals: &locals };
        for_each_stmt_mut(&mut process.body, &mut |stmt| {
            stmt.kind.for_each_expr_mut(&mut |e| narrow(e, &context, cells, &reach, &mut used));
        });
    }
    let mut relied = Vec::new();
    for (cell, range) in reach.iter_enumerated() {
        if let Some(range) = range.as_ref().filter(|_| used[cell.index()]) {
            relied.extend(cells.all[cell].signals.iter().map(|signal| (*signal, range.clone())));
        }
    }
    Some((narrowed, relied))
}

/// Whether some assignment to a signal may be refused, as far as its types say.
fn has_checks(design: &Design, body: &Block) -> bool {
    let mut found = false;
    for_each_stmt(body, &mut |stmt| {
        if let StmtKind::Assign { target, value } = &stmt.kind
            && let Some(ty) = storage(design, &target.place)
        {
            found |= value.ty.range().is_some_and(|range| value_may_fail(ty, &range));
        }
    });
    found
}

fn storage<'d>(design: &'d Design, place: &Place) -> Option<&'d StorageType> {
    match place {
        Place::Signal(signal) => Some(&design.signals[*signal].ty),
        Place::Memory { memory, .. } => Some(&design.signals[design.memories[*memory].elements[0]].ty),
        Place::Local(_) | Place::Element { .. } => None,
    }
}

fn cell_of(design: &Design, cells: &Cells, place: &Place) -> Option<CellId> {
    match place {
        Place::Signal(signal) => Some(cells.of(*signal)),
        Place::Memory { memory, .. } => Some(cells.of(design.memories[*memory].elements[0])),
        Place::Local(_) | Place::Element { .. } => None,
    }
}

fn reach(design: &Design, cells: &Cells, free: &[CellId]) -> Reach {
    let mut reach: Reach = cells
        .all
        .iter()
        .map(|cell| {
            let first = &design.signals[*cell.signals.first()?];
            let same = cell.signals.iter().all(|s| design.signals[*s].ty == first.ty);
            let StorageType::Bits(_) = first.ty else { return None };
            let inits = cell.signals.iter().map(|s| Range::exactly(design.signals[*s].init.clone()));
            inits.reduce(|a, b| a.union(&b)).filter(|_| same)
        })
        .collect();
    free.iter().for_each(|cell| reach[*cell] = None);
    let mut readers: IndexVec<CellId, Vec<ProcessId>> = cells.all.iter().map(|_| Vec::new()).collect();
    for (id, process) in design.processes.iter_enumerated() {
        for cell in cells.of_all(&design.body_uses(&process.body).reads) {
            readers[cell].push(id);
        }
    }
    let mut growths = vec![0u32; reach.len()];
    let mut open: VecDeque<ProcessId> = design.processes.indices().collect();
    let mut listed = vec![true; design.processes.len()];
    while let Some(id) = open.pop_front() {
        listed[id.index()] = false;
        for (cell, range) in assigned(design, cells, id, &reach) {
            let Some(before) = &reach[cell] else { continue };
            let after = range.map(|range| before.union(&range));
            if after.as_ref() == Some(before) {
                continue;
            }
            growths[cell.index()] += 1;
            reach[cell] = after.filter(|_| growths[cell.index()] <= GROWTHS);
            for reader in &readers[cell] {
                if !std::mem::replace(&mut listed[reader.index()], true) {
                    open.push_back(*reader);
                }
            }
        }
    }
    reach
}

/// What a process may assign to which cells; `None` for anything.
fn assigned(design: &Design, cells: &Cells, id: ProcessId, reach: &Reach) -> Vec<(CellId, Option<Range>)> {
    let process = &design.processes[id];
    let context = TypeContext { design, locals: &process.locals };
    let mut found = Vec::new();
    let mut called = false;
    for_each_stmt(&process.body, &mut |stmt| match &stmt.kind {
        StmtKind::Assign { target, value } => {
            let cell = cell_of(design, cells, &target.place);
            if let (Some(cell), Some(StorageType::Bits(bits))) = (cell, storage(design, &target.place)) {
                let range = match target.part {
                    Some(_) => None,
                    None => range_of(value, &context, cells, reach),
                };
                let own = bits.range();
                // What is outside is refused, or comes back in anywhere.
                found.push((
                    cell,
                    range.and_then(|range| match own.contains_range(&range) {
                        true => Some(range),
                        false if bits.wraps => None,
                        false => own.intersect(&range),
                    }),
                ));
            }
        }
        StmtKind::Call { .. } => called = true,
        _ => {}
    });
    if let ProcessKind::Sequential { reset: Some(reset), .. } = &process.kind {
        for target in &reset.targets {
            found.push((cells.of(*target), Some(Range::exactly(design.signals[*target].init.clone()))));
        }
    }
    if called {
        // A function may assign what it wants.
        found.extend(cells.of_all(&design.drives(process)).into_iter().map(|cell| (cell, None)));
    }
    found
}

/// The range of an expression, where its signals have those of `reach`.
fn range_of(e: &Expr, context: &TypeContext, cells: &Cells, reach: &Reach) -> Option<Range> {
    let mut copy = e.clone();
    narrow(&mut copy, context, cells, reach, &mut Vec::new());
    copy.ty.range()
}

/// Gives an expression and all in it narrower types.
fn narrow(e: &mut Expr, context: &TypeContext, cells: &Cells, reach: &Reach, used: &mut Vec<bool>) {
    e.kind.for_each_operand_mut(&mut |operand| narrow(operand, context, cells, reach, used));
    let Type::Int(before) = &e.ty else { return };
    let of_cell = |cell: CellId| reach[cell].clone().map(|range| (cell, range));
    let known = match &e.kind {
        ExprKind::Signal(signal) => of_cell(cells.of(*signal)),
        ExprKind::MemoryRead { memory, .. } => {
            of_cell(cells.of(context.design.memories[*memory].elements[0]))
        }
        ExprKind::Local(_) | ExprKind::Element { .. } | ExprKind::Call { .. } | ExprKind::Const(_) => None,
        kind => match expr_type(kind, context) {
            Type::Int(range) => {
                if let Some(both) = before.intersect(&range) {
                    e.ty = Type::Int(both);
                }
                None
            }
            _ => None,
        },
    };
    if let Some((cell, range)) = known
        && let Type::Int(before) = &e.ty
        && let Some(both) = before.intersect(&range)
    {
        if let Some(used) = used.get_mut(cell.index()) {
            *used |= both != *before;
        }
        e.ty = Type::Int(both);
    }
}
