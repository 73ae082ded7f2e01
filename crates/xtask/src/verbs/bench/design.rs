//! [`Design`]: a file that engines run.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// A design with its test bench.
#[derive(Clone, Debug)]
pub struct Design {
    pub name: String,
    pub file: PathBuf,
    /// Whether the block `dut` stands alone with a clock, a reset and a checksum, so that a harness in another language
    /// can run it.
    pub hdl: bool,
}

/// The designs of a folder by name, or those of them that are wanted.
pub fn all(folder: &Path, wanted: &[String]) -> Result<Vec<Design>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))? {
        let file = std::path::absolute(entry?.path())?;
        let Some(name) = file.file_stem().and_then(|n| n.to_str()).map(str::to_owned) else { continue };
        if file.extension().is_some_and(|ending| ending == "py") {
            let hdl = fs::read_to_string(&file)?.contains("def dut(clk, rst, checksum");
            found.push(Design { name, file, hdl });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    ensure!(!found.is_empty(), "{} has no designs", folder.display());
    if let Some(unknown) = wanted.iter().find(|w| found.iter().all(|d| d.name != **w)) {
        let names: Vec<&str> = found.iter().map(|d| d.name.as_str()).collect();
        bail!("there is no design `{unknown}`; the designs are {}", names.join(", "));
    }
    found.retain(|design| wanted.is_empty() || wanted.contains(&design.name));
    Ok(found)
}
