//! What simulations spend their time on, by statement: somebody looks once in a while where they are.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;
use pyhdl_diag::SourceTable;
use pyhdl_ir::{Design, ProcessId, ProcessKind};
use pyhdl_sim::profile::{BETWEEN, OUTSIDE, PLACE, parts};

/// From one look to the next.
pub const PERIOD: Duration = Duration::from_millis(1);

/// What was seen, by place of the simulation that runs.
static SEEN: Mutex<Option<HashMap<u64, u64>>> = Mutex::new(None);
static PROFILE: Mutex<Option<Profile>> = Mutex::new(None);

/// A process of a block, in all instances of this block together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Where {
    /// As `block.process`.
    pub name: String,
    /// The file and line where it is defined.
    pub place: String,
}

/// How often each process was met.
#[derive(Clone, Default, Debug)]
pub struct Profile {
    pub processes: BTreeMap<Where, Counts>,
    /// Between processes.
    pub between: u64,
}

/// How often a process was met, and where in it.
#[derive(Clone, Default, Debug)]
pub struct Counts {
    pub all: u64,
    /// By line: its text, and how often.
    pub lines: BTreeMap<u32, (String, u64)>,
}

/// Looks from now on, until the program ends. Where there is no other thread, nothing is ever seen.
pub fn start() {
    *SEEN.lock() = Some(HashMap::new());
    *PROFILE.lock() = Some(Profile::default());
    let look = || {
        loop {
            thread::sleep(PERIOD);
            let place = PLACE.load(Ordering::Relaxed);
            if place != OUTSIDE
                && let Some(seen) = &mut *SEEN.lock()
            {
                *seen.entry(place).or_default() += 1;
            }
        }
    };
    let _ = thread::Builder::new().name("profile".to_owned()).spawn(look);
}

/// What was seen until now was this design.
pub fn collect(design: &Design, sources: &SourceTable) {
    let Some(seen) = SEEN.lock().as_mut().map(std::mem::take) else { return };
    let mut profile = PROFILE.lock();
    let Some(profile) = &mut *profile else { return };
    for (place, count) in seen {
        if place == BETWEEN {
            profile.between += count;
            continue;
        }
        let Some((id, start)) = parts(place) else { continue };
        let Some(process) = design.processes.get(id) else { continue };
        let file = sources.get(process.span.file);
        let counts = profile.processes.entry(where_is(design, id, sources)).or_default();
        counts.all += count;
        if let Some(start) = start {
            let line = file.line(start);
            let text = || (file.line_text(line).trim().to_owned(), 0);
            counts.lines.entry(line).or_insert_with(text).1 += count;
        }
    }
}

/// What was found out, if anybody looked.
pub fn profile() -> Option<Profile> {
    PROFILE.lock().clone()
}

fn where_is(design: &Design, id: ProcessId, sources: &SourceTable) -> Where {
    let process = &design.processes[id];
    let block = &design.scopes[process.scope].block;
    let name = match process.kind {
        ProcessKind::Continuous { .. } => format!("{block}: shadow signals"),
        _ => format!("{block}.{}", process.name),
    };
    let file = sources.get(process.span.file);
    let path = file.path.file_name().unwrap_or(file.path.as_os_str()).to_string_lossy().into_owned();
    Where { name, place: format!("{path}:{}", file.line(process.span.start)) }
}
