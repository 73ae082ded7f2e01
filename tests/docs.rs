//! The documentation is true: its commands run, its outputs and files are what the program makes, its links lead
//! somewhere, its lists are complete.
//!
//! A comment before a code block says what the block is:
//!
//! | comment | the block |
//! |---|---|
//! | `<!-- file NAME -->` | is added to this file |
//! | `<!-- replace NAME: OLD => NEW -->` | (no block) changes a file |
//! | `<!-- run -->`, `<!-- fails with CODE -->` | commands, one a line; the last one may fail |
//! | `<!-- output -->`, `<!-- error -->` | what they wrote to standard output, to standard error |
//! | `<!-- shows PATH -->` | is what the file has |

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use pyhdl_tests::{Outcome, pyhdl, run};
use xtask::workspace;

const README: &str = "README.md";
const FIRST_COMMAND: &str = "cargo run --release -- sim examples/counter/counter.py";
const TEST_COMMAND: &str = "cargo xtask test";

#[test]
fn the_first_chapter_does_what_it_says() -> Result<()> {
    play(&read("book/src/first-counter.md")?)
}

#[test]
fn the_page_of_processes_does_what_it_says() -> Result<()> {
    play(&read("book/src/processes.md")?)
}

#[test]
fn the_page_of_hdl_does_what_it_says() -> Result<()> {
    play(&read("book/src/hdl.md")?)
}

#[test]
fn the_page_of_test_benches_does_what_it_says() -> Result<()> {
    play(&read("book/src/testbenches.md")?)
}

#[test]
fn the_page_of_black_boxes_does_what_it_says() -> Result<()> {
    play(&read("book/src/blackboxes.md")?)
}

#[test]
fn the_page_of_interfaces_does_what_it_says() -> Result<()> {
    play(&read("book/src/interfaces.md")?)
}

#[test]
fn the_page_of_arithmetic_does_what_it_says() -> Result<()> {
    play(&read("book/src/arithmetic.md")?)
}

#[test]
fn the_page_of_waves_does_what_it_says() -> Result<()> {
    play(&read("book/src/waves.md")?)
}

#[test]
fn the_page_of_speed_does_what_it_says() -> Result<()> {
    play(&read("book/src/speed.md")?)
}

/// The table of passes has those of `pyhdl sim --without`, and no others.
#[test]
fn every_pass_is_explained() -> Result<()> {
    let page = read("book/src/speed.md")?;
    let page = page.split("\n## Optimisations\n").nth(1).context("no optimisations")?;
    let page = page.split("\n## ").next().unwrap_or_default();
    let name = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
    let mut explained: Vec<String> = page.lines().filter_map(name).collect();
    let help = run(pyhdl()?.args(["sim", "--help"]))?.success()?;
    let options = help.stdout().split("--without <PASS>").nth(1).unwrap_or_default().to_owned();
    let listed = options.lines().skip_while(|line| !line.contains("Possible values:")).skip(1);
    let known =
        listed.map_while(|line| line.trim().strip_prefix("- ")?.split_once(':').map(|(n, _)| n.to_owned()));
    let mut known: Vec<String> = known.filter(|name| name != "all").collect();
    ensure!(!known.is_empty(), "{}", help.stdout());
    explained.sort();
    known.sort();
    ensure!(explained == known, "explained: {explained:?}\nknown: {known:?}");
    Ok(())
}

#[test]
fn the_page_of_many_runs_does_what_it_says() -> Result<()> {
    play(&read("book/src/many-runs.md")?)
}

/// How many features MyHDL has, by the letters of their names.
const FEATURES: &[(&str, u32)] = &[
    ("PKG", 8),
    ("SIG", 23),
    ("SHD", 6),
    ("INT", 18),
    ("ENU", 6),
    ("SIM", 9),
    ("YLD", 9),
    ("DEC", 7),
    ("BLK", 11),
    ("CLS", 4),
    ("VCD", 9),
    ("COS", 9),
    ("HLP", 5),
    ("CNV", 21),
    ("ANA", 19),
    ("NAM", 5),
    ("FIL", 1),
    ("VER", 4),
];

