//! Matches: processes that follow their inputs and run once in a step, behind all that waits.
//!
//! Legal because such processes drive nothing that others see before the step ends, and each stays behind all that it
//! reads from.
//!
//! Pays because a wire is computed just before it is needed, while its operands are still in registers, and because its
//! readers are in the same function more often.
//!
//! Left out as `near-readers`.

use std::collections::HashMap;

use oxc_index::IndexVec;
use pyhdl_ir::ProcessId;

use super::cells::CellId;
use super::plan::Action;
use super::roles::Part;

/// Moves the processes that follow and run once close to those that read what they drive, wherever nothing but such
/// processes runs: each behind all that it reads from, as before.
pub(crate) fn near_readers(
    actions: &mut [Action],
    parts: &IndexVec<ProcessId, Part>,
    once: &dyn Fn(ProcessId) -> bool,
) {
    // The end of the step: behind all that waits, and all updates that do something.
    let is_plain = |action: &Action| match action {
        Action::Run(id) => once(*id),
        Action::Update(cells) => cells.is_empty(),
        Action::Loud(_) | Action::Guests(_) => false,
    };
    let start = actions.iter().rposition(|action| !is_plain(action)).map_or(0, |at| at + 1);
    let processes: Vec<ProcessId> = actions[start..]
        .iter()
        .filter_map(|action| match action {
            Action::Run(id) => Some(*id),
            _ => None,
        })
        .collect();
    let mut driver: HashMap<CellId, Vec<usize>> = HashMap::new();
    for (at, id) in processes.iter().enumerate() {
        parts[*id].drives.iter().for_each(|cell| driver.entry(*cell).or_default().push(at));
    }
    let mut visited = vec![false; processes.len()];
    let mut sorted = Vec::with_capacity(processes.len());
    for root in (0..processes.len()).rev() {
        // Depth first: all that it reads from, then itself.
        let mut open = vec![(root, false)];
        while let Some((at, ready)) = open.pop() {
            if ready {
                sorted.push(processes[at]);
            } else if !std::mem::replace(&mut visited[at], true) {
                open.push((at, true));
                for cell in parts[processes[at]].reads.iter().rev() {
                    let drivers = driver.get(cell).map_or(&[][..], Vec::as_slice);
                    open.extend(drivers.iter().rev().filter(|d| !visited[**d]).map(|d| (*d, false)));
                }
            }
        }
    }
    let mut next = sorted.into_iter();
    for action in &mut actions[start..] {
        if let Action::Run(id) = action
            && let Some(process) = next.next()
        {
            *id = process;
        }
    }
}
