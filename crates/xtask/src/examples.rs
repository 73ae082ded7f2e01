//! The complete designs of `examples/`: one folder each, with a Python file of the folder's name.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace;

/// One example.
#[derive(Clone, Debug)]
pub struct Example {
    /// The folder's name.
    pub name: String,
    pub folder: PathBuf,
    /// The design and its test bench.
    pub file: PathBuf,
}

/// All examples, by name.
pub fn all() -> Result<Vec<Example>> {
    let folder = workspace::root().join("examples");
    let mut examples = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let folder = entry?.path();
        let Some(name) = folder.file_name().and_then(|n| n.to_str()).map(str::to_owned) else { continue };
        let file = folder.join(format!("{name}.py"));
        if file.is_file() {
            examples.push(Example { name, folder, file });
        }
    }
    examples.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(examples)
}

impl Example {
    /// Copies the example to where a run may leave files, and returns the copy.
    pub fn copy_to(&self, folder: &Path) -> Result<Example> {
        let copy = folder.join(&self.name);
        copy_folder(&self.folder, &copy)?;
        let file = copy.join(format!("{}.py", self.name));
        Ok(Example { name: self.name.clone(), folder: copy, file })
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("{} cannot be made", to.display()))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, copy) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            if entry.file_name() != "__pycache__" {
                copy_folder(&source, &copy)?;
            }
        } else {
            fs::copy(&source, &copy).with_context(|| format!("{} cannot be copied", source.display()))?;
        }
    }
    Ok(())
}
