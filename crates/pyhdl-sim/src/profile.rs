//! Where a simulation is, for someone who looks now and then: a *place* is one number that says which statement of
//! which process is running.

use std::sync::atomic::{AtomicU64, Ordering};

use pyhdl_diag::Span;
use pyhdl_ir::ProcessId;

/// The place of the simulation that runs. Machine code that was made for it writes here as well.
pub static PLACE: AtomicU64 = AtomicU64::new(OUTSIDE);

/// No simulation runs.
pub const OUTSIDE: u64 = 0;
/// Between processes: time, triggers, updates.
pub const BETWEEN: u64 = u64::MAX;

/// The simulation is there from now on.
#[inline]
pub(crate) fn enter(place: u64) {
    PLACE.store(place, Ordering::Relaxed);
}

/// The place of a statement of a process, which is in the file of that process.
pub fn place(process: ProcessId, statement: Span) -> u64 {
    (process.index() as u64 + 1) << 32 | u64::from(statement.start)
}

/// The place of a process of which no more is known.
#[inline]
pub(crate) fn whole(process: ProcessId) -> u64 {
    (process.index() as u64 + 1) << 32 | u64::from(u32::MAX)
}

/// The process, and where in its file the statement begins, in bytes, if that is known.
pub fn parts(place: u64) -> Option<(ProcessId, Option<u32>)> {
    let process = (place >> 32).checked_sub(1)?;
    let start = Some(place as u32).filter(|start| *start != u32::MAX);
    (place != BETWEEN).then(|| (ProcessId::from_usize(process as usize), start))
}

#[cfg(test)]
mod tests {
    use pyhdl_diag::FileId;

    use super::*;

    #[test]
    fn places_have_two_parts() {
        let at = |start| Span::new(FileId::from_usize(3), start, start + 1);
        for (process, start) in [(0, 0), (7, 12), (1 << 30, u32::MAX - 1)] {
            let id = ProcessId::from_usize(process);
            assert_eq!(parts(place(id, at(start))), Some((id, Some(start))));
            assert_eq!(parts(whole(id)), Some((id, None)));
        }
        assert_eq!(parts(OUTSIDE), None);
        assert_eq!(parts(BETWEEN), None);
    }
}
