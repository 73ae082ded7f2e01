//! Names that every reader of waveform files accepts.

use std::collections::BTreeSet;

use crate::header::Header;

/// Readers have room for 511 bytes; this leaves some for what [`Names`] adds.
const LONGEST: usize = 490;

/// Makes all names of a header legal, and different within each scope.
pub(crate) fn make_legal(header: &mut Header) {
    let mut tops = Names::default();
    let mut inside: Vec<Names> = Vec::with_capacity(header.scopes.len());
    for scope in &mut header.scopes {
        let around = match scope.parent.and_then(|parent| inside.get_mut(parent)) {
            Some(names) => names,
            None => &mut tops,
        };
        scope.name = around.take_scope(&scope.name);
        let mut names = Names::default();
        for var in &mut scope.vars {
            var.name = names.take(&var.name);
        }
        inside.push(names);
    }
}

/// The name of a variable: what [`legal`] gives, and behind it the index of an element as in `mem(3)`.
fn legal_element(name: &str) -> String {
    let index = name.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    if let Some((list, index)) = index
        && !index.is_empty()
        && index.bytes().all(|b| b.is_ascii_digit())
    {
        return format!("{}({index})", legal(list));
    }
    legal(name)
}

/// A name of ASCII letters, digits, `_` and `$`: other characters become `_`, `sub(3)` becomes `sub_3`.
fn legal(name: &str) -> String {
    let mut out: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '$' { c } else { '_' })
        .collect();
    if name.ends_with([')', ']']) {
        out.pop();
    }
    out.truncate(LONGEST);
    if out.is_empty() || out.starts_with(|c: char| c.is_ascii_digit()) {
        out.insert(0, '_');
    }
    out
}

/// The names of one scope.
#[derive(Debug, Default)]
struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A legal name for a variable that is not taken in this scope yet.
    fn take(&mut self, name: &str) -> String {
        self.take_legal(legal_element(name))
    }

    /// A legal name for a scope that is not taken in this scope yet.
    fn take_scope(&mut self, name: &str) -> String {
        self.take_legal(legal(name))
    }

    fn take_legal(&mut self, base: String) -> String {
        let mut candidate = base.clone();
        let mut count = 1;
        while !self.taken.insert(candidate.clone()) {
            count += 1;
            candidate = format!("{base}_{count}");
        }
        candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_legal_and_stay_different() {
        let mut names = Names::default();
        assert_eq!(names.take("mem(3)"), "mem(3)");
        assert_eq!(names.take("mem(3)"), "mem(3)_2");
        assert_eq!(names.take("mem[3]"), "mem_3");
        assert_eq!(names.take("(3)"), "_(3)");
        assert_eq!(names.take("f(x)"), "f_x");
        assert_eq!(names.take_scope("sub(3)"), "sub_3");
        assert_eq!(names.take("a b"), "a_b");
        assert_eq!(names.take("größe"), "gr__e");
        assert_eq!(names.take(""), "_");
        assert_eq!(names.take("2nd"), "_2nd");
        assert_eq!(names.take("clk"), "clk");
    }
}
