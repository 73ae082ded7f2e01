//! The list of mutations: deliberate breakages of single rules, each of which some test has to notice.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::workspace;

/// Where the list is, in the project.
pub const LIST: &str = "tests/mutations.toml";

/// One breakage of one rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mutation {
    /// The rule that it breaks, in terms of hardware.
    pub name: String,
    /// The source file, from the top folder.
    pub file: PathBuf,
    /// A part of the file that is there exactly once.
    pub from: String,
    /// What is there instead.
    pub to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    mutation: Vec<Mutation>,
}

/// All mutations, in the order of the list.
pub fn all() -> Result<Vec<Mutation>> {
    let text = fs::read_to_string(workspace::root().join(LIST)).context(LIST)?;
    let list: List = toml::from_str(&text).context(LIST)?;
    Ok(list.mutation)
}

impl Mutation {
    /// The text of its file in a folder, before and after.
    pub fn texts(&self, root: &Path) -> Result<(String, String)> {
        let file = self.file.display();
        let before = fs::read_to_string(root.join(&self.file))
            .with_context(|| format!("{}: {file} cannot be read", self.name))?;
        let count = before.matches(&self.from).count();
        ensure!(count == 1, "{}: what it changes is {count} times in {file}", self.name);
        ensure!(self.from != self.to, "{}: it changes nothing", self.name);
        let after = before.replacen(&self.from, &self.to, 1);
        Ok((before, after))
    }
}
