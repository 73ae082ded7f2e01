//! What random cases have found, and a few fresh ones. Each file of `random/` is a design that was made small, with a
//! model of plain Python integers that its test bench compares it with; its first line says what was wrong.
//!
//! `# not in TOOL` as a second line: that simulator is the one that is wrong, as the first line says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Trial};
use pyhdl_tests::{pyhdl, run};

const TOOLS: &[(&str, &str)] =
    &[("verilator", "Verilator: "), ("ghdl", "GHDL: "), ("icarus", "Icarus Verilog: ")];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    match cases() {
        Ok(cases) => {
            for path in cases {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                trials.push(Trial::test(format!("{name}::agrees_everywhere"), move || Ok(agrees(&path)?)));
            }
        }
        Err(error) => trials.push(Trial::test("cases", move || Err(error.into()))),
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn cases() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("random"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "py") {
            found.push(path);
        }
    }
    found.sort();
    ensure!(found.len() > 4, "cases are missing");
    Ok(found)
}

fn agrees(path: &Path) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let mut lines = text.lines();
    ensure!(lines.next().is_some_and(|line| line.starts_with("# Found by ")), "the file does not say why");
    let except = lines.next().and_then(|line| line.strip_prefix("# not in "));
    let with: Vec<_> = TOOLS.iter().filter(|(tool, _)| Some(*tool) != except).collect();
    ensure!(except.is_none() || with.len() + 1 == TOOLS.len(), "there is no such simulator");

    let place = tempfile::tempdir()?;
    let names: Vec<&str> = with.iter().map(|(tool, _)| *tool).collect();
    let mut verify = pyhdl()?;
    verify.arg("verify").arg(path).args(["--with", &names.join(",")]);
    verify.current_dir(place.path()).env("PYTHONDONTWRITEBYTECODE", "1");
    let outcome = run(&mut verify)?.success()?;
    let said = outcome.stdout();
    // The test bench's own: the simulation against the model.
    let compared = said.lines().find_map(|line| line.strip_prefix("COMPARED ")).context(said.clone())?;
    ensure!(compared.parse::<u32>()? >= 10 && !said.contains("DIFFERS"), "{said}");
    for (_, tool) in with {
        ensure!(said.lines().any(|line| line.starts_with(tool)), "{said}");
    }
    Ok(())
}
