//! [`Pattern`]: names of scopes and signals as a person writes them.

use std::iter;

use wildmatch::WildMatch;

use crate::header::{Header, Scope};

/// The end of a path, such as `dut.cells_3`. In each name `*` stands for any part and `?` for any character; a scope has
/// also the name of what it is an instance of.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub text: String,
    /// From the last one on.
    names: Vec<WildMatch>,
}

impl Pattern {
    pub fn new(text: &str) -> Pattern {
        Pattern { text: text.to_owned(), names: text.rsplit('.').map(WildMatch::new).collect() }
    }

    pub fn matches_scope(&self, header: &Header, index: usize) -> bool {
        self.match_scopes(&self.names, header, Some(index))
    }

    /// Whether a variable in a scope is meant.
    pub fn matches_var(&self, header: &Header, index: usize, name: &str) -> bool {
        let (last, scopes) = self.names.split_first().map_or((None, &[][..]), |(l, s)| (Some(l), s));
        last.is_some_and(|last| last.matches(name)) && self.match_scopes(scopes, header, Some(index))
    }

    fn match_scopes(&self, names: &[WildMatch], header: &Header, innermost: Option<usize>) -> bool {
        let mut scopes = outwards(header, innermost);
        names.iter().all(|name| {
            scopes.next().is_some_and(|scope| {
                name.matches(&scope.name) || scope.of.as_ref().is_some_and(|of| name.matches(of))
            })
        })
    }

    /// The paths that are most like this one, the nearest first.
    pub fn nearest(&self, paths: impl IntoIterator<Item = String>) -> Vec<String> {
        const MANY: usize = 5;
        let wanted = self.text.replace('*', "");
        let mut found: Vec<(f64, String)> = paths
            .into_iter()
            .map(|path| {
                let start = path.rmatch_indices('.').nth(self.names.len() - 1).map_or(0, |(at, _)| at + 1);
                (strsim::normalized_damerau_levenshtein(&wanted, &path[start..]), path)
            })
            .collect();
        found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        found.into_iter().map(|(_, path)| path).take(MANY).collect()
    }
}

/// A scope and those around it.
fn outwards(header: &Header, innermost: Option<usize>) -> impl Iterator<Item = &Scope> {
    iter::successors(innermost.and_then(|i| header.scopes.get(i)), |scope| {
        scope.parent.and_then(|parent| header.scopes.get(parent))
    })
}

/// The whole path of a scope.
pub(crate) fn path(header: &Header, index: usize) -> String {
    let mut names: Vec<&str> = outwards(header, Some(index)).map(|scope| scope.name.as_str()).collect();
    names.reverse();
    names.join(".")
}
