//! `cargo xtask bench startup`: pyhdl (release build) and MyHDL in alternation; the median counts. The examples, and a test
//! bench that stays in Python, are timed as whole processes: start-up, elaboration and simulation together, as a user
//! waits for them. The elaboration of a chain of blocks says itself how long it took; importing the package is timed as
//! a process that does nothing else.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::Args;
use xtask::examples;
use xtask::scratch::{self, Purpose};
use xtask::{process, workspace};

#[derive(Args)]
pub struct Options {
    /// How often each program runs.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Fail if something takes longer than under MyHDL, or if elaboration is not linear.
    #[arg(long)]
    check: bool,
    /// Only these rows of the table.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// What is timed besides the examples, in `crates/xtask/bench`: the row's name, the program, its argument, and whether
/// it prints its own time.
const PROGRAMS: &[(&str, &str, Option<&str>, bool)] = &[
    ("scoreboard in Python", "scoreboard.py", None, false),
    (SHORT, "chain.py", Some("1024"), true),
    (LONG, "chain.py", Some("4096"), true),
];
const SHORT: &str = "elaborate 1024 stages";
const LONG: &str = "elaborate 4096 stages";
/// How much longer the long chain may take than the short one.
const LINEAR: f64 = 4.5;
const IMPORT: &str = "import";

/// The median times of one example, in seconds.
struct Row {
    name: String,
    myhdl: f64,
    pyhdl: f64,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.myhdl / self.pyhdl
    }
}

/// What is timed.
struct Case {
    name: String,
    ours: Command,
    theirs: Command,
    prints: bool,
}

impl Case {
    fn new(name: &str, ours: &Path, theirs: &Path, folder: &Path) -> Case {
        let (mut ours, mut theirs) = (Command::new(ours), Command::new(theirs));
        ours.current_dir(folder);
        theirs.current_dir(folder);
        Case { name: name.to_owned(), ours, theirs, prints: false }
    }
}

pub fn run(options: &Options) -> Result<ExitCode> {
    let examples = examples::all()?;
    let wanted = |name: &str| options.names.is_empty() || options.names.iter().any(|n| n == name);
    let names = examples.iter().map(|e| e.name.as_str()).chain(PROGRAMS.iter().map(|p| p.0)).chain([IMPORT]);
    let known: Vec<&str> = names.collect();
    if let Some(unknown) = options.names.iter().find(|n| !known.contains(&n.as_str())) {
        bail!("there is no row `{unknown}`; the rows are {}", known.join(", "));
    }
    super::release(&["pyhdl", "pyhdl-extension"])?;
    let pyhdl = workspace::target().join("release").join("pyhdl");
    let python = scratch::ensure(Purpose::Compare)?.python;
    let place = tempfile::tempdir().context("no folder for temporary files")?;
    let mut cases = Vec::new();
    for example in examples.iter().filter(|e| wanted(&e.name)) {
        let copy = example.copy_to(place.path())?;
        let mut case = Case::new(&example.name, &pyhdl, &python, &copy.folder);
        case.ours.arg("sim").arg(&copy.file);
        case.theirs.arg(&copy.file);
        cases.push(case);
    }
    for (name, program, argument, prints) in PROGRAMS.iter().filter(|p| wanted(p.0)) {
        let file = workspace::root().join("crates/xtask/bench").join(program);
        let mut case = Case::new(name, &pyhdl, &python, place.path());
        case.prints = *prints;
        case.ours.arg("sim").arg(&file).args(argument.iter().flat_map(|a| ["--", a]));
        case.theirs.arg(&file).args(argument.iter());
        cases.push(case);
    }
    if wanted(IMPORT) {
        let mut case = Case::new(IMPORT, &python, &python, place.path());
        case.ours.args(["-c", "import pyhdl"]).env("PYTHONPATH", scratch::package("release")?);
        case.theirs.args(["-c", "import myhdl"]);
        cases.push(case);
    }
    let mut rows = Vec::new();
    for mut case in cases {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..options.runs {
            ours.push(time(&mut case.ours, case.prints)?);
            theirs.push(time(&mut case.theirs, case.prints)?);
        }
        let median = |times| super::median(times).context("nothing has run");
        let row = Row { name: case.name, myhdl: median(theirs)?, pyhdl: median(ours)? };
        process::note(&format!("{}: {:.1}", row.name, row.ratio()));
        rows.push(row);
    }
    print(&rows);
    let mut problems: Vec<String> = Vec::new();
    problems.extend(
        rows.iter().filter(|r| r.ratio() < 1.0).map(|r| format!("{} is slower than under MyHDL", r.name)),
    );
    let of = |name: &str| rows.iter().find(|r| r.name == name).map(|r| r.pyhdl);
    if let (Some(short), Some(long)) = (of(SHORT), of(LONG)) {
        process::note(&format!("4096 stages take {:.2} times as long as 1024", long / short));
        if long > LINEAR * short {
            problems.push(format!("4096 stages take {:.2} times as long as 1024", long / short));
        }
    }
    if options.check && !problems.is_empty() {
        bail!("{}", problems.join("; "));
    }
    Ok(ExitCode::SUCCESS)
}

/// How many seconds a process takes, or says that it took.
fn time(command: &mut Command, prints: bool) -> Result<f64> {
    let text = process::describe(command);
    let start = Instant::now();
    let printed = super::output(command)?;
    let time = start.elapsed();
    if !prints {
        return Ok(time.as_secs_f64());
    }
    printed.trim().parse().with_context(|| format!("`{text}` prints {printed}"))
}

#[expect(clippy::print_stdout, reason = "the table is the verb's result")]
fn print(rows: &[Row]) {
    println!("| design | MyHDL | pyhdl | MyHDL / pyhdl |");
    println!("|---|---:|---:|---:|");
    for row in rows {
        println!("| {} | {:.3} s | {:.3} s | {:.1} |", row.name, row.myhdl, row.pyhdl, row.ratio());
    }
}
