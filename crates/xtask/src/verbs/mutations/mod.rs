//! `cargo xtask mutations`: are the tests good enough to notice when a rule is broken? Each mutation of the list is
//! built into a copy of the project, which then has to fail in one of the stages.

mod stages;
mod tree;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use xtask::mutations::{self, Mutation};
use xtask::{process, workspace};

use stages::Stage;
use tree::Tree;

#[derive(Args)]
pub struct Options {
    /// Only this mutation; may be given again.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Show the mutations and do nothing.
    #[arg(long)]
    list: bool,
    /// Only the random cases, which is quick, and not the suites: what survives may still be caught by them.
    #[arg(long)]
    quick: bool,
    /// Do not see first whether the unmodified program gets past all stages.
    #[arg(long)]
    skip_baseline: bool,
    /// The seed of the first random batches.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What became of a mutation.
enum Fate {
    /// The stage, and what it found.
    Caught(Stage, String),
    Survived,
    /// The list is wrong about it.
    Wrong(String),
}

pub fn run(options: &Options) -> Result<ExitCode> {
    let chosen = chosen(&options.only)?;
    if options.list {
        for mutation in &chosen {
            process::note(&format!("{}: {}", mutation.name, mutation.file.display()));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let folder = workspace::root().join(workspace::target()).join("mutations");
    let tree = Tree::new(&folder)?;
    let stages = Stage::all(options.seed, options.quick);
    process::note(&format!("seed {}", options.seed));
    if !options.quick {
        stages::build_suites(&tree)?;
    }
    if !options.skip_baseline {
        baseline(&tree, &stages, &folder)?;
    }
    let mut rows = Vec::new();
    for mutation in &chosen {
        let start = Instant::now();
        let fate = tried(mutation, &tree, &stages, &folder)?;
        let row = Row { name: &mutation.name, fate, seconds: start.elapsed().as_secs() };
        process::note(&row.text());
        rows.push(row);
    }
    let table: Vec<String> = rows.iter().map(Row::text).collect();
    process::note(&format!("\n{}", table.join("\n")));
    let count = |of: fn(&Fate) -> bool| rows.iter().filter(|row| of(&row.fate)).count();
    let survived = count(|fate| matches!(fate, Fate::Survived));
    let wrong = count(|fate| matches!(fate, Fate::Wrong(_)));
    process::note(&format!(
        "{} mutations: {} caught, {survived} survived, {wrong} wrong in the list",
        rows.len(),
        rows.len() - survived - wrong
    ));
    Ok(if survived + wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Row<'m> {
    name: &'m str,
    fate: Fate,
    seconds: u64,
}

impl Row<'_> {
    fn text(&self) -> String {
        let fate = match &self.fate {
            Fate::Caught(stage @ Stage::Random { .. }, _) => stage.name(),
            Fate::Caught(stage @ Stage::Suite(_), test) => format!("{}, {test}", stage.name()),
            Fate::Survived => "SURVIVED".to_owned(),
            Fate::Wrong(_) => "WRONG IN THE LIST".to_owned(),
        };
        format!("{:44} {:>5} s  {fate}", self.name, self.seconds)
    }
}

fn chosen(only: &[String]) -> Result<Vec<Mutation>> {
    let mut all = mutations::all()?;
    for name in only {
        ensure!(all.iter().any(|mutation| mutation.name == *name), "there is no mutation called {name}");
    }
    all.retain(|mutation| only.is_empty() || only.contains(&mutation.name));
    Ok(all)
}

/// The program as it is gets past all stages; otherwise nothing that a mutation does says anything.
fn baseline(tree: &Tree, stages: &[Stage], folder: &Path) -> Result<()> {
    let start = Instant::now();
    let program = match tree.build()? {
        Ok(program) => program,
        Err(said) => bail!("the project cannot be built:\n{said}"),
    };
    process::note(&format!("{:44} {:>5} s", "unmodified: built", start.elapsed().as_secs()));
    for stage in stages {
        let start = Instant::now();
        let temporary = stages::emptied(folder.join("temporary"))?;
        if let Some(said) = stage.finding(&program, tree, &temporary)? {
            bail!("the unmodified program fails in {}:\n{said}", stage.name());
        }
        let name = format!("unmodified: {}", stage.name());
        process::note(&format!("{name:44} {:>5} s", start.elapsed().as_secs()));
    }
    Ok(())
}

/// Builds the program with a mutation and runs the stages until one fails.
fn tried(mutation: &Mutation, tree: &Tree, stages: &[Stage], folder: &Path) -> Result<Fate> {
    if let Err(error) = tree.texts(mutation) {
        return Ok(Fate::Wrong(format!("{error:#}")));
    }
    let fate = tree.with(mutation, || {
        let program = match tree.build()? {
            Ok(program) => program,
            Err(said) => return Ok(Fate::Wrong(format!("it does not compile:\n{said}"))),
        };
        for stage in stages {
            let temporary = stages::emptied(folder.join("temporary"))?;
            if let Some(said) = stage.finding(&program, tree, &temporary)? {
                return Ok(Fate::Caught(*stage, said));
            }
        }
        Ok(Fate::Survived)
    })?;
    let said = match &fate {
        Fate::Caught(stage, said) => format!("{}\n{said}\n", stage.name()),
        Fate::Survived => "survived\n".to_owned(),
        Fate::Wrong(said) => said.clone(),
    };
    let log = folder.join("log");
    fs::create_dir_all(&log)?;
    fs::write(log.join(format!("{}.txt", mutation.name)), said).context("the log cannot be written")?;
    Ok(fate)
}
