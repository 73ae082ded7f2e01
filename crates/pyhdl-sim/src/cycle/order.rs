//! The order of the processes of one delta cycle.
//!
//! All processes of a delta see the values from before it. Where those who read a cell run before the one who drives
//! it, the driver may change the cell at once; where that cannot be, the cell is *shadowed*: it has a next value
//! beside the current one until the end of the delta.

use std::collections::{HashMap, VecDeque};

use oxc_index::IndexVec;
use pyhdl_ir::ProcessId;

use super::cells::CellId;
use super::plan::Action;
use super::roles::Part;

/// Sorts the processes of a delta, readers before drivers, those of one group together where possible. Where there is
/// no such order, further cells become shadowed.
pub(crate) fn sort(
    processes: &[ProcessId],
    parts: &IndexVec<ProcessId, Part>,
    group: &IndexVec<ProcessId, u32>,
    shadowed: &mut IndexVec<CellId, bool>,
) -> Vec<ProcessId> {
    let mut drivers: HashMap<CellId, Vec<usize>> = HashMap::new();
    for (at, id) in processes.iter().enumerate() {
        for cell in parts[*id].drives.iter().filter(|c| !shadowed[**c]) {
            drivers.entry(*cell).or_default().push(at);
        }
    }
    // Whom each one must precede, because of which cell, and how many must precede it.
    let mut before: Vec<Vec<(usize, CellId)>> = vec![Vec::new(); processes.len()];
    let mut waiting_for = vec![0u32; processes.len()];
    for (at, id) in processes.iter().enumerate() {
        for cell in &parts[*id].reads {
            for &driver in drivers.get(cell).map_or(&[][..], Vec::as_slice) {
                if driver != at {
                    before[at].push((driver, *cell));
                    waiting_for[driver] += 1;
                }
            }
        }
    }
    let mut sorted = Vec::with_capacity(processes.len());
    let mut done = vec![false; processes.len()];
    let mut ready: HashMap<u32, VecDeque<usize>> = HashMap::new();
    let mut groups: VecDeque<u32> = VecDeque::new();
    let group_of = |at: usize| group[processes[at]];
    let make_ready = |at: usize, ready: &mut HashMap<u32, VecDeque<usize>>, groups: &mut VecDeque<u32>| {
        let queue = ready.entry(group_of(at)).or_default();
        if queue.is_empty() && !groups.contains(&group_of(at)) {
            groups.push_back(group_of(at));
        }
        queue.push_back(at);
    };
    for (at, count) in waiting_for.iter().enumerate() {
        if *count == 0 {
            make_ready(at, &mut ready, &mut groups);
        }
    }
    let mut next_stuck = 0;
    while sorted.len() < processes.len() {
        let at = loop {
            let Some(first) = groups.front() else { break None };
            match ready.get_mut(first).and_then(VecDeque::pop_front) {
                Some(at) => break Some(at),
                None => {
                    groups.pop_front();
                }
            }
        };
        let at = match at {
            Some(at) if done[at] => continue,
            Some(at) => at,
            None => {
                // A circle of readers: the first of them drives its cells through next values.
                while done[next_stuck] {
                    next_stuck += 1;
                }
                for cell in &parts[processes[next_stuck]].drives {
                    shadowed[*cell] = true;
                }
                next_stuck
            }
        };
        done[at] = true;
        sorted.push(processes[at]);
        for &(driver, _) in &before[at] {
            waiting_for[driver] -= 1;
            if waiting_for[driver] == 0 && !done[driver] {
                make_ready(driver, &mut ready, &mut groups);
            }
        }
    }
    sorted
}

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
