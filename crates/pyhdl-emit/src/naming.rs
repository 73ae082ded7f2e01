//! Legal names: the author's where the language allows them, renamed minimally and always in the same way where not.
//!
//! A name that is a keyword, or that another name has already taken, gets a number: `reg_1`, `count_2`. Characters
//! that the language does not know become `x`; in VHDL, underscores at the ends and double underscores go as well.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::keywords::is_keyword;
use crate::{Language, RenameReason, Renamed};

/// The names of one declarative region.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    language: Language,
    /// As the language compares them: lower case in VHDL.
    taken: HashSet<String>,
    /// The next number to try for a name, so that a thousand equal names do not try a thousand numbers each.
    next: HashMap<String, u64>,
}

impl Names {
    pub fn new(language: Language) -> Names {
        Names { language, taken: HashSet::new(), next: HashMap::new() }
    }

    /// A legal name for `wanted` that nothing else has yet, and takes it.
    pub fn take(&mut self, wanted: &str) -> String {
        self.take_unless(wanted, |_| false)
    }

    /// A legal name for `wanted` that nothing in this region or in the one around it has yet, and takes it here.
    pub fn take_inside(&mut self, wanted: &str, around: &Names) -> String {
        self.take_unless(wanted, |key| around.taken.contains(key))
    }

    /// Whether something has this name already.
    pub fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(&self.key(name))
    }

    fn take_unless(&mut self, wanted: &str, taken_around: impl Fn(&str) -> bool) -> String {
        let base = legal(wanted, self.language);
        let key = self.key(&base);
        if !is_keyword(&base, self.language) && !taken_around(&key) && self.taken.insert(key.clone()) {
            return base;
        }
        let mut number = self.next.get(&key).copied().unwrap_or(1);
        loop {
            let name = format!("{base}_{number}");
            let numbered = self.key(&name);
            number += 1;
            if !is_keyword(&name, self.language) && !taken_around(&numbered) && self.taken.insert(numbered) {
                self.next.insert(key, number);
                return name;
            }
        }
    }

    /// A name as the language compares it.
    pub fn key(&self, name: &str) -> String {
        match self.language {
            Language::Verilog | Language::SystemVerilog => name.to_owned(),
            Language::Vhdl | Language::Vhdl93 => name.to_ascii_lowercase(),
        }
    }
}

/// What has another name than in Python.
#[derive(Debug)]
pub(crate) struct Renames {
    language: Language,
    all: RefCell<BTreeSet<Renamed>>,
}

impl Renames {
    pub fn new(language: Language) -> Renames {
        Renames { language, all: RefCell::default() }
    }

    /// Notes what a name of a block has become; `None` for a name that belongs to no block.
    pub fn note(&self, block: Option<&str>, name: &str, emitted: &str) {
        if name != emitted {
            self.all.borrow_mut().insert(Renamed {
                block: block.map(str::to_owned),
                name: name.to_owned(),
                emitted: emitted.to_owned(),
                reason: reason(name, self.language),
            });
        }
    }

    /// In the order of blocks and names.
    pub fn all(&self) -> Vec<Renamed> {
        self.all.borrow().iter().cloned().collect()
    }
}

/// Why a name was not taken as it is.
fn reason(name: &str, language: Language) -> RenameReason {
    if is_keyword(name, language) {
        RenameReason::Keyword
    } else if is_helper(name) {
        RenameReason::Helper
    } else if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        RenameReason::Characters
    } else if language.is_vhdl() && name.starts_with('_') {
        RenameReason::LeadingUnderscore
    } else if language.is_vhdl() && name.ends_with('_') {
        RenameReason::TrailingUnderscore
    } else if language.is_vhdl() && name.contains("__") {
        RenameReason::DoubleUnderscore
    } else {
        RenameReason::Taken
    }
}

fn legal(wanted: &str, language: Language) -> String {
    let mut name = String::new();
    for c in wanted.chars() {
        // A letter of another alphabet is one or more Latin letters, or none.
        for c in deunicode::deunicode_char(c).unwrap_or("x").chars() {
            let c = if c.is_ascii_alphanumeric() { c } else { '_' };
            if language.is_vhdl() && c == '_' && (name.is_empty() || name.ends_with('_')) {
                continue;
            }
            name.push(c);
        }
    }
    if language.is_vhdl() {
        while name.ends_with('_') {
            name.pop();
        }
    }
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || is_helper(&name) {
        name.insert(0, 'x');
    }
    name
}

/// How the names of the helper functions that the printers add begin; a digit follows. Nothing else has such a name.
pub(crate) const HELPERS: &[&str] =
    &["bits_", "extend_", "floor_div_", "floor_mod_", "minimum_", "maximum_", "absolute_"];

fn is_helper(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    HELPERS
        .iter()
        .any(|h| name.strip_prefix(h).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_and_taken_names_get_numbers() {
        let mut names = Names::new(Language::Verilog);
        assert_eq!(names.take("reg"), "reg_1");
        assert_eq!(names.take("count"), "count");
        assert_eq!(names.take("count"), "count_1");
        assert_eq!(names.take("Count"), "Count");
    }

    #[test]
    fn vhdl_compares_without_case_and_knows_no_outer_underscores() {
        let mut names = Names::new(Language::Vhdl);
        assert_eq!(names.take("_a__b_"), "a_b");
        assert_eq!(names.take("A_B"), "A_B_1");
        assert_eq!(names.take("Signal"), "Signal_1");
        assert_eq!(names.take("größe"), "grosse");
    }

    #[test]
    fn a_name_inside_avoids_those_around() {
        let mut around = Names::new(Language::Vhdl);
        around.take("total");
        let mut inside = Names::new(Language::Vhdl);
        assert_eq!(inside.take_inside("Total", &around), "Total_1");
        assert_eq!(inside.take_inside("sum", &around), "sum");
    }

    #[test]
    fn helper_names_are_nobodys() {
        let mut names = Names::new(Language::Verilog);
        assert_eq!(names.take("bits_7_0_of_9"), "xbits_7_0_of_9");
        assert_eq!(names.take("bits_in"), "bits_in");
    }
}
