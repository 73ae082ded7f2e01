//! `cargo xtask bench engines`: clock cycles a second of each design on each engine, and the seconds to a result.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use xtask::scratch::{self, Purpose};
use xtask::{process, workspace};

use super::engine::{self, Engine, Programs};
use super::measure::{self, Effort, Table};
use super::{design, tables};

#[derive(Args)]
pub struct Options {
    /// Only these designs.
    #[arg(value_name = "DESIGN")]
    designs: Vec<String>,
    /// Engines to run them on.
    #[arg(long, value_name = "ENGINES", value_delimiter = ',', value_parser = Engine::named,
          default_value = "pyhdl,myhdl,icarus,ghdl,verilator,verilator-newest")]
    engines: Vec<Engine>,
    /// About how long each timed run takes.
    #[arg(long, value_name = "SECONDS", default_value_t = 2.0)]
    seconds: f64,
    /// Pairs of timed runs, of pyhdl and another engine in turn, of which the median counts.
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
    let mut problems = Vec::new();
    let (engines, programs) = ready(&options.engines, &mut problems)?;
    let effort = Effort { seconds: options.seconds, runs: options.runs };
    let mut table = Table::new();
    for design in &designs {
        let row = match measure::measure(design, &engines, &programs, effort, &mut problems) {
            Ok(row) => row,
            Err(e) => {
                problems.push(format!("{}: {e:#}", design.name));
                continue;
            }
        };
        for (engine, figures) in &row {
            process::note(&format!(
                "{} on {engine}: {:.0} cycles/s, build {:.2} s, start {:.2} s",
                design.name, figures.cycles_per_second, figures.build, figures.start
            ));
        }
        table.insert(design.name.clone(), row);
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

/// Builds and installs what the engines take. One that cannot be had is a problem, and left out.
fn ready(wanted: &[Engine], problems: &mut Vec<String>) -> Result<(Vec<Engine>, Programs)> {
    super::release(&["pyhdl"])?;
    let mut programs = Programs {
        pyhdl: workspace::target().join("release").join("pyhdl"),
        python: scratch::ensure(Purpose::Compare)?.python,
        verilator_newest: None,
    };
    let mut engines = wanted.to_vec();
    if engines.contains(&Engine::VerilatorNewest) {
        match engine::newest_verilator() {
            Ok(program) => programs.verilator_newest = Some(program),
            Err(e) => {
                problems.push(format!("{}: {e:#}", Engine::VerilatorNewest.name()));
                engines.retain(|engine| *engine != Engine::VerilatorNewest);
            }
        }
    }
    Ok((engines, programs))
}

#[expect(clippy::print_stdout, reason = "the tables are the verb's result")]
fn print(table: &Table, before: Option<&Table>) {
    println!("{}\n{}", tables::ratios(table, before), tables::waits(table));
}
