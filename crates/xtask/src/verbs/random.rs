//! `cargo xtask random`: random designs against their models and in other people's simulators, for as long as one
//! likes.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use pyhdl_random::{Batch, Lab, Stage, Subject};
use xtask::{process, workspace};

/// Longer than any batch takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(900);

#[derive(Args)]
pub struct Options {
    /// What to make: expressions, statements or designs; all in turn by default.
    #[arg(value_name = "SUBJECT", value_parser = subject)]
    subject: Option<Subject>,
    /// Stop after this many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    seconds: u64,
    /// Stop after this many cases.
    #[arg(long, value_name = "COUNT")]
    cases: Option<usize>,
    /// The seed of the first batch, to see it again; a fresh one by default.
    #[arg(long)]
    seed: Option<u64>,
    /// Simulators to compare the HDL with, or none.
    #[arg(long, value_name = "TOOLS", value_delimiter = ',', default_value = "none")]
    with: Vec<String>,
    /// The `pyhdl` to try; one built from these sources by default.
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
    /// Compare the simulation's engines with each other instead of models and tools.
    #[arg(long)]
    engines: bool,
    /// Let the HDL check what Python refuses: none of it happens in these designs.
    #[arg(long)]
    assertions: bool,
    /// Batches at a time.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
}

/// The first batch of every test run: the same cases each time, or a change would answer for what it did not do.
/// Search for new ones with a fresh seed.
const SEED: u64 = 1;

/// What every test run has of it: `program` against the models, in the same cases each time.
pub fn slice(program: PathBuf) -> Result<ExitCode> {
    let all: Vec<String> = ["verilator", "ghdl", "icarus"].map(str::to_owned).into();
    let options = Options {
        subject: None,
        seconds: 300,
        cases: Some(2000),
        seed: Some(SEED),
        with: all,
        program: Some(program),
        engines: false,
        assertions: false,
        jobs: 2,
    };
    run(&options)?;
    let none = vec!["none".to_owned()];
    run(&Options {
        cases: Some(800),
        with: none.clone(),
        engines: true,
        program: options.program.clone(),
        ..options
    })?;
    run(&Options { cases: Some(6000), with: none, ..options })
}

fn subject(name: &str) -> Result<Subject, String> {
    Subject::ALL
        .into_iter()
        .find(|s| s.name() == name)
        .ok_or_else(|| "choose among expressions, statements, designs".to_owned())
}

pub fn run(options: &Options) -> Result<ExitCode> {
    let program = match &options.program {
        // The lab calls it in folders of its own.
        Some(program) => std::path::absolute(program)?,
        None => build()?,
    };
    let stage = match options.with.as_slice() {
        _ if options.engines => Stage::Engines,
        [none] if none == "none" => Stage::Simulation,
        tools => Stage::Tools { tools: tools.to_vec(), assertions: options.assertions },
    };
    let subjects = options.subject.map_or(Subject::ALL.to_vec(), |s| vec![s]);
    let seed = options.seed.unwrap_or_else(fresh_seed);
    let until = Instant::now() + Duration::from_secs(options.seconds);
    let (next, done) = (AtomicU64::new(0), AtomicUsize::new(0));
    let (proved, unread) = (options.with == ["yosys"], AtomicUsize::new(0));
    let failed: Mutex<Option<anyhow::Result<String>>> = Mutex::new(None);
    process::note(&format!("seed {seed}"));
    let worker = || {
        let stopped = || failed.lock().is_ok_and(|f| f.is_some());
        while Instant::now() < until && !stopped() {
            if options.cases.is_some_and(|most| done.load(Ordering::Relaxed) >= most) {
                return;
            }
            let index = next.fetch_add(1, Ordering::Relaxed);
            let subject = subjects[(index % subjects.len() as u64) as usize];
            // What a prover does not read keeps the rest of its batch unproved.
            let size = if proved { 4 } else { size(subject, &stage) };
            let batch = Batch::random(subject, seed.wrapping_add(index), size);
            let lab = Lab {
                program: program.clone(),
                vectors: vectors(subject),
                limit: LIMIT,
                unread: AtomicUsize::new(0),
            };
            let result = match lab.check(&batch, &stage) {
                Ok(None) => {
                    if lab.unread.load(Ordering::Relaxed) > 0 {
                        unread.fetch_add(batch.cases.len(), Ordering::Relaxed);
                    }
                    done.fetch_add(batch.cases.len(), Ordering::Relaxed);
                    continue;
                }
                Ok(Some(case)) => {
                    let folder = workspace::target().join("random");
                    let file = folder.join(format!("{}_{}.py", subject.name(), batch.seed));
                    let whole = folder.join(format!("{}_{}_batch.py", subject.name(), batch.seed));
                    let kept = fs::create_dir_all(&folder)
                        .and_then(|()| fs::write(whole, batch.text(lab.vectors, &stage)))
                        .and_then(|()| fs::write(&file, &case.text));
                    kept.map_err(Into::into).map(|()| {
                        format!(
                            "{}\n{}\n{} --seed {}\nkept as {}",
                            case.whole,
                            case.said,
                            subject.name(),
                            batch.seed,
                            file.display()
                        )
                    })
                }
                Err(e) => Err(e),
            };
            if let Ok(mut failed) = failed.lock() {
                failed.get_or_insert(result);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..options.jobs {
            scope.spawn(worker);
        }
    });
    process::note(&format!("{} cases without a difference", done.load(Ordering::Relaxed)));
    match unread.into_inner() {
        0 => {}
        count if options.engines => {
            process::note(&format!("{count} of them in batches that were not compiled"))
        }
        count => process::note(&format!("{count} of them in batches that the provers do not read")),
    }
    match failed.into_inner() {
        Ok(Some(failure)) => bail!("{}", failure?),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// Builds the program. Returns its path.
fn build() -> Result<PathBuf> {
    let mut build = Command::new(workspace::cargo());
    build.args(["build", "--quiet", "--release", "--package", "pyhdl"]).current_dir(workspace::root());
    process::run(&mut build)?;
    Ok(workspace::target().join("release").join("pyhdl"))
}

/// Cases of a batch: enough that starting the tools takes little of the time.
pub fn size(subject: Subject, stage: &Stage) -> usize {
    match (subject, stage) {
        (Subject::Expressions, Stage::Simulation) => 500,
        (Subject::Expressions, _) => 400,
        (Subject::Statements, _) => 60,
        (Subject::Designs, _) => 16,
    }
}

/// Test vectors of a batch.
pub fn vectors(subject: Subject) -> usize {
    match subject {
        Subject::Expressions => 20,
        Subject::Statements | Subject::Designs => 60,
    }
}

fn fresh_seed() -> u64 {
    fastrand::u64(..1 << 40)
}
