//! [`Lab`]: runs batches through the program, finds the cases that fail, and makes them small.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use wait_timeout::ChildExt;

use crate::case::{self, Subject};
use crate::engines;
use crate::program::{self, Stimulus};

/// What is not small by then stays as it is.
const SHRINKING: Duration = Duration::from_secs(150);

/// The one among the tools that does not simulate: it proves that Verilog and VHDL are the same.
const PROVER: &str = "yosys";

/// Which passes compiled code is made without.
const ENGINES: [&str; 17] = [
    "",
    "all",
    "in-place",
    "wires",
    "dead-stores",
    "grouping",
    "if-conversion",
    "jump-tables",
    "ranges",
    "word-recovery",
    "unrolling",
    "stepping",
    "short-lists",
    "deferral",
    "packing",
    "inlining",
    "optimizer",
];

/// The end of a text.
fn tail(said: &str) -> String {
    let lines: Vec<&str> = said.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

/// How long a program that is asked to stop may take for it.
const STOPPING: Duration = Duration::from_secs(10);

/// How far a batch goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Through the simulation, whose values the model knows, and through both emitters.
    Simulation,
    /// Through the simulation on every engine, with every pass of compiled code on, off, and off alone.
    Engines,
    /// And through these tools, whose values the simulation knows.
    Tools {
        tools: Vec<String>,
        /// The HDL checks what Python refuses.
        assertions: bool,
    },
}

/// Where batches run.
pub struct Lab {
    /// The `pyhdl` program.
    pub program: PathBuf,
    /// Test vectors, or steps of the clocks, for each batch.
    pub vectors: usize,
    /// How long the program may take for one thing. Whatever takes longer fails.
    pub limit: Duration,
    /// Batches that GHDL or Yosys did not take.
    pub unread: AtomicUsize,
}

/// Cases of one subject, each as the bytes that it is made from.
#[derive(Clone, Debug)]
pub struct Batch {
    pub subject: Subject,
    pub seed: u64,
    pub cases: Vec<Vec<u8>>,
}

/// A case that does not behave as its model, or that something refuses.
#[derive(Clone, Debug)]
pub struct Failed {
    /// A file that shows it.
    pub text: String,
    /// What was said about it.
    pub said: String,
    /// What was said about the batch that it comes from.
    pub whole: String,
}

impl Batch {
    /// The batch of a seed.
    pub fn random(subject: Subject, seed: u64, count: usize) -> Batch {
        let mut random = fastrand::Rng::with_seed(seed);
        let most = subject.most_bytes();
        let mut bytes = || (0..random.usize(8..most)).map(|_| random.u8(..)).collect();
        Batch { subject, seed, cases: (0..count).map(|_| bytes()).collect() }
    }

    fn with(&self, cases: Vec<Vec<u8>>) -> Batch {
        Batch { cases, ..*self }
    }

    pub fn text(&self, vectors: usize, stage: &Stage) -> String {
        let cases: Vec<_> =
            self.cases.iter().enumerate().map(|(i, bytes)| case::make(self.subject, i, bytes)).collect();
        let stimulus = Stimulus { seed: self.seed, vectors };
        match stage {
            Stage::Engines => engines::text(&cases, stimulus),
            _ => program::text(self.subject, &cases, stimulus),
        }
    }
}

impl Lab {
    /// The first case of the batch that fails, made as small as it gets; `None` if all is well.
    pub fn check(&self, batch: &Batch, stage: &Stage) -> Result<Option<Failed>> {
        let Some(whole) = self.run(batch, stage)? else { return Ok(None) };
        let Some(index) = self.first_failing(batch, stage, &whole)? else {
            // Only together do they fail.
            return Ok(Some(Failed { text: batch.text(self.vectors, stage), said: whole.clone(), whole }));
        };
        let alone = batch.with(vec![batch.cases[index].clone()]);
        let said = self.run(&alone, stage)?.unwrap_or_else(|| whole.clone());
        let small = self.shrink(alone, stage, &said)?;
        let said = self.run(&small, stage)?.unwrap_or(said);
        Ok(Some(Failed { text: small.text(self.vectors, stage), said, whole }))
    }

    /// What is wrong with a batch, as it is; `None` if nothing is.
    pub fn run(&self, batch: &Batch, stage: &Stage) -> Result<Option<String>> {
        self.run_file(&batch.text(self.vectors, stage), stage)
    }

