//! `cargo xtask fuzz`: any text and changed designs through the front end, under libFuzzer.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;
use xtask::{process, workspace};

#[derive(Args)]
pub struct Options {
    /// Stop after this many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    seconds: u64,
    /// Begin with the seeds only, not with what earlier runs have learned.
    #[arg(long)]
    fresh: bool,
}

/// The fuzzed part: a file of `tests/fuzz`.
const TARGET: &str = "front";
/// A text that takes longer is a finding.
const TIMEOUT: u64 = 10;
/// Mebibytes; more is a finding.
const MEMORY: u64 = 2048;
/// Bytes of a text.
const LENGTH: u64 = 4096;

pub fn run(options: &Options) -> Result<ExitCode> {
    install()?;
    let sources = workspace::root().join("tests").join("fuzz");
    let output = workspace::target().join("fuzz");
    let (learned, found) = (output.join("corpus"), output.join("found"));
    if options.fresh && learned.is_dir() {
        fs::remove_dir_all(&learned).with_context(|| format!("{} cannot be emptied", learned.display()))?;
    }
    for folder in [&learned, &found] {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let log = output.join("log.txt");
    let mut fuzz = cargo();
    // No sanitizer: there is no unsafe code. The parser's tables would drown in compared numbers.
    fuzz.args(["fuzz", "run", "--sanitizer", "none", "--no-trace-compares"])
        .arg("--fuzz-dir")
        .arg(&sources)
        .arg("--target-dir")
        .arg(&output)
        .arg(TARGET)
        .arg(&learned)
        .arg(sources.join("corpus"))
        .arg(sources.join("regressions"))
        .arg("--")
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(format!("-dict={}", sources.join("python.dict").display()))
        .args([
            format!("-timeout={TIMEOUT}"),
            format!("-rss_limit_mb={MEMORY}"),
            format!("-max_len={LENGTH}"),
        ])
        .arg(format!("-max_total_time={}", options.seconds))
        .arg("-print_final_stats=1")
        .stderr(fs::File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?);
    let before = names(&found)?;
    let status = process::status(&mut fuzz)?;
    let said = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let executions = last(&said, "stat::number_of_executed_units:").unwrap_or("no");
    let features = last(&said, " ft: ").unwrap_or("no");
    process::note(&format!("{executions} executions, {features} features; the log is {}", log.display()));
    let new: Vec<String> = names(&found)?.into_iter().filter(|name| !before.contains(name)).collect();
    for name in &new {
        process::note(&format!("found: {}", found.join(name).display()));
    }
    match (new.is_empty(), status.success()) {
        (true, true) => {
            process::note("nothing found");
            Ok(ExitCode::SUCCESS)
        }
        (true, false) => bail!("libFuzzer did not run ({status}):\n{}", tail(&said)),
        (false, _) => {
            process::note(&tail(&said));
            process::note(
                "make it small (`cargo fuzz tmin`), mend what it shows, and keep it in tests/fuzz/regressions",
            );
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Cargo with what libFuzzer's coverage takes, which stable Rust has but does not offer.
fn cargo() -> Command {
    let mut cargo = Command::new(workspace::cargo());
    cargo.env("RUSTC_BOOTSTRAP", "1").current_dir(workspace::root());
    cargo
}

/// Installs cargo-fuzz, if it is not there.
fn install() -> Result<()> {
    let version = cargo().args(["fuzz", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if version.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    process::run(cargo().args(["install", "--locked", "cargo-fuzz"]))
        .context("cargo-fuzz is missing; install it with `cargo install cargo-fuzz`")
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The word behind the last occurrence of a label.
fn last<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let (_, rest) = text.rsplit_once(label)?;
    rest.split_whitespace().next()
}

/// The end of a log, where libFuzzer says what is wrong.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
