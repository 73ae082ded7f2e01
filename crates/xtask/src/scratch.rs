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
    /// The checkers of the Python package (`crates/xtask/lint/requirements.txt`).
    Lint,
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
        Purpose::Lint => ("lint", "crates/xtask/lint/requirements.txt"),
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

/// The interpreter that the environment was made from may be gone.
fn works(python: &Path) -> bool {
    Command::new(python).args(["-c", ""]).status().is_ok_and(|status| status.success())
}
