//! What simulations spent their time on, as text.

use std::fmt::Write;

use indicatif::HumanCount;
use pyhdl_python::profile::{PERIOD, Profile};

/// What takes less of the time is left out, in percent.
const LEAST: f64 = 1.0;
/// So many processes, and so many lines of each.
const MOST: (usize, usize) = (20, 5);

/// The processes that take most of the time, each with its lines.
pub fn table(profile: &Profile) -> String {
    let all = profile.between + profile.processes.values().map(|counts| counts.all).sum::<u64>();
    let mut out = String::new();
    let period = PERIOD.as_millis();
    let _ = writeln!(out, "profile: {} looks at the simulation, one every {period} ms", HumanCount(all));
    if all == 0 {
        return out;
    }
    let share = |count: u64| 100.0 * count as f64 / all as f64;
    let mut processes: Vec<_> = profile.processes.iter().collect();
    processes.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.all));
    let shown = processes.iter().filter(|(_, counts)| share(counts.all) >= LEAST).take(MOST.0).count();
    let mut rest = 0;
    for (at, (place, counts)) in processes.into_iter().enumerate() {
        if at >= shown {
            rest += counts.all;
            continue;
        }
        let _ = writeln!(out, "{:6.1} %  {}   {}", share(counts.all), place.name, place.place);
        let mut lines: Vec<_> = counts.lines.iter().collect();
        lines.sort_by_key(|(line, (_, count))| (std::cmp::Reverse(*count), **line));
        for (line, (text, count)) in lines.into_iter().take(MOST.1).filter(|(_, l)| share(l.1) >= LEAST) {
            let _ = writeln!(out, "   {:6.1} %  {line:>5}  {text}", share(*count));
        }
    }
    if rest > 0 {
        let _ = writeln!(out, "{:6.1} %  other processes", share(rest));
    }
    if profile.between > 0 {
        let _ = writeln!(out, "{:6.1} %  time, triggers, updates", share(profile.between));
    }
    out
}