    /// What is wrong with a file that was made from cases; `None` if nothing is.
    pub fn run_file(&self, text: &str, stage: &Stage) -> Result<Option<String>> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("cases.py"), text)?;
        if *stage == Stage::Engines {
            return self.compare_engines(folder.path());
        }
        let (code, said) = self.call(folder.path(), &["sim", "cases.py"])?;
        if code != Some(0) || said.contains("DIFFERS") || !said.contains("COMPARED") {
            return Ok(Some(said));
        }
        // What the frontend refuses runs in Python and would pass unnoticed.
        let (code, said) = self.call(folder.path(), &["check", "cases.py"])?;
        if code != Some(0) {
            return Ok(Some(said));
        }
        if let Stage::Tools { tools, assertions } = stage {
            let simulators: Vec<&str> = tools.iter().map(String::as_str).filter(|t| *t != PROVER).collect();
            let mut calls = Vec::new();
            let with = simulators.join(",");
            if !simulators.is_empty() {
                let mut verify = vec!["verify", "cases.py", "--with", &with];
                if *assertions {
                    verify.push("--assertions");
                }
                // Both languages in both of their standards, the hierarchy as well as one module, and structures at
                // ports as well as single signals.
                if text.len() % 2 == 1 {
                    verify.extend(["--sv", "--std", "93"]);
                }
                if text.len() % 3 == 1 {
                    verify.push("--flat");
                }
                if text.len() % 5 < 2 {
                    verify.push("--interfaces");
                }
                calls.push(verify);
            }
            if simulators.len() < tools.len() {
                // What takes longer stays undecided: divisions, most of all.
                calls.push(vec!["prove", "cases.py", "--top", "top", "--seconds", "2"]);
            }
            for call in calls {
                let (code, said) = self.call(folder.path(), &call)?;
                // What the provers do not read is no difference.
                if call[0] == "prove" && said.contains("\nPH0702\n") {
                    self.unread.fetch_add(1, Ordering::Relaxed);
                } else if code != Some(0) {
                    return Ok(Some(said));
                }
            }
        }
        Ok(None)
    }

    /// What differs between the engines; `None` if nothing does.
    fn compare_engines(&self, folder: &Path) -> Result<Option<String>> {
        let values = |said: &str| said.split_once('\n').map(|(_, rest)| rest.to_owned());
        let (code, reference) = self.call(folder, &["sim", "cases.py", "--engine", "event"])?;
        if code != Some(0) || !reference.contains("COMPARED") {
            return Ok(Some(reference));
        }
        let (_, said) = self.call(folder, &["sim", "cases.py", "--engine", "compiled", "--explain"])?;
        if said.contains("on which the code generator") {
            return Ok(Some(said));
        }
        if !said.contains("compiled, cycle mode") {
            self.unread.fetch_add(1, Ordering::Relaxed);
        }
        let mut calls = vec![
            vec!["sim", "cases.py", "--engine", "cycle", "--validate", "1"],
            vec!["sim", "cases.py", "--engine", "cycle", "--without", "all"],
            vec!["sim", "cases.py", "--validate", "1", "--without", "some-processes"],
            vec!["sim", "cases.py", "--engine", "compiled", "--without", "some-processes"],
        ];
        for without in ENGINES {
            let mut call = vec!["sim", "cases.py", "--engine", "compiled"];
            if !without.is_empty() {
                call.extend(["--without", without]);
            }
            calls.push(call);
        }
        for call in calls {
            let (code, said) = self.call(folder, &call)?;
            if code != Some(0) || values(&said) != values(&reference) {
                let first = said.lines().zip(reference.lines()).skip(1).find(|(a, b)| a != b);
                let (ours, theirs) = first.unwrap_or_default();
                return Ok(Some(format!(
                    "DIFFERS: {}\nevent: {theirs}\nthere: {ours}\n{}",
                    call.join(" "),
                    tail(&said)
                )));
            }
        }
        Ok(None)
    }

    fn call(&self, folder: &Path, arguments: &[&str]) -> Result<(Option<i32>, String)> {
        let output = folder.join("output.txt");
        let file = fs::File::create(&output)?;
        let mut child = Command::new(&self.program)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("{} cannot be started", self.program.display()))?;
        let code = match child.wait_timeout(self.limit)? {
            Some(status) => status.code(),
            None => {
                stop(&mut child)?;
                None
            }
        };
        let said = String::from_utf8_lossy(&fs::read(output)?).into_owned();
        let ended = if code.is_none() { "did not end, or was killed\n" } else { "" };
        Ok((code, format!("pyhdl {}\n{ended}{}", arguments.join(" "), errors_of(&said))))
    }

    /// A case that fails alone, in a batch that fails.
    fn first_failing(&self, batch: &Batch, stage: &Stage, said: &str) -> Result<Option<usize>> {
        if batch.cases.len() == 1 {
            return Ok(Some(0));
        }
        // A case alone may have something else to complain about: an output that nothing drives, say.
        let way = way_of_failing(said);
        let fails = |part: &Batch| -> Result<_> {
            Ok(self.run(part, stage)?.filter(|said| way_of_failing(said) == way))
        };
        if let Some(index) = named_case(said).filter(|i| *i < batch.cases.len())
            && fails(&batch.with(vec![batch.cases[index].clone()]))?.is_some()
        {
            return Ok(Some(index));
        }
        let half = batch.cases.len() / 2;
        for (offset, part) in [(0, &batch.cases[..half]), (half, &batch.cases[half..])] {
            let part = batch.with(part.to_vec());
            if let Some(said) = fails(&part)? {
                return Ok(self.first_failing(&part, stage, &said)?.map(|i| i + offset));
            }
        }
        Ok(None)
    }

    /// Makes a batch of one case that fails simpler as long as it fails in the same way. All ways of making it simpler
    /// by one step go into batches.
    fn shrink(&self, mut batch: Batch, stage: &Stage, said: &str) -> Result<Batch> {
        let until = Instant::now() + SHRINKING;
        let way = way_of_failing(said);
        'smaller: loop {
            let simpler = simpler(&batch.cases[0]);
            for some in simpler.chunks(16) {
                let mut candidates = batch.with(some.to_vec());
                while !candidates.cases.is_empty() {
                    if Instant::now() > until {
                        return Ok(batch);
                    }
                    let Some(said) = self.run(&candidates, stage)? else { break };
                    let Some(index) = self.first_failing(&candidates, stage, &said)? else { break };
                    let candidate = batch.with(vec![candidates.cases.remove(index)]);
                    let said = self.run(&candidate, stage)?.unwrap_or_default();
                    if way_of_failing(&said) == way {
                        batch = candidate;
                        continue 'smaller;
                    }
                }
            }
            return Ok(batch);
        }
    }
}