/// The kinds of MyHDL's conversion errors.
const KINDS: &str = "FirstArgType ArgType NotSupported TopLevelName SigMultipleDriven UndefinedBitWidth UndrivenSignal \
    UnreadSignal UnusedPort OutputPortRead Requirement UnboundLocal TypeMismatch NrBitsMismatch IntbvBitWidth \
    ModbvRange TypeInfer ReturnTypeMismatch ReturnNrBitsMismatch ReturnIntbvBitWidth ReturnTypeInfer ShadowingSignal \
    ShadowingVar FreeVarTypeError ExtraArguments UnsupportedYield UnsupportedListComp ListElementAssign NotASignal \
    UnsupportedType InconsistentType InconsistentBitWidth UnsupportedFormatString FormatString UnsupportedAttribute \
    PortInList ListAsPort SignalInMultipleLists";

#[test]
fn every_feature_of_myhdl_has_its_place_and_its_test() -> Result<()> {
    let page = read("book/src/myhdl-features.md")?;
    let diagnostics = read("book/src/diagnostics.md")?;
    let exceptions = read("tests/compat/upstream/exceptions.txt")?;
    let suite = xtask::scratch::myhdl_sources()?.join("myhdl").join("test");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| ID") && !line.starts_with("| kind"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let mut found: Vec<String> = Vec::new();
    for row in &rows {
        let (id, status, place) = match row[..] {
            [id, _, status, place] | [id, status, place] => (id, status, place),
            _ => bail!("a row of {} cells: {row:?}", row.len()),
        };
        found.push(id.to_owned());
        ensure!(matches!(status, "supported" | "better" | "refused"), "{id} is {status}");
        let codes: Vec<&str> = place.match_indices("PH").map(|(at, _)| &place[at..at + 6]).collect();
        for code in &codes {
            ensure!(diagnostics.contains(&format!("| {code} |")), "{id}: there is no {code}");
        }
        if row.len() == 3 {
            ensure!(status == "better" || !codes.is_empty(), "{id} has no code");
            continue;
        }
        let tests: Vec<&str> = place.split(';').next().unwrap_or("").split('`').skip(1).step_by(2).collect();
        ensure!(!tests.is_empty(), "{id} names no test");
        for test in tests.iter().filter(|test| test.contains('/') || test.contains("::")) {
            let there = match test.split_once("::") {
                Some((file, name)) if file.ends_with(".py") => {
                    let passes = !exceptions
                        .lines()
                        .any(|line| line.starts_with(file) && line.rsplit("::").next() == Some(name));
                    passes && fs::read_to_string(suite.join(file))?.contains(&format!("def {name}("))
                }
                Some((file, name)) => {
                    let path = match file.split_once('/') {
                        Some((member, file)) => test_file(member, file),
                        None => workspace::root().join("tests").join(format!("{file}.rs")),
                    };
                    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                    text.contains(&format!("fn {name}(")) || text.contains(&format!("\"{name}\""))
                }
                None => workspace::root().join("tests").join(format!("{test}.py")).is_file(),
            };
            ensure!(there, "{id}: there is no test `{test}`, or it does not pass");
        }
        let named = tests.iter().any(|test| test.contains('/') || test.contains("::"));
        ensure!(named, "{id} names no test");
    }
    let mut expected: Vec<String> =
        FEATURES.iter().flat_map(|(name, count)| (1..=*count).map(move |n| format!("{name}-{n}"))).collect();
    expected.extend(KINDS.split_whitespace().map(str::to_owned));
    expected.sort();
    found.sort();
    ensure!(found == expected, "the page has {found:?}, and MyHDL {expected:?}");
    Ok(())
}

