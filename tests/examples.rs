//! Every example goes down the whole road: simulation, HDL that other tools accept without a word, the same values in
//! other simulators, and the same output as under MyHDL. One test for each example and property.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Trial};
use pyhdl_tests::{DIALECTS, pyhdl, run};
use xtask::examples::{self, Example};
use xtask::scratch::{self, Purpose};

/// A property of an example. It gets a copy of the example in a folder of its own.
type Property = fn(&Example) -> Result<()>;

const PROPERTIES: &[(&str, Property)] = &[
    ("simulates", simulates),
    ("is_the_same_compiled", is_the_same_compiled),
    ("emits_reviewed_hdl_that_tools_take", emits_reviewed_hdl_that_tools_take),
    ("finds_every_driven_signal_both_ways", finds_every_driven_signal_both_ways),
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

/// The HDL in every language is as it was reviewed (`cargo insta review` after a change that is meant), and no tool has
/// a word to say about it: neither linters nor synthesis.
fn emits_reviewed_hdl_that_tools_take(example: &Example) -> Result<()> {
    let reviewed = Path::new(env!("CARGO_MANIFEST_DIR")).join("hdl").join("examples");
    for top in tops(example)? {
        for dialect in &DIALECTS {
            let file =
                dialect.emit(&example.file, &top_arguments(top.as_deref()), &example.folder.join("rtl"))?;
            let text = fs::read_to_string(&file)?;
            let name = file.file_stem().context("a name")?.to_string_lossy().into_owned();
            insta::with_settings!({ snapshot_path => &reviewed, prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("{name}.{}", dialect.ending), text);
            });
            dialect.lint(&file)?;
            dialect.synthesise(&file, &name)?;
        }
    }
    Ok(())
}

/// For every line that drives a signal, `pyhdl where` gives the line of Python that assigns it; and for that line, the
/// HDL line again.
fn finds_every_driven_signal_both_ways(example: &Example) -> Result<()> {
    for top in tops(example)? {
        for dialect in &DIALECTS {
            let file =
                dialect.emit(&example.file, &top_arguments(top.as_deref()), &example.folder.join("rtl"))?;
            let name = file.file_name().context("a name")?.to_string_lossy().into_owned();
            let folder = file.parent().context("a folder")?;
            let text = fs::read_to_string(&file)?;
            let mut count = 0;
            for (line, driven) in driven(&text) {
                let found = find(&format!("{}:{line}", file.display()), folder, example)?;
                let [python] = &found[..] else { bail!("{name}:{line}: {found:?}") };
                let (place, code) = python.split_once(": ").context("a place and its text")?;
                // Resets come from the process as a whole; a list's element is called `name[3]` in Python.
                let stem = driven.split('_').next().unwrap_or_default();
                let assigns = code.contains(".next") && code.contains(stem);
                let is_process = code.starts_with('@') || code.starts_with("def ");
                ensure!(assigns || is_process, "{driven} at {name}:{line}: {python}");
                count += usize::from(assigns);
                let back = find(place, folder, example)?;
                let here = format!("{name}:{line}: ");
                ensure!(back.iter().any(|hdl| hdl.contains(&here)), "{here} is not in {back:?} of {place}");
            }
            ensure!(count > 0, "nothing is driven in {name}");
        }
    }
    Ok(())
}

/// The lines that assign signals, with the signals' names.
fn driven(hdl: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (line, text) in (1..).zip(hdl.lines()) {
        let text = text.trim_start();
        let (text, assigned) = match text.strip_prefix("assign ") {
            Some(rest) => (rest, " = "),
            None => (text, " <= "),
        };
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let rest =
            rest.split_once([']', ')']).filter(|_| rest.starts_with(['[', '('])).map_or(rest, |(_, r)| r);
        // What VHDL-93 has beside an output that is read is no statement of the author's.
        if !name.is_empty() && rest.starts_with(assigned) && !rest.contains("_inside;") {
            found.push((line, name.trim_end_matches("_inside").to_owned()));
        }
    }
    found
}

fn find(place: &str, folder: &Path, example: &Example) -> Result<Vec<String>> {
    let mut find = pyhdl()?;
    find.args(["where", place, "-o"]).arg(folder).current_dir(&example.folder);
    Ok(run(&mut find)?.success()?.stdout().lines().map(str::to_owned).collect())
}

fn emits_the_same_bytes_twice(example: &Example) -> Result<()> {
    for top in tops(example)? {
        for language in ["--verilog", "--sv", "--vhdl"] {
            let [first, second] = ["first", "second"].map(|name| example.folder.join(name));
            let files = emit(example, top.as_deref(), language, &first)?;
            emit(example, top.as_deref(), language, &second)?;
            for file in files {
                let name = file.file_name().context("a file without a name")?;
                for name in [name.to_os_string(), format!("{}.map.json", name.display()).into()] {
                    let same = fs::read(first.join(&name))? == fs::read(second.join(&name))?;
                    ensure!(same, "{} is not the same the second time", name.display());
                }
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
        let mut verify = pyhdl()?;
        verify.arg("verify").arg(&example.file).args([
            "--with",
            "verilator,ghdl,icarus",
            "--sv",
            "--std",
            "93",
        ]);
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
        // It is what the manual's table says.
        let page = fs::read_to_string(xtask::workspace::root().join("book/src/hdl.md"))?;
        let row = page.lines().find(|line| line.starts_with(&format!("| {} |", example.name)));
        let row = row.with_context(|| format!("the manual has no row for {}", example.name))?;
        let outputs = row.split('|').nth(2).unwrap_or_default().trim();
        let whole = said.contains(&format!("Yosys: {outputs} of {outputs} output"));
        let bounded = said.contains("Yosys: equal for 8 clock cycles from power-up");
        ensure!(
            whole == row.contains("| for ever |") && bounded == row.contains("| 8 clock cycles |"),
            "{row}: {said}"
        );
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

    let suffix = if language == "--vhdl" {
        "vhd"
    } else {
        language.trim_start_matches("--").trim_end_matches("erilog")
    };
    let mut there = Vec::new();
    for entry in fs::read_dir(folder).context("emission made no folder")? {
        there.push(entry?.path());
    }
    there.sort();
    // The maps are not for other tools, and so not named.
    let map = |file: &PathBuf| PathBuf::from(format!("{}.map.json", file.display()));
    let mut expected: Vec<PathBuf> = named.iter().flat_map(|file| [file.clone(), map(file)]).collect();
    expected.sort();
    ensure!(there == expected, "emission names {named:?} and leaves {there:?}");
    ensure!(
        named.iter().all(|f| f.extension() == Some(OsStr::new(suffix))),
        "{named:?} should end in .{suffix}"
    );
    Ok(named)
}
