//! Every example goes down the whole road: simulation, HDL that other tools accept without a word, the same values in
//! other simulators, and the same output as under MyHDL. One test for each example and property.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Trial};
use pyhdl_tests::{pyhdl, run};
use xtask::examples::{self, Example};
use xtask::scratch::{self, Purpose};

/// A property of an example. It gets a copy of the example in a folder of its own.
type Property = fn(&Example) -> Result<()>;

const PROPERTIES: &[(&str, Property)] = &[
    ("simulates", simulates),
    ("is_the_same_compiled", is_the_same_compiled),
    ("emits_verilog_that_lints_clean", emits_verilog_that_lints_clean),
    ("emits_vhdl_that_ghdl_accepts", emits_vhdl_that_ghdl_accepts),
    ("emits_the_same_bytes_twice", emits_the_same_bytes_twice),
    ("behaves_the_same_in_other_simulators", behaves_the_same_in_other_simulators),
    ("is_proved_the_same_in_both_languages", is_proved_the_same_in_both_languages),
    ("prints_what_it_prints_under_myhdl", prints_what_it_prints_under_myhdl),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    // A missing folder leaves no examples, which the first test reports.
    let examples = examples::all().unwrap_or_default();
    let count = examples.len();
    let mut trials = vec![Trial::test("there_are_at_least_ten_examples", move || {
        if count >= 10 { Ok(()) } else { Err(format!("there are {count}").into()) }
    })];
    for example in examples {
        for &(name, property) in PROPERTIES {
            let example = example.clone();
            trials.push(Trial::test(format!("{}::{name}", example.name), move || {
                check(&example, property).map_err(|e| format!("{e:#}").into())
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn check(example: &Example, property: Property) -> Result<()> {
    let place = tempfile::tempdir()?;
    property(&example.copy_to(place.path())?)
}

fn simulates(example: &Example) -> Result<()> {
    let outcome = run(pyhdl()?.arg("sim").arg(&example.file).current_dir(&example.folder))?.success()?;
    ensure!(!outcome.stdout.is_empty(), "the test bench prints nothing");
    Ok(())
}

/// Compiled, with everything compared with event mode after each time step.
fn is_the_same_compiled(example: &Example) -> Result<()> {
    let sim = |options: &[&str]| -> Result<_> {
        let mut program = pyhdl()?;
        program.arg("sim").arg(&example.file).args(options).current_dir(&example.folder);
        run(program.env("PYHDL_CACHE", example.folder.join("cache")))?.success()
    };
    let reference = sim(&["--engine", "event"])?;
    for options in
        [&["--validate", "1"][..], &["--validate", "5", "--without", "all"], &["--engine", "compiled"]]
    {
        let compiled = sim(&[options, &["--explain"]].concat())?;
        ensure!(compiled.stdout() == reference.stdout(), "{options:?}: {}", compiled.describe());
        let validated = options.contains(&"--validate");
        ensure!(!validated || compiled.stderr().contains("compiled, cycle mode"), "{}", compiled.describe());
    }
    Ok(())
}

fn emits_verilog_that_lints_clean(example: &Example) -> Result<()> {
    for top in tops(example)? {
        let folder = example.folder.join("rtl");
        let files = emit(example, top.as_deref(), "--verilog", &folder)?;
        let mut verilator = Command::new("verilator");
        run(verilator.args(["--lint-only", "-Wall"]).args(&files).current_dir(&folder))?.silence()?;
        let mut icarus = Command::new("iverilog");
        run(icarus.args(["-g2005", "-Wall", "-t", "null"]).args(&files).current_dir(&folder))?.silence()?;
    }
    Ok(())
}

fn emits_vhdl_that_ghdl_accepts(example: &Example) -> Result<()> {
    for top in tops(example)? {
        let folder = example.folder.join("rtl");
        let files = emit(example, top.as_deref(), "--vhdl", &folder)?;
        let mut ghdl = Command::new("ghdl");
        run(ghdl.args(["-a", "--std=08"]).args(&files).current_dir(&folder))?.silence()?;
    }
    Ok(())
}

fn emits_the_same_bytes_twice(example: &Example) -> Result<()> {
    for top in tops(example)? {
        for language in ["--verilog", "--vhdl"] {
            let [first, second] = ["first", "second"].map(|name| example.folder.join(name));
            let files = emit(example, top.as_deref(), language, &first)?;
            emit(example, top.as_deref(), language, &second)?;
            for file in files {
                let name = file.file_name().context("a file without a name")?;
                let same = fs::read(&file)? == fs::read(second.join(name))?;
                ensure!(same, "{} is not the same the second time", name.to_string_lossy());
            }
        }
    }
    Ok(())
}

fn behaves_the_same_in_other_simulators(example: &Example) -> Result<()> {
    for top in tops(example)? {
        let mut verify = pyhdl()?;
        verify.arg("verify").arg(&example.file).args(["--with", "verilator,ghdl,icarus"]);
        run(verify.args(top_arguments(top.as_deref())).current_dir(&example.folder))?.success()?;
    }
    Ok(())
}

/// What has registers may be proved for its first clock cycles only.
fn is_proved_the_same_in_both_languages(example: &Example) -> Result<()> {
    for top in tops(example)? {
        let mut prove = pyhdl()?;
        prove.arg("prove").arg(&example.file).args(top_arguments(top.as_deref()));
        let outcome = run(prove.current_dir(&example.folder))?.success()?;
        let said = outcome.stdout();
        ensure!(said.starts_with("Yosys: ") && !said.contains("undecided"), "{said}");
        ensure!(!said.contains("not proved"), "{said}");
    }
    Ok(())
}

fn prints_what_it_prints_under_myhdl(example: &Example) -> Result<()> {
    let myhdl = scratch::ensure(Purpose::Compare)?.python;
    let ours = run(pyhdl()?.arg("sim").arg(&example.file).current_dir(&example.folder))?.success()?;
    let mut python = Command::new(myhdl);
    let theirs = run(python.arg(&example.file).current_dir(&example.folder))?.success()?;
    if ours.stdout == theirs.stdout {
        return Ok(());
    }
    let (ours, theirs) = (ours.stdout(), theirs.stdout());
    let line = ours.lines().zip(theirs.lines()).take_while(|(a, b)| a == b).count();
    let nth = |text: &str| text.lines().nth(line).unwrap_or("(no such line)").to_owned();
    bail!("line {} differs:\n  pyhdl: {}\n  MyHDL: {}", line + 1, nth(&ours), nth(&theirs))
}

/// The tops that the example's README names in its `pyhdl emit` and `pyhdl verify` commands; `None` stands for the
/// one that pyhdl finds by itself.
fn tops(example: &Example) -> Result<Vec<Option<String>>> {
    let readme = example.folder.join("README.md");
    let text = fs::read_to_string(&readme).context("every example has a README.md")?;
    let mut tops = Vec::new();
    for line in text.lines().filter(|l| l.contains(" emit ") || l.contains(" verify ")) {
        let mut words = line.split_whitespace().map(|w| w.trim_matches('`'));
        while let Some(word) = words.next() {
            let name = match word.strip_prefix("--top=") {
                Some(name) => Some(name),
                None if word == "--top" => words.next(),
                None => None,
            };
            if let Some(name) = name.map(str::to_owned)
                && !tops.contains(&Some(name.clone()))
            {
                tops.push(Some(name));
            }
        }
    }
    if tops.is_empty() {
        tops.push(None);
    }
    Ok(tops)
}

fn top_arguments(top: Option<&str>) -> Vec<&str> {
    top.map_or_else(Vec::new, |top| vec!["--top", top])
}

/// Emits into an empty folder, and returns the files in the order in which the program names them, which is the order
/// in which a VHDL tool has to read them.
fn emit(example: &Example, top: Option<&str>, language: &str, folder: &Path) -> Result<Vec<PathBuf>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let mut emit = pyhdl()?;
    emit.arg("emit").arg(&example.file).arg(language).arg("--output").arg(folder).args(top_arguments(top));
    let outcome = run(emit.current_dir(&example.folder))?.success()?;
    let named: Vec<PathBuf> = outcome.stdout().lines().map(PathBuf::from).collect();
    ensure!(!named.is_empty(), "emission names no file");

    let suffix = if language == "--vhdl" { "vhd" } else { "v" };
    let mut there = Vec::new();
    for entry in fs::read_dir(folder).context("emission made no folder")? {
        there.push(entry?.path());
    }
    there.sort();
    let mut expected = named.clone();
    expected.sort();
    ensure!(there == expected, "emission names {expected:?} and leaves {there:?}");
    ensure!(
        named.iter().all(|f| f.extension() == Some(OsStr::new(suffix))),
        "{named:?} should end in .{suffix}"
    );
    Ok(named)
}
