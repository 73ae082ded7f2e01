//! `cargo xtask bench engines`: clock cycles a second of each design on each engine, from runs of two lengths, so that
//! start-up cancels out.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use xtask::scratch::{self, Purpose};
use xtask::{process, workspace};

use super::design::{self, Design};
use super::harness::{Engine, Programs, Runnable};

#[derive(Args)]
pub struct Options {
    /// Only these designs.
    #[arg(value_name = "DESIGN")]
    designs: Vec<String>,
    /// Engines to run them on.
    #[arg(long, value_name = "ENGINES", value_delimiter = ',', value_parser = Engine::named,
          default_value = "pyhdl,myhdl,icarus,ghdl,verilator")]
    engines: Vec<Engine>,
    /// About how long each timed run takes.
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    seconds: f64,
    /// Timed runs, of which the median counts.
    #[arg(long, value_name = "COUNT", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Where the designs are; the project's own by default.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Write all figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Figures of an earlier run, to compare the ratios between engines with.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

/// Cycles after which all checksums are compared.
const CHECKED: u64 = 400;
/// No run is longer, however fast the engine is.
const MOST: u64 = 2_000_000_000;

/// The figures of one design on one engine.
#[derive(Clone, Serialize, Deserialize, Debug)]
struct Figures {
    /// After [`CHECKED`] cycles.
    checksum: String,
    /// Seconds from HDL to something that runs.
    build: f64,
    /// Seconds of a run of [`CHECKED`] cycles.
    start: f64,
    /// Of the long run.
    cycles: u64,
    cycles_per_second: f64,
}

/// By design, then by engine.
type Table = BTreeMap<String, BTreeMap<String, Figures>>;

pub fn run(options: &Options) -> Result<ExitCode> {
    let folder = options.folder.clone().unwrap_or_else(|| workspace::root().join("tests/bench"));
    let designs = design::all(&folder, &options.designs)?;
    let before: Option<Table> = match &options.baseline {
        Some(file) => {
            let text =
                fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
            Some(serde_json::from_str(&text).with_context(|| format!("{} has no figures", file.display()))?)
        }
        None => None,
    };
    super::release(&["pyhdl"])?;
    let programs = Programs {
        pyhdl: workspace::target().join("release").join("pyhdl"),
        python: scratch::ensure(Purpose::Compare)?.python,
    };
    let mut table = Table::new();
    let mut problems = Vec::new();
    for design in &designs {
        let row = table.entry(design.name.clone()).or_default();
        for engine in options.engines.iter().filter(|engine| design.hdl || !engine.runs_hdl()) {
            match measure(*engine, design, &programs, options) {
                Ok(figures) => {
                    process::note(&format!(
                        "{} on {}: {:.0} cycles/s, build {:.2} s, start {:.2} s",
                        design.name,
                        engine.name(),
                        figures.cycles_per_second,
                        figures.build,
                        figures.start
                    ));
                    row.insert(engine.name().to_owned(), figures);
                }
                Err(e) => problems.push(format!("{} on {}: {e:#}", design.name, engine.name())),
            }
        }
        let mut checksums: Vec<&str> = row.values().map(|f| f.checksum.as_str()).collect();
        checksums.dedup();
        if checksums.len() > 1 {
            problems.push(format!("{}: the checksums differ: {}", design.name, checksums.join(", ")));
        }
    }
    print(&table, before.as_ref());
    if let Some(file) = &options.json {
        fs::write(file, serde_json::to_string_pretty(&table)? + "\n")
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(engine: Engine, design: &Design, programs: &Programs, options: &Options) -> Result<Figures> {
    let place = tempfile::tempdir()?;
    let runnable = Runnable::new(engine, design, programs, place.path())?;
    let short = runnable.run(CHECKED)?;
    let net = |time: Duration| time.saturating_sub(short.time).as_secs_f64();
    let mut cycles = 4 * CHECKED;
    let mut long = runnable.run(cycles)?;
    while net(long.time) < options.seconds / 2.0 && cycles < MOST {
        let more = (options.seconds / net(long.time).max(0.01)).clamp(2.0, 16.0);
        cycles = ((cycles as f64 * more) as u64).min(MOST);
        long = runnable.run(cycles)?;
    }
    let mut times = vec![long.time];
    for _ in 1..options.runs {
        times.push(runnable.run(cycles)?.time);
    }
    times.sort_unstable();
    let seconds = net(times[times.len() / 2]).max(1e-9);
    Ok(Figures {
        checksum: short.checksum,
        build: runnable.build.as_secs_f64(),
        start: short.time.as_secs_f64(),
        cycles,
        cycles_per_second: (cycles - CHECKED) as f64 / seconds,
    })
}

/// How many times as fast as another engine pyhdl is.
fn ratio(row: &BTreeMap<String, Figures>, other: Engine) -> Option<f64> {
    Some(row.get("pyhdl")?.cycles_per_second / row.get(other.name())?.cycles_per_second)
}

#[expect(clippy::print_stdout, reason = "the table is the verb's result")]
fn print(table: &Table, before: Option<&Table>) {
    let others = [Engine::Myhdl, Engine::Icarus, Engine::Ghdl, Engine::Verilator];
    println!("| design | pyhdl, cycles/s | / MyHDL | / Icarus | / GHDL | / Verilator |");
    println!("|---|---:|---:|---:|---:|---:|");
    for (design, row) in table {
        let Some(ours) = row.get("pyhdl") else { continue };
        let mut line = format!("| {design} | {:.0} |", ours.cycles_per_second);
        for other in others {
            let now = ratio(row, other);
            let then = before.and_then(|table| ratio(table.get(design)?, other));
            line += &match (now, then) {
                (Some(now), Some(then)) => format!(" {} (was {}) |", shown(now), shown(then)),
                (Some(now), None) => format!(" {} |", shown(now)),
                (None, _) => " |".to_owned(),
            };
        }
        println!("{line}");
    }
}

/// Two significant digits, or whole numbers.
fn shown(ratio: f64) -> String {
    let digits = if ratio >= 10.0 { 0 } else { (1.0 - ratio.log10().floor()).clamp(0.0, 9.0) as usize };
    format!("{ratio:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_have_two_digits() {
        assert_eq!([0.001_234, 0.5, 1.0, 9.94, 123.4].map(shown), ["0.0012", "0.50", "1.0", "9.9", "123"]);
    }
}
