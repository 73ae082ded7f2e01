//! Hidden variables of threads: where loops keep their bounds while they wait. Their order is the interpreter's, so
//! that a run can move between both.

use pyhdl_ir::{Block, Process, Range, StmtKind};

use crate::Refused;

/// The ranges of the hidden variables: next number and bound of each `for`, subject of each `match`.
pub fn hidden(process: &Process) -> Result<Vec<Range>, Refused> {
    let mut found = Vec::new();
    walk(&process.body, &mut found);
    Ok(found)
}

fn walk(block: &Block, found: &mut Vec<Range>) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::For { start, stop, step, body, .. } => {
                let start = start.ty.range().unwrap_or_else(Range::all);
                let stop = stop.ty.range().unwrap_or_else(Range::all);
                found.push(counter(&start, &stop, step));
                found.push(finite(stop));
                walk(body, found);
            }
            StmtKind::Match { subject, .. } => {
                found.push(finite(subject.ty.range().unwrap_or_else(|| Range::new(0, u32::MAX))));
                for block in stmt.kind.blocks() {
                    walk(block, found);
                }
            }
            _ => {
                for block in stmt.kind.blocks() {
                    walk(block, found);
                }
            }
        }
    }
}

/// What the next number of a loop can be, one step behind the end included.
pub fn counter(start: &Range, stop: &Range, step: &num_bigint::BigInt) -> Range {
    let reach = start.union(stop);
    let (Some(lo), Some(hi)) = (&reach.lo, &reach.hi) else { return Range::signed(64) };
    Range::new(lo + step.min(&num_bigint::BigInt::ZERO), hi + step.max(&num_bigint::BigInt::ZERO))
}

fn finite(range: Range) -> Range {
    if range.is_finite() { range } else { Range::signed(64) }
}
