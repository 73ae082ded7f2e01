//! Matches: the cells that the processes of a delta drive.
//!
//! Legal because all processes of a delta see the values from before it: where those who read a cell run before the one
//! who drives it, the driver may change the cell at once. Where there is no such order, the cell is *shadowed*: it has a
//! next value beside the current one until the end of the delta. So are cells that the process itself reads again, cells
//! that wake others, and cells of processes whose order among each other can be seen.
//!
//! Pays for nearly all registers: one store instead of two and a load.
//!
//! Left out as `in-place`: then all that processes drive which wait is shadowed.

use std::collections::{HashMap, VecDeque};

use oxc_index::IndexVec;
use pyhdl_ir::ProcessId;

use super::cells::CellId;
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
