//! [`Excerpt`]: which part of a simulation a file is to have.

use std::mem;

use crate::WaveError;
use crate::header::{Header, Var};
use crate::pattern::{Pattern, path};

/// Which part of a simulation a file is to have; all of it by default.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Excerpt {
    /// Patterns of scopes, whose signals are written with those of the scopes inside them; none stands for all.
    pub scopes: Vec<String>,
    /// How many levels of scopes inside these, or inside the outermost ones.
    pub depth: Option<u32>,
    /// Patterns of signals; none stands for all.
    pub signals: Vec<String>,
    /// The first time, in time steps. The file begins with the values that all signals have then.
    pub from: u64,
    /// The last time.
    pub to: Option<u64>,
}

impl Excerpt {
    /// Takes out of a header what is not wanted. Each pattern has to match something.
    pub(crate) fn reduce(&self, header: &mut Header) -> Result<(), WaveError> {
        if self.to.is_some_and(|to| to < self.from) {
            return Err(WaveError::NoTime { from: self.from, to: self.to.unwrap_or(self.from) });
        }
        if self.scopes.is_empty() && self.depth.is_none() && self.signals.is_empty() {
            return Ok(());
        }
        let wanted = self.wanted_scopes(header)?;
        let kept = self.wanted_vars(header, &wanted)?;
        if kept.iter().all(Vec::is_empty) {
            return Err(WaveError::NoSignals { elsewhere: some_scopes(header) });
        }
        for (scope, vars) in header.scopes.iter_mut().zip(kept) {
            scope.vars = vars;
        }
        prune(header);
        Ok(())
    }

    /// For each scope, whether its own signals may be written.
    fn wanted_scopes(&self, header: &Header) -> Result<Vec<bool>, WaveError> {
        let patterns: Vec<Pattern> = self.scopes.iter().map(|text| Pattern::new(text)).collect();
        let mut used = vec![false; patterns.len()];
        // How deep inside a wanted scope each one is.
        let mut levels: Vec<Option<u32>> = Vec::with_capacity(header.scopes.len());
        for (index, scope) in header.scopes.iter().enumerate() {
            let mut named = patterns.is_empty() && scope.parent.is_none();
            for (pattern, used) in patterns.iter().zip(&mut used) {
                if pattern.matches_scope(header, index) {
                    (named, *used) = (true, true);
                }
            }
            let around = scope.parent.and_then(|parent| levels.get(parent).copied().flatten());
            let level = if named { Some(0) } else { around.map(|level| level + u32::from(!scope.list)) };
            levels.push(level.filter(|level| self.depth.is_none_or(|depth| *level <= depth)));
        }
        match unused(&patterns, &used) {
            None => Ok(levels.iter().map(Option::is_some).collect()),
            Some(pattern) => {
                let paths = (0..header.scopes.len()).map(|index| path(header, index));
                Err(WaveError::NoScope { pattern: pattern.text.clone(), nearest: pattern.nearest(paths) })
            }
        }
    }

    /// For each scope, the variables that are written.
    fn wanted_vars(&self, header: &Header, scopes: &[bool]) -> Result<Vec<Vec<Var>>, WaveError> {
        let patterns: Vec<Pattern> = self.signals.iter().map(|text| Pattern::new(text)).collect();
        let mut used = vec![false; patterns.len()];
        let mut kept = vec![Vec::new(); header.scopes.len()];
        let wanted = || (0..header.scopes.len()).filter(|index| scopes[*index]);
        for index in wanted() {
            for var in &header.scopes[index].vars {
                let mut named = patterns.is_empty();
                for (pattern, used) in patterns.iter().zip(&mut used) {
                    if pattern.matches_var(header, index, &var.name) {
                        (named, *used) = (true, true);
                    }
                }
                if named {
                    kept[index].push(var.clone());
                }
            }
        }
        match unused(&patterns, &used) {
            None => Ok(kept),
            Some(pattern) => {
                let paths = wanted().flat_map(|index| {
                    let scope = path(header, index);
                    header.scopes[index].vars.iter().map(move |var| format!("{scope}.{}", var.name))
                });
                Err(WaveError::NoSignal { pattern: pattern.text.clone(), nearest: pattern.nearest(paths) })
            }
        }
    }
}

/// The first pattern that nothing matches.
fn unused<'a>(patterns: &'a [Pattern], used: &[bool]) -> Option<&'a Pattern> {
    patterns.iter().zip(used).find(|(_, used)| !**used).map(|(pattern, _)| pattern)
}

/// Some scopes that have variables.
fn some_scopes(header: &Header) -> Vec<String> {
    const MANY: usize = 5;
    let scopes = header.scopes.iter().enumerate().filter(|(_, scope)| !scope.vars.is_empty());
    scopes.map(|(index, _)| path(header, index)).take(MANY).collect()
}

/// Removes scopes that have no variables, nor any scope inside them that has.
fn prune(header: &mut Header) {
    let mut alive: Vec<bool> = header.scopes.iter().map(|scope| !scope.vars.is_empty()).collect();
    for index in (0..alive.len()).rev() {
        if alive[index]
            && let Some(parent) = header.scopes[index].parent.and_then(|parent| alive.get_mut(parent))
        {
            *parent = true;
        }
    }
    let mut places = Vec::with_capacity(alive.len());
    for (scope, alive) in mem::take(&mut header.scopes).into_iter().zip(&alive) {
        places.push(header.scopes.len());
        if *alive {
            let parent = scope.parent.and_then(|parent| places.get(parent).copied());
            header.scopes.push(crate::Scope { parent, ..scope });
        }
    }
}
