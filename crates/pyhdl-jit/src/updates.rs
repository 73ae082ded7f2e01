//! Which shadowed signals are updated together.

use std::collections::BTreeMap;

use pyhdl_ir::SignalId;
use pyhdl_sim::cycle::{CellId, Plan, Role, Wake};

/// The signals of shadowed cells that wake nobody and are no memories, in runs: each run is updated if one group of
/// processes has run.
pub fn runs(plan: &Plan, cells: &[CellId]) -> Vec<Vec<SignalId>> {
    by_driver(plan, cells).into_values().collect()
}

/// The same, by the group that drives them.
pub fn by_driver(plan: &Plan, cells: &[CellId]) -> BTreeMap<Option<u32>, Vec<SignalId>> {
    let mut runs: BTreeMap<Option<u32>, Vec<SignalId>> = BTreeMap::new();
    for cell in cells {
        if plan.awaited[*cell] || plan.cells.all[*cell].memory {
            continue;
        }
        runs.entry(plan.driver_group[*cell]).or_default().extend(&plan.cells.all[*cell].signals);
    }
    runs
}

/// The signals of a cell that processes wait for.
pub fn awaited(plan: &Plan) -> BTreeMap<SignalId, Vec<Wake>> {
    let mut awaited: BTreeMap<SignalId, Vec<Wake>> = BTreeMap::new();
    for (id, wakes) in plan.wakes.iter_enumerated() {
        if matches!(plan.roles[id], Role::Waits | Role::Guest) {
            for wake in wakes {
                if let Some(signal) = wake.signal() {
                    let list = awaited.entry(signal).or_default();
                    if !list.contains(wake) {
                        list.push(*wake);
                    }
                }
            }
        }
    }
    awaited
}