/// A file of a crate's tests, which may be a module of one program.
fn test_file(member: &str, file: &str) -> PathBuf {
    let tests = workspace::root().join("crates").join(member).join("tests");
    let alone = tests.join(format!("{file}.rs"));
    if alone.is_file() { alone } else { tests.join("ir").join(format!("{file}.rs")) }
}

#[test]
fn the_readme_does_what_it_says() -> Result<()> {
    play(&read(README)?)
}

#[test]
fn the_first_command_of_the_readme_shows_the_counter_counting() -> Result<()> {
    let text = read(README)?;
    let first = text.lines().find(|line| line.starts_with("cargo ")).context("the README has no command")?;
    ensure!(first == FIRST_COMMAND, "the README's first command is `{first}`");
    // The same without `--release`, which is built already.
    let words = first.split_whitespace().skip(1).filter(|word| *word != "--release");
    let outcome =
        run(Command::new(workspace::cargo()).args(words).current_dir(workspace::root()))?.success()?;
    let stdout = outcome.stdout();
    let counts: Vec<&str> =
        stdout.lines().filter_map(|line| line.split_once("count ")?.1.split_whitespace().next()).collect();
    let expected: Vec<String> = (1..=20).map(|n| (n % 16).to_string()).collect();
    ensure!(counts == expected, "{}", outcome.describe());
    Ok(())
}

#[test]
fn continuous_integration_calls_the_test_command_of_the_readme() -> Result<()> {
    ensure!(
        read(README)?.lines().any(|line| line == TEST_COMMAND),
        "the README does not say `{TEST_COMMAND}`"
    );
    let script = read(".ci/run")?;
    let last = script.lines().rfind(|line| !line.trim().is_empty());
    ensure!(last == Some(&format!("exec {TEST_COMMAND}")), "{last:?}");
    Ok(())
}

#[test]
fn every_code_is_explained() -> Result<()> {
    let mut codes = BTreeSet::new();
    for folder in folders("crates")? {
        let Ok(text) = fs::read_to_string(folder.join("src").join("codes.rs")) else { continue };
        for rest in text.split("Code(").skip(1) {
            let number = rest.split(')').next().unwrap_or_default();
            codes.insert(format!("PH{:04}", number.parse::<u16>().context(number.to_owned())?));
        }
    }
    ensure!(codes.len() > 40, "only {} codes were found", codes.len());
    let explained = read("book/src/diagnostics.md")?;
    let explained: Vec<&str> =
        explained.lines().filter_map(|line| line.strip_prefix("| PH")?.split(' ').next()).collect();
    let listed: BTreeSet<String> = explained.iter().map(|number| format!("PH{number}")).collect();
    ensure!(listed.len() == explained.len(), "a code is explained twice");
    ensure!(listed == codes, "{:?}", listed.symmetric_difference(&codes).collect::<Vec<_>>());
    Ok(())
}

#[test]
fn the_map_has_every_crate() -> Result<()> {
    let map = read("ARCHITECTURE.md")?;
    for folder in folders("crates")? {
        let name = folder.file_name().context("a folder")?.to_string_lossy().into_owned();
        ensure!(map.contains(&format!("| `crates/{name}` |")), "{name} is not on the map");
    }
    Ok(())
}

#[test]
fn the_readme_lists_every_example() -> Result<()> {
    let text = read(README)?;
    for folder in folders("examples")? {
        let name = folder.file_name().context("a folder")?.to_string_lossy().into_owned();
        ensure!(text.contains(&format!("](examples/{name})")), "{name} is not in the README");
    }
    Ok(())
}

#[test]
fn links_lead_somewhere() -> Result<()> {
    let mut pages: Vec<PathBuf> = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]
        .iter()
        .map(|name| workspace::root().join(name))
        .collect();
    for entry in fs::read_dir(workspace::root().join("book/src"))? {
        pages.push(entry?.path());
    }
    let mut links = 0;
    for page in pages {
        let text = fs::read_to_string(&page).with_context(|| page.display().to_string())?;
        for rest in text.split("](").skip(1) {
            let target = rest.split([')', '#']).next().unwrap_or_default();
            if target.is_empty() || target.starts_with("https://") {
                continue;
            }
            links += 1;
            let folder = page.parent().context("a folder")?;
            ensure!(folder.join(target).exists(), "{} links to {target}", page.display());
        }
    }
    ensure!(links > 10, "only {links} links were found");
    Ok(())
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(workspace::root().join(path)).with_context(|| path.to_owned())
}

