//! The list of mutations is about the sources as they are. Whether tests notice the mutations is for
//! `cargo xtask mutations` to say.

use std::collections::HashSet;

use anyhow::{Result, ensure};
use xtask::{mutations, workspace};

#[test]
fn every_mutation_changes_exactly_one_place() -> Result<()> {
    for mutation in mutations::all()? {
        mutation.texts(&workspace::root())?;
    }
    Ok(())
}

#[test]
fn every_mutation_has_a_name_of_its_own() -> Result<()> {
    let all = mutations::all()?;
    ensure!(all.len() >= 32, "mutations are missing");
    let mut names = HashSet::new();
    for mutation in &all {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        ensure!(mutation.name.chars().all(plain), "{} is no name for a command line", mutation.name);
        ensure!(names.insert(&mutation.name), "{} is there twice", mutation.name);
    }
    Ok(())
}
