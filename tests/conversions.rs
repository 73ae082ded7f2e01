//! Python that MyHDL converts to HDL with another meaning, to invalid HDL, or not at all: the entries W1 to W38 of a list
//! of what was found by running it. Each file of `conversions/` is one of them and has its number.
//!
//! Its test bench holds the outputs against plain Python integers, and verification holds the HDL against these outputs.
//! What has no hardware meaning is in files with `# refused: CODE` as their first line: every line that ends with a
//! code as a comment is refused with it, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Trial};
use pyhdl_tests::{Outcome, pyhdl, run};

/// What the files import.
const SHARED: &str = "checking";

const NUMBERS: std::ops::RangeInclusive<u32> = 1..=38;

/// What a file is, as its first line says.
#[derive(Clone, PartialEq, Eq)]
enum Kind {
    /// A design that becomes HDL.
    Design,
    /// A design that must not, and the code of the reason.
    Refused(String),
    /// A program that converts designs and looks at what was written.
    Program,
}

#[derive(Clone)]
struct Case {
    name: String,
    path: PathBuf,
    text: String,
    kind: Kind,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases = match cases() {
        Ok(cases) => cases,
        Err(error) => {
            let trials = vec![Trial::test("cases", move || Err(error.into()))];
            return libtest_mimic::run(&arguments, trials).exit_code();
        }
    };
    let all = cases.clone();
    let mut trials =
        vec![Trial::test("every_number_is_there_once", move || Ok(every_number_is_there_once(&all)?))];
    for case in cases {
        let name = case.name.clone();
        let again = case.clone();
        trials.push(Trial::test(format!("{name}::computes_what_python_computes"), move || {
            simulated(&again)?;
            Ok(())
        }));
        match case.kind {
            Kind::Design => trials
                .push(Trial::test(format!("{name}::agrees_in_every_simulator"), move || Ok(agrees(&case)?))),
            Kind::Refused(_) => {
                trials.push(Trial::test(format!("{name}::is_refused"), move || Ok(is_refused(&case)?)));
            }
            Kind::Program => {}
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn cases() -> Result<Vec<Case>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("conversions"))? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|ending| ending != "py") || name == SHARED {
            continue;
        }
        let text = fs::read_to_string(&path)?;
        let first = text.lines().next().unwrap_or_default();
        let kind = match first.strip_prefix("# ") {
            None => Kind::Design,
            Some("converts by itself") => Kind::Program,
            Some(other) => Kind::Refused(other.strip_prefix("refused: ").context(name.clone())?.to_owned()),
        };
        found.push(Case { name, path, text, kind });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// An entry may have more refused files than one: what it lists can be refused for several reasons.
fn every_number_is_there_once(cases: &[Case]) -> Result<()> {
    let mut converted: BTreeMap<u32, &str> = BTreeMap::new();
    let mut numbers = BTreeSet::new();
    for case in cases {
        let number =
            case.name.strip_prefix('w').and_then(|n| n.split('_').next()).context(case.name.clone())?;
        let number: u32 = number.parse().with_context(|| case.name.clone())?;
        numbers.insert(number);
        let refused = matches!(case.kind, Kind::Refused(_));
        ensure!(refused == case.name.ends_with("_refused"), "{} is refused, or it is not", case.name);
        if !refused && let Some(other) = converted.insert(number, &case.name) {
            bail!("both {other} and {} have the number {number}", case.name);
        }
    }
    ensure!(numbers.iter().copied().eq(NUMBERS), "the numbers are {numbers:?}");
    Ok(())
}

/// Runs the test bench, which ends with an error at the first wrong value. Returns how many outputs it has looked at.
fn simulated(case: &Case) -> Result<usize> {
    let place = tempfile::tempdir()?;
    let mut sim = pyhdl()?;
    sim.arg("sim").arg(&case.path).current_dir(place.path()).env("PYTHONDONTWRITEBYTECODE", "1");
    let outcome = run(&mut sim)?.success()?;
    ensure!(fs::read_dir(place.path())?.next().is_none(), "files are left behind");
    checked(&outcome)
}

/// How many outputs a test bench has looked at. It says that, and how many values were right, at its end.
fn checked(outcome: &Outcome) -> Result<usize> {
    let text = outcome.stdout();
    let said =
        text.lines().find(|line| line.contains(" values are right")).with_context(|| outcome.describe())?;
    let (values, outputs) = said.split_once(" values are right").unwrap_or_default();
    ensure!(values.parse::<usize>().is_ok_and(|count| count > 10), "{}", outcome.describe());
    match outputs.strip_prefix(", of ").and_then(|rest| rest.strip_suffix(" outputs")) {
        Some(count) => Ok(count.parse()?),
        None => Ok(0),
    }
}

/// Each simulator has seen every output that the test bench looks at, at many times.
fn agrees(case: &Case) -> Result<()> {
    let place = tempfile::tempdir()?;
    let mut verify = pyhdl()?;
    verify.arg("verify").arg(&case.path).args(["--with", "verilator,ghdl,icarus"]);
    verify.current_dir(place.path()).env("PYTHONDONTWRITEBYTECODE", "1");
    let outcome = run(&mut verify)?.success()?;
    let outputs = checked(&outcome)?;
    for tool in ["Verilator: ", "GHDL: ", "Icarus Verilog: "] {
        let text = outcome.stdout();
        let line = text.lines().find_map(|line| line.strip_prefix(tool));
        let words: Vec<&str> = line.with_context(|| outcome.describe())?.split(' ').collect();
        let [compared, "outputs", "equal", "at", steps, "time", "steps"] = words[..] else {
            bail!("{}", outcome.describe());
        };
        ensure!(outputs > 0 && compared.parse::<usize>()? >= outputs, "{}", outcome.describe());
        ensure!(steps.parse::<usize>()? > 8, "{}", outcome.describe());
    }
    Ok(())
}

fn is_refused(case: &Case) -> Result<()> {
    let Kind::Refused(code) = &case.kind else { bail!("{} is not refused", case.name) };
    ensure!(case.text.lines().nth(1).is_some_and(|line| line.starts_with("# ")), "the file does not say why");
    let place = tempfile::tempdir()?;
    let mut emit = pyhdl()?;
    emit.arg("emit").arg(&case.path).args(["--verilog", "--vhdl", "--output"]).arg(place.path());
    emit.current_dir(place.path()).env("PYTHONDONTWRITEBYTECODE", "1");
    let outcome = run(&mut emit)?;
    ensure!(outcome.code == Some(1) && outcome.stdout.is_empty(), "{}", outcome.describe());
    ensure!(fs::read_dir(place.path())?.next().is_none(), "files are written");

    let mark = format!("  # {code}");
    let marked: Vec<usize> =
        (1..).zip(case.text.lines()).filter(|(_, line)| line.ends_with(&mark)).map(|(at, _)| at).collect();
    ensure!(!marked.is_empty(), "no line is marked with {code}");
    let stderr = outcome.stderr();
    let file = format!("{}.py:", case.name);
    let mut refused: Vec<usize> = Vec::new();
    // A diagnostic begins with a code on a line of its own.
    for message in stderr.split("\nPH").map(|text| text.strip_prefix("PH").unwrap_or(text)) {
        let (number, rest) = message.split_once('\n').unwrap_or((message, ""));
        ensure!(format!("PH{number}") == *code && rest.contains("help: "), "{}", outcome.describe());
        let place = rest.split_once(&file).and_then(|(_, rest)| rest.split(':').next());
        refused.push(place.with_context(|| outcome.describe())?.parse()?);
    }
    ensure!(refused == marked, "refused are {refused:?}, not {marked:?}\n{}", outcome.describe());
    Ok(())
}
