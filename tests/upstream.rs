//! MyHDL's own test suite, unmodified, with pyhdl in the place of MyHDL: each part of it with the simulator that it
//! needs. Which tests do not pass, and why, is in `compat/upstream/exceptions.txt`; it is held against what happens in
//! both directions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Trial};
use pyhdl_tests::run;
use xtask::scratch::{self, Purpose};

/// The folders of the suite, and the simulator for each run of them.
const PARTS: &[(&str, Option<&str>)] = &[
    ("core", None),
    ("conversion/general", Some("iverilog")),
    ("conversion/general", Some("ghdl")),
    ("conversion/toVerilog", Some("iverilog")),
    ("conversion/toVerilog2", Some("iverilog")),
    ("conversion/toVHDL", Some("ghdl")),
    ("bugs", Some("iverilog")),
    ("bugs", Some("ghdl")),
];

/// How many tests the suite has. Fewer would mean that some were not found.
const TESTS: usize = 716;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("the_list_of_exceptions_is_about_the_suite", || Ok(list_is_sound()?))];
    for (part, simulator) in PARTS {
        let name = part.rsplit('/').next().unwrap_or(part);
        let name = simulator.map_or(name.to_owned(), |simulator| format!("{name}_with_{simulator}"));
        trials.push(Trial::test(name, move || Ok(holds(part, *simulator)?)));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Why a test does not pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Why {
    /// It fails.
    Fails,
    /// It asks for a refusal that only portable mode gives: it passes there.
    Portable,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("compat").join("upstream")
}

/// The exceptions by the test, which has the path of its file in front.
fn exceptions() -> Result<BTreeMap<String, Why>> {
    let text = fs::read_to_string(folder().join("exceptions.txt"))?;
    let mut why = None;
    let mut found = BTreeMap::new();
    for line in text.lines() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        if let Some(title) = line.strip_prefix('[') {
            why = Some(if title.starts_with("portable") { Why::Portable } else { Why::Fails });
        } else {
            let why = why.with_context(|| format!("{line} has no reason above it"))?;
            ensure!(found.insert(line.to_owned(), why).is_none(), "{line} is listed twice");
        }
    }
    Ok(found)
}

fn list_is_sound() -> Result<()> {
    let mut all = BTreeSet::new();
    for part in PARTS.iter().map(|(part, _)| part).collect::<BTreeSet<_>>() {
        all.extend(tests_of(part)?);
    }
    ensure!(all.len() == TESTS, "the suite has {} tests, {TESTS} are expected", all.len());
    let unknown: Vec<String> = exceptions()?.into_keys().filter(|test| !all.contains(test)).collect();
    ensure!(unknown.is_empty(), "no such tests: {unknown:?}");
    Ok(())
}

/// The tests of one folder, without running them.
fn tests_of(part: &str) -> Result<Vec<String>> {
    let place = Place::make()?;
    let outcome =
        run(place.pytest(false)?.args(["--collect-only", "-q"]).arg(place.tests(part)))?.success()?;
    let text = outcome.stdout();
    let tests = text.lines().filter_map(|line| line.split_once("test/").map(|(_, test)| test.to_owned()));
    Ok(tests.filter(|test| test.contains("::")).collect())
}

/// One run of one folder: what is not listed passes, what is listed fails, and of that what is said to pass in
/// portable mode does.
fn holds(part: &str, simulator: Option<&str>) -> Result<()> {
    let place = Place::make()?;
    let listed: BTreeMap<String, Why> =
        exceptions()?.into_iter().filter(|(test, _)| test.starts_with(&format!("{part}/"))).collect();
    let ended = place.outcomes(&[place.tests(part)], simulator, false)?;
    let mut faults = Vec::new();
    for (test, outcome) in &ended {
        match (outcome.as_str(), listed.contains_key(test)) {
            ("failed", false) => faults.push(format!("{test} fails")),
            ("passed", true) => faults.push(format!("{test} passes, but is listed as an exception")),
            _ => {}
        }
    }
    let portable: Vec<PathBuf> = listed
        .iter()
        .filter(|(_, why)| **why == Why::Portable)
        .map(|(test, _)| Path::new("myhdl/test").join(test))
        .collect();
    if !portable.is_empty() {
        for (test, outcome) in place.outcomes(&portable, simulator, true)? {
            if outcome != "passed" {
                faults.push(format!("{test} does not pass in portable mode either"));
            }
        }
    }
    if !faults.is_empty() {
        bail!(
            "{}\n{}",
            faults.join("\n"),
            fs::read_to_string(place.folder.path().join("log")).unwrap_or_default()
        );
    }
    Ok(())
}

/// A copy of the suite to run in: its tests write files, and tell each other's apart only by the folder.
struct Place {
    folder: tempfile::TempDir,
    package: PathBuf,
    python: PathBuf,
}

impl Place {
    fn make() -> Result<Place> {
        let folder = tempfile::tempdir()?;
        let sources = scratch::myhdl_sources()?.join("myhdl").join("test");
        copy(&sources, &folder.path().join("myhdl").join("test"))?;
        fs::write(folder.path().join("pytest.ini"), "[pytest]\n")?;
        // The suite looks for the module of the HDL simulator there.
        let vpi = folder.path().join("cosimulation").join("icarus");
        copy(&xtask::workspace::root().join("sim").join("vpi"), &vpi)?;
        run(Command::new("make").arg("-C").arg(&vpi))?.success()?;
        let python = scratch::ensure(Purpose::Suite)?.folder.join("bin");
        Ok(Place { folder, package: scratch::package("debug")?, python })
    }

    fn tests(&self, part: &str) -> PathBuf {
        Path::new("myhdl/test").join(part)
    }

    /// pytest, with pyhdl and the stand-in for MyHDL's private modules.
    fn pytest(&self, portable: bool) -> Result<Command> {
        let mut command = Command::new(self.python.join("pytest"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path =
            std::env::join_paths([self.python.clone()].into_iter().chain(std::env::split_paths(&path)))?;
        command
            .current_dir(&self.folder)
            .env("PATH", path)
            .env("PYTHONPATH", std::env::join_paths([self.package.clone(), folder()])?)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env_remove("VIRTUAL_ENV")
            .args(["-p", "no:cacheprovider", "-W", "ignore"]);
        if portable {
            command.env("PYHDL_PORTABLE", "1");
        }
        Ok(command)
    }

    /// How tests end: `passed`, `failed`, or `expected` where the suite itself expects a failure.
    fn outcomes(
        &self,
        tests: &[PathBuf],
        simulator: Option<&str>,
        portable: bool,
    ) -> Result<BTreeMap<String, String>> {
        let outcomes = self.folder.path().join("outcomes");
        let mut pytest = self.pytest(portable)?;
        pytest.env("PYHDL_OUTCOMES", &outcomes).args(["-p", "outcomes", "--tb=short", "-q"]);
        if let Some(simulator) = simulator {
            pytest.args(["--sim", simulator]);
        }
        let outcome = run(pytest.args(tests))?;
        // One run behind the other.
        let mut log = fs::File::options().create(true).append(true).open(self.folder.path().join("log"))?;
        log.write_all(&outcome.stdout)?;
        let text = fs::read_to_string(&outcomes).with_context(|| outcome.describe())?;
        let ended: BTreeMap<String, String> = text
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(outcome, test)| (test.to_owned(), outcome.to_owned()))
            .collect();
        ensure!(!ended.is_empty(), "no test has run: {}", outcome.describe());
        Ok(ended)
    }
}

/// Copies a folder with what is in it, without what Python and compilers left there.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            if name != "__pycache__" {
                copy(&path, &to.join(name))?;
            }
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}