/// Stops the program. It is asked first: it stops the simulator that it has started, which would go on by itself.
fn stop(child: &mut Child) -> Result<()> {
    #[cfg(unix)]
    if let Ok(id) = i32::try_from(child.id()) {
        // An error only means that it has ended by itself.
        let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), nix::sys::signal::Signal::SIGINT);
        if child.wait_timeout(STOPPING)?.is_some() {
            return Ok(());
        }
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// What tells failures apart: the code of the error, or that the values differ.
fn way_of_failing(said: &str) -> &str {
    let is_code = |word: &str| word.len() == 6 && word.starts_with("PH");
    if said.contains("DIFFERS") {
        return "DIFFERS";
    }
    said.split_whitespace().find(|word| is_code(word)).unwrap_or_default()
}

/// Bytes with something left out or made smaller, the simplest first.
fn simpler(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut size = bytes.len() / 2;
    while size > 0 {
        for start in (0..bytes.len()).step_by(size) {
            let end = (start + size).min(bytes.len());
            all.push([&bytes[..start], &bytes[end..]].concat());
        }
        size /= 2;
    }
    for (i, byte) in bytes.iter().enumerate().filter(|(_, b)| **b > 0) {
        for smaller in [0, byte / 2, byte - 1] {
            // One by one would take hundreds of rounds.
            if smaller < *byte && (smaller + 1 < *byte || *byte <= 4) {
                let mut changed = bytes.to_vec();
                changed[i] = smaller;
                all.push(changed);
            }
        }
    }
    all.dedup();
    all
}

/// Warnings are many, and say nothing about a failure.
fn errors_of(said: &str) -> String {
    let mut kept = String::new();
    let mut message = String::new();
    let mut flush = |message: &mut String| {
        if !message.contains("\n  ! ") {
            kept.push_str(message);
        }
        message.clear();
    };
    for line in said.lines() {
        if line.len() == 6 && line.starts_with("PH") {
            flush(&mut message);
        }
        message.push_str(line);
        message.push('\n');
    }
    flush(&mut message);
    kept
}

/// The first case whose output or block is named: `o12_0`, `c12_top`.
fn named_case(said: &str) -> Option<usize> {
    said.split(|c: char| !c.is_alphanumeric() && c != '_').find_map(|word| {
        let digits = word.strip_prefix(['o', 'c'])?.split_once('_')?.0;
        digits.parse().ok()
    })
}
