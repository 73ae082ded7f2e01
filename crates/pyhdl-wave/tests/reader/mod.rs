//! Reads files of every format with the crate `wellen`.

use std::collections::BTreeMap;
use std::path::Path;

/// Values and the times at which they begin.
pub type Changes = Vec<(u64, String)>;

/// What a file says.
#[derive(Debug, PartialEq)]
pub struct Waves {
    /// A time step in seconds, as a power of ten.
    pub exponent: i8,
    /// The paths of all scopes.
    pub scopes: Vec<String>,
    /// By path: the width of a vector, and the changes with their times. Of several at a time the last one.
    pub vars: BTreeMap<String, (Option<u32>, Changes)>,
    pub times: Vec<u64>,
}

pub fn read(path: &Path) -> Waves {
    let mut file = wellen::simple::read(path).unwrap();
    let vars: Vec<wellen::Var> = file.hierarchy().iter_vars().cloned().collect();
    let signals: Vec<wellen::SignalRef> = vars.iter().map(wellen::Var::signal_ref).collect();
    file.load_signals(&signals);
    let mut times = file.time_table().to_vec();
    let hierarchy = file.hierarchy();
    let read = |var: &wellen::Var| {
        let signal = file.get_signal(var.signal_ref()).unwrap();
        let mut changes = Changes::new();
        for (index, value) in signal.iter_changes() {
            let time = times[index as usize];
            changes.pop_if(|(last, _)| *last == time);
            changes.push((time, value.to_string()));
        }
        changes.dedup_by(|b, a| a.1 == b.1);
        let name = match var.index() {
            Some(index) => format!("{}({})", var.full_name(hierarchy), index.lsb()),
            None => var.full_name(hierarchy),
        };
        (name, (var.length().filter(|_| var.is_bit_vector()), changes))
    };
    let vars = vars.iter().map(read).collect();
    // A section of an FST file begins with the time at which the one before ends.
    times.dedup();
    Waves {
        exponent: hierarchy.timescale().map(exponent).unwrap(),
        // The reader has a scope around all.
        scopes: hierarchy
            .iter_scopes()
            .map(|scope| scope.full_name(hierarchy))
            .filter(|name| !name.is_empty())
            .collect(),
        vars,
        times,
    }
}

fn exponent(timescale: wellen::Timescale) -> i8 {
    timescale.unit.to_exponent().unwrap() + timescale.factor.ilog10() as i8
}
