//! Names that every reader of waveform files accepts.

use std::collections::BTreeSet;

/// A name of ASCII letters, digits, `_` and `$`: other characters become `_`, `mem(3)` becomes `mem_3`.
fn legal(name: &str) -> String {
    let mut out: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '$' { c } else { '_' })
        .collect();
    if name.ends_with([')', ']']) {
        out.pop();
    }
    if out.is_empty() || out.starts_with(|c: char| c.is_ascii_digit()) {
        out.insert(0, '_');
    }
    out
}

/// The names of one scope.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A legal name that is not taken in this scope yet.
    pub fn take(&mut self, name: &str) -> String {
        let base = legal(name);
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
        assert_eq!(names.take("mem(3)"), "mem_3");
        assert_eq!(names.take("mem[3]"), "mem_3_2");
        assert_eq!(names.take("a b"), "a_b");
        assert_eq!(names.take("größe"), "gr__e");
        assert_eq!(names.take(""), "_");
        assert_eq!(names.take("2nd"), "_2nd");
        assert_eq!(names.take("clk"), "clk");
    }
}
