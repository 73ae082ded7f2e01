//! [`Tree`]: a copy of the project in the output folder, of which single files are changed and which is built there.

use std::collections::HashSet;
use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use xtask::mutations::Mutation;
use xtask::{process, workspace};

/// The copy, and a Cargo output folder of its own that all mutations share.
pub struct Tree {
    root: PathBuf,
    target: PathBuf,
}

impl Tree {
    /// Brings the copy up to date with the project's files as they are now. What is the same stays as it is, so that
    /// little is built again.
    pub fn new(folder: &Path) -> Result<Tree> {
        let tree = Tree { root: folder.join("tree"), target: folder.join("target") };
        let files = files()?;
        for file in &files {
            copy(&workspace::root().join(file), &tree.root.join(file))?;
        }
        let files: HashSet<PathBuf> = files.iter().map(|file| tree.root.join(file)).collect();
        remove_others(&tree.root, &files)?;
        Ok(tree)
    }

    /// Builds the program as the copy is. Returns its path, or what the compiler said against it.
    pub fn build(&self) -> Result<Result<PathBuf, String>> {
        let mut build = self.cargo();
        build.args(["build", "--quiet", "--package", "pyhdl"]);
        let output = build.output().context("cargo cannot be started")?;
        if !output.status.success() {
            return Ok(Err(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        Ok(Ok(self.target.join("debug").join(format!("pyhdl{EXE_SUFFIX}"))))
    }

    /// The text of a mutation's file, before and after.
    pub fn texts(&self, mutation: &Mutation) -> Result<(String, String)> {
        mutation.texts(&self.root)
    }

    /// Does something while a mutation is in the copy.
    pub fn with<T>(&self, mutation: &Mutation, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let (before, after) = self.texts(mutation)?;
        let file = self.root.join(&mutation.file);
        fs::write(&file, after)?;
        let done = work();
        fs::write(&file, before).with_context(|| format!("{} cannot be restored", file.display()))?;
        done
    }

    /// Cargo for the copy.
    pub fn cargo(&self) -> Command {
        let mut cargo = Command::new(workspace::cargo());
        cargo.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        cargo
    }
}

/// The project's files, from the top folder.
fn files() -> Result<Vec<PathBuf>> {
    let mut list = Command::new("git");
    list.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    list.current_dir(workspace::root());
    let output = list.output().context("git cannot be started")?;
    if !output.status.success() {
        bail!("`{}` failed: {}", process::describe(&list), String::from_utf8_lossy(&output.stderr));
    }
    let names = String::from_utf8(output.stdout)?;
    let files = names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from);
    // One that was deleted is listed until that is committed.
    Ok(files.filter(|file| workspace::root().join(file).is_file()).collect())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| format!("{} cannot be read", from.display()))?;
    if fs::read(to).is_ok_and(|before| before == bytes) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| format!("{} cannot be written", to.display()))?;
    // Cargo goes by times: the copy has changed now, however old the original is.
    let copied = fs::File::options().write(true).open(to)?;
    Ok(copied.set_modified(std::time::SystemTime::now())?)
}

/// Removes what is no longer a file of the project.
fn remove_others(folder: &Path, files: &HashSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, files)?;
        } else if !files.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