fn folders(parent: &str) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(workspace::root().join(parent))? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    ensure!(!folders.is_empty(), "{parent} is empty");
    Ok(folders)
}

/// A page's commands and blocks, from its top to its end, in a folder of its own.
fn play(text: &str) -> Result<()> {
    let place = tempfile::tempdir()?;
    let mut last: Option<Outcome> = None;
    let mut directives = 0;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(directive) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        directives += 1;
        let (verb, rest) = directive.split_once(' ').unwrap_or((directive, ""));
        if verb == "replace" {
            replace(place.path(), rest)?;
            continue;
        }
        ensure!(lines.next().is_some_and(|l| l.starts_with("```")), "no block after `{line}`");
        let block: String = lines.by_ref().take_while(|l| *l != "```").map(|l| format!("{l}\n")).collect();
        match verb {
            "file" => {
                let path = place.path().join(rest);
                let before = fs::read_to_string(&path).unwrap_or_default();
                fs::write(path, before + &block)?;
            }
            "run" => last = Some(commands(&block, place.path(), 0)?),
            "fails" => {
                let code = rest.strip_prefix("with ").context("`fails with CODE`")?.parse()?;
                last = Some(commands(&block, place.path(), code)?);
            }
            "output" => same(&last.as_ref().context("no command ran")?.stdout(), &block)?,
            "error" => same(&last.as_ref().context("no command ran")?.stderr(), &block)?,
            "shows" => {
                let path = place.path().join(rest);
                let path = if path.exists() { path } else { workspace::root().join(rest) };
                let file = fs::read_to_string(&path).with_context(|| rest.to_owned())?;
                ensure!(file.contains(&block), "{rest} does not have this:\n{block}\nbut:\n{file}");
            }
            _ => bail!("`{line}` is no directive"),
        }
    }
    ensure!(directives > 0, "the page has nothing to try");
    Ok(())
}

/// `NAME: OLD => NEW`.
fn replace(place: &Path, directive: &str) -> Result<()> {
    let (name, change) = directive.split_once(": ").context("`replace NAME: OLD => NEW`")?;
    let (old, new) = change.split_once(" => ").context("`replace NAME: OLD => NEW`")?;
    let text = fs::read_to_string(place.join(name))?;
    ensure!(text.contains(old), "{name} has no {old}");
    fs::write(place.join(name), text.replace(old, new))?;
    Ok(())
}

/// Runs commands of `pyhdl`, all successfully but the last, which ends with this code.
fn commands(block: &str, place: &Path, code: i32) -> Result<Outcome> {
    let lines: Vec<&str> = block.lines().collect();
    let mut last = None;
    for (number, line) in lines.iter().enumerate() {
        let words =
            line.strip_prefix("pyhdl ").with_context(|| format!("`{line}` is no command of pyhdl"))?;
        // A page that speaks from the repository's root names the examples.
        let words = words.split_whitespace().map(|word| {
            if word.starts_with("examples/") { workspace::root().join(word) } else { PathBuf::from(word) }
        });
        let outcome = run(pyhdl()?.args(words).current_dir(place))?;
        let expected = if number + 1 == lines.len() { code } else { 0 };
        ensure!(outcome.code == Some(expected), "{}", outcome.describe());
        last = Some(outcome);
    }
    last.context("no command")
}

fn same(is: &str, said: &str) -> Result<()> {
    ensure!(is.trim_end() == said.trim_end(), "the page says\n{said}\nbut it is\n{is}");
    Ok(())
}
