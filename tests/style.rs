//! The emitted VHDL follows the rules of the VHDL Style Guide (VSG), but for those that `hdl/vhdl-style.yml` names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use pyhdl_tests::{pyhdl, run};
use xtask::system;

/// The version whose rules these are.
const CHECKER: &str = "vsg==3.35.0";

fn sources(folder: &str) -> Result<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "py") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[test]
fn vhdl_follows_the_published_rules() -> Result<()> {
    let place = tempfile::tempdir()?;
    let environment = place.path().join("venv");
    run(Command::new(system::python()?).args(["-m", "venv"]).arg(&environment))?.success()?;
    let mut install = Command::new(environment.join("bin").join("python"));
    install.args(["-m", "pip", "--quiet", "--disable-pip-version-check", "install", CHECKER]);
    run(&mut install)?.success()?;

    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut folders = Vec::new();
    for entry in fs::read_dir(&examples)? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(format!("../examples/{}", path.file_name().context("a name")?.to_string_lossy()));
        }
    }
    let examples = folders.iter().map(|folder| (folder.as_str(), &[][..]));
    let mut files = Vec::new();
    for (folder, options) in [
        ("hdl", &[][..]),
        ("hdl", &["--std", "93"]),
        ("hdl/cases", &[]),
        ("hdl/interfaces", &["--interfaces"]),
    ]
    .into_iter()
    .chain(examples)
    {
        for source in sources(folder)? {
            let out = place.path().join(files.len().to_string());
            let mut emit = pyhdl()?;
            emit.arg("emit").arg(&source).args(["--vhdl", "--no-map", "-o"]).arg(&out).args(options);
            let written = run(&mut emit)?.success()?.stdout();
            files.push(PathBuf::from(written.lines().next().context("a file")?));
        }
    }
    ensure!(files.len() > 90, "{} files", files.len());
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("hdl/vhdl-style.yml");
    let check = |files: &[PathBuf]| {
        let mut check = Command::new(environment.join("bin").join("vsg"));
        check.arg("--configuration").arg(&rules).args(["--all_phases", "--jobs", "2", "--filename"]);
        run(check.args(files))
    };
    let said = check(&files)?;
    ensure!(said.code == Some(0), "{}", said.describe());

    // The checker does look.
    let other = place.path().join("other.vhd");
    fs::write(&other, fs::read_to_string(&files[0])?.replace("  port (\n", "   port (\n"))?;
    let said = check(&[other])?;
    ensure!(said.code != Some(0) && said.stdout().contains("port_002"), "{}", said.describe());
    Ok(())
}
