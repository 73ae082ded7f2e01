//! `cargo xtask bench`: each example under pyhdl (release build) and under MyHDL, in alternation, as whole processes:
//! start-up, elaboration and simulation together, as a user waits for them. The median counts.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use xtask::examples::{self, Example};
use xtask::scratch::{self, Purpose};
use xtask::{process, workspace};

#[derive(Args)]
pub struct Options {
    /// How often each program runs.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Fail if an example takes longer than under MyHDL.
    #[arg(long)]
    check: bool,
    /// Only these examples.
    #[arg(value_name = "EXAMPLE")]
    names: Vec<String>,
}

/// The median times of one example.
struct Row {
    name: String,
    myhdl: Duration,
    pyhdl: Duration,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.myhdl.as_secs_f64() / self.pyhdl.as_secs_f64()
    }
}

pub fn run(options: &Options) -> Result<ExitCode> {
    let chosen = choose(examples::all()?, &options.names)?;
    process::run(Command::new(workspace::cargo()).current_dir(workspace::root()).args([
        "build",
        "--release",
        "--package",
        "pyhdl",
    ]))?;
    let pyhdl = workspace::target().join("release").join("pyhdl");
    let python = scratch::ensure(Purpose::Compare)?.python;
    let place = tempfile::tempdir().context("no folder for temporary files")?;
    let mut rows = Vec::new();
    for example in &chosen {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for run in 0..options.runs {
            let folder = place.path().join(run.to_string());
            let example = example.copy_to(&folder)?;
            ours.push(time(Command::new(&pyhdl).arg("sim").arg(&example.file), &example.folder)?);
            theirs.push(time(Command::new(&python).arg(&example.file), &example.folder)?);
        }
        rows.push(Row { name: example.name.clone(), myhdl: median(theirs), pyhdl: median(ours) });
        process::note(&format!("{}: {:.1}", example.name, rows[rows.len() - 1].ratio()));
    }
    print(&rows);
    let slower: Vec<&str> = rows.iter().filter(|r| r.ratio() < 1.0).map(|r| r.name.as_str()).collect();
    if options.check && !slower.is_empty() {
        bail!("slower than under MyHDL: {}", slower.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

fn choose(all: Vec<Example>, names: &[String]) -> Result<Vec<Example>> {
    if let Some(unknown) = names.iter().find(|n| all.iter().all(|e| e.name != **n)) {
        let known: Vec<&str> = all.iter().map(|e| e.name.as_str()).collect();
        bail!("there is no example `{unknown}`; the examples are {}", known.join(", "));
    }
    Ok(all.into_iter().filter(|e| names.is_empty() || names.contains(&e.name)).collect())
}

fn time(command: &mut Command, folder: &Path) -> Result<Duration> {
    let text = process::describe(command);
    let start = Instant::now();
    let output = command
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{text}` cannot be started"))?;
    let time = start.elapsed();
    if !output.status.success() {
        bail!("`{text}` failed ({}):\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(time)
}

/// The middle one; of an even number, the mean of the two in the middle.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let middle = times.len() / 2;
    if times.len() % 2 == 1 { times[middle] } else { (times[middle - 1] + times[middle]) / 2 }
}

#[expect(clippy::print_stdout, reason = "the table is the verb's result")]
fn print(rows: &[Row]) {
    println!("| design | MyHDL | pyhdl | MyHDL / pyhdl |");
    println!("|---|---:|---:|---:|");
    for row in rows {
        println!(
            "| {} | {:.3} s | {:.3} s | {:.1} |",
            row.name,
            row.myhdl.as_secs_f64(),
            row.pyhdl.as_secs_f64(),
            row.ratio()
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_of_the_sorted_times() {
        let ms = |n| Duration::from_millis(n);
        assert_eq!(median(vec![ms(9), ms(1), ms(5)]), ms(5));
        assert_eq!(median(vec![ms(9), ms(1), ms(5), ms(3)]), ms(4));
    }
}
