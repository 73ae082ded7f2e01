//! Which scopes share a module: those of one block whose printed bodies are the same but for the values of named
//! constants. Constants that differ become parameters.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::constants::Declared;
use crate::marks::strip;
use crate::naming::Names;
use crate::{Apart, Language};

/// Where a module's parameters are declared, behind its name.
pub(crate) const PARAMETERS: char = '\u{e}';
/// Stands with an index for the declaration of a constant, on a line of its own.
const CONSTANT: char = '\u{f}';
/// Around the module and the values of an instance's constants, where its parameters get theirs.
const GIVEN: char = '\u{10}';
const GIVEN_END: char = '\u{11}';
/// Between them.
const BETWEEN: char = '\u{12}';
/// Around the number of a module, where its name belongs.
const NAME: char = '\u{13}';

/// A module as it is printed: with `PARAMETERS` and the lines of its constants.
pub(crate) struct Printed {
    pub text: String,
    pub constants: Vec<Declared>,
}

/// A scope's module, and the values of the constants.
#[derive(Clone, Debug, Default)]
pub(crate) struct Instance {
    pub module: usize,
    values: Vec<String>,
}

/// Modules in the order in which they were first printed, which is leaves first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modules {
    by_text: HashMap<(String, String), usize>,
    printed: Vec<Shared>,
    /// How many scopes there have been.
    scopes: usize,
}

#[derive(Clone, Debug)]
struct Shared {
    block: String,
    /// Its name, if that is settled from the start.
    name: Option<String>,
    text: String,
    constants: Vec<Declared>,
    /// Which of them have several values.
    vary: Vec<bool>,
    /// Which scope was the last that is such a module: a reader comes to it first.
    last: usize,
}

/// A module as it is written.
pub(crate) struct Finished {
    pub block: String,
    pub name: String,
    /// With marks.
    pub text: String,
    /// As the how-manieth it got its name.
    order: usize,
}

impl Modules {
    /// The module with this text, which has `placeholder` where its name belongs. `name` is that of the top; the others
    /// get theirs in the end. Lines that come from other places are the same text.
    pub fn intern(
        &mut self,
        block: &str,
        printed: Printed,
        placeholder: &str,
        name: Option<&str>,
    ) -> Instance {
        let Printed { text, constants } = printed;
        let kind = |c: &Declared| {
            let value = if c.fixed { c.value.as_str() } else { "" };
            format!("{BETWEEN}{} {} {value}", c.name, c.kind)
        };
        let kinds: String = constants.iter().map(kind).collect();
        // The top is a module by itself.
        let of = if name.is_some() { "" } else { block };
        let key = (of.to_owned(), strip(&text).0 + &kinds);
        let values: Vec<String> = constants.iter().map(|c| c.value.clone()).collect();
        self.scopes += 1;
        if let Some(&module) = self.by_text.get(&key) {
            let shared = &mut self.printed[module];
            for ((vary, first), value) in shared.vary.iter_mut().zip(&shared.constants).zip(&values) {
                *vary |= first.value != *value;
            }
            shared.last = self.scopes;
            return Instance { module, values };
        }
        let module = self.printed.len();
        self.by_text.insert(key, module);
        self.printed.push(Shared {
            block: block.to_owned(),
            name: name.map(str::to_owned),
            text: text.replace(placeholder, &format!("{NAME}{module}{NAME}")),
            vary: vec![false; constants.len()],
            last: self.scopes,
            constants,
        });
        Instance { module, values }
    }

    /// All modules, whose names `names` makes: those that a reader of the Python comes to first have the first names.
    pub fn finish(mut self, language: Language, names: &mut Names) -> Vec<Finished> {
        let mut order: Vec<usize> = (0..self.printed.len()).collect();
        order.sort_by_key(|module| Reverse(self.printed[*module].last));
        for &module in &order {
            let module = &mut self.printed[module];
            if module.name.is_none() {
                module.name = Some(names.take(&module.block));
            }
        }
        let mut ranks = vec![0; order.len()];
        for (rank, module) in order.into_iter().enumerate() {
            ranks[module] = rank;
        }
        let finished = |(module, order): (&Shared, usize)| Finished {
            block: module.block.clone(),
            name: module.name.clone().unwrap_or_default(),
            text: module.finished(&self.printed, language),
            order,
        };
        self.printed.iter().zip(ranks).map(finished).collect()
    }
}

/// Where blocks have several modules: each but the first with the line in which it differs from the first.
pub(crate) fn apart(modules: &[Finished]) -> Vec<Apart> {
    let mut of_block: BTreeMap<&str, Vec<&Finished>> = BTreeMap::new();
    for module in modules {
        of_block.entry(&module.block).or_default().push(module);
    }
    let mut found = Vec::new();
    for (block, mut modules) in of_block {
        modules.sort_by_key(|module| module.order);
        let Some((first, others)) = modules.split_first().filter(|(_, others)| !others.is_empty()) else {
            continue;
        };
        let lines = |module: &Finished| -> Vec<String> {
            let (text, _) = strip(&module.text);
            text.lines().map(|line| line.trim().replace(&module.name, block)).collect()
        };
        let there = lines(first);
        for other in others {
            let here = lines(other);
            // Constants alone are no reason: they could be parameters.
            let is_constant = |line: Option<&String>| {
                line.is_some_and(|l| {
                    ["localparam ", "constant ", "parameter "].iter().any(|w| l.starts_with(w))
                })
            };
            let differ = |i: &usize| there.get(*i) != here.get(*i);
            let mut all = (0..there.len().max(here.len())).filter(differ);
            let any = all.next();
            let differs = any
                .filter(|i| !is_constant(there.get(*i)))
                .or_else(|| all.find(|i| !is_constant(there.get(*i)) && !is_constant(here.get(*i))).or(any));
            let line = |of: &[String]| differs.and_then(|i| of.get(i)).cloned().unwrap_or_default();
            found.push(Apart {
                block: block.to_owned(),
                first: first.name.clone(),
                other: other.name.clone(),
                line_of_first: line(&there),
                line_of_other: line(&here),
            });
        }
    }
    found
}

impl Shared {
    fn finished(&self, all: &[Shared], language: Language) -> String {
        let numbered = |number: &str| all.get(number.parse::<usize>().ok()?);
        let mut out = String::with_capacity(self.text.len());
        // Where lines of constants have been left out.
        let mut gone = None;
        for line in self.text.split_inclusive('\n') {
            if let Some((indent, index)) = line.split_once(CONSTANT) {
                let index: usize = index.trim_end().parse().unwrap_or(0);
                if self.vary[index] {
                    gone = gone.or(Some(out.len()));
                } else {
                    out.push_str(&format!("{indent}{}\n", self.constants[index].declaration(language)));
                }
                continue;
            }
            // Nothing is left of a part of constants, and so there is nothing to separate.
            if gone.take() == Some(out.len()) && line.trim().is_empty() {
                continue;
            }
            let mut rest = line;
            while let Some((before, found)) = rest.split_once([PARAMETERS, GIVEN, NAME]) {
                out.push_str(before);
                let sign = &rest[before.len()..];
                if sign.starts_with(PARAMETERS) {
                    out.push_str(&self.parameters(language));
                    rest = found;
                } else if sign.starts_with(NAME) {
                    let (number, after) = found.split_once(NAME).unwrap_or((found, ""));
                    out.push_str(numbered(number).and_then(|m| m.name.as_deref()).unwrap_or_default());
                    rest = after;
                } else {
                    let (given, after) = found.split_once(GIVEN_END).unwrap_or((found, ""));
                    let mut parts = given.split(BETWEEN);
                    if let Some(module) = parts.next().and_then(numbered) {
                        out.push_str(&module.given(parts, language));
                    }
                    rest = after;
                }
            }
            out.push_str(rest);
        }
        out
    }

    fn varying(&self) -> impl Iterator<Item = &Declared> {
        self.constants.iter().zip(&self.vary).filter(|(_, vary)| **vary).map(|(constant, _)| constant)
    }

    /// The declarations of what instances give, behind the name.
    fn parameters(&self, language: Language) -> String {
        let verilog = language.is_verilog();
        let rows: Vec<String> = self
            .varying()
            .map(|c| match verilog {
                true => format!("  parameter {}{} = {}", c.kind, c.name, c.value),
                false => format!("    {} : {} := {}", c.name, c.kind, c.value),
            })
            .collect();
        match (rows.is_empty(), verilog) {
            (true, _) => String::new(),
            (false, true) => format!(" #(\n{}\n)", rows.join(",\n")),
            (false, false) => format!("\n  generic (\n{}\n  );", rows.join(";\n")),
        }
    }

    /// What an instance with these values gives.
    fn given<'v>(&self, values: impl Iterator<Item = &'v str>, language: Language) -> String {
        let verilog = language.is_verilog();
        let given: Vec<String> = self
            .constants
            .iter()
            .zip(&self.vary)
            .zip(values)
            .filter(|((_, vary), _)| **vary)
            .map(|((constant, _), value)| match verilog {
                true => format!(".{}({value})", constant.name),
                false => format!("{} => {value}", constant.name),
            })
            .collect();
        match (given.is_empty(), verilog) {
            (true, _) => String::new(),
            (false, true) => format!(" #({})", given.join(", ")),
            (false, false) => format!("\n    generic map ({})", given.join(", ")),
        }
    }
}

impl Declared {
    fn declaration(&self, language: Language) -> String {
        match language.is_verilog() {
            true => format!("localparam {}{} = {};", self.kind, self.name, self.value),
            false => format!("constant {} : {} := {};", self.name, self.kind, self.value),
        }
    }
}

impl Instance {
    /// The module's name in an instance, and what is given to it.
    pub fn named(&self) -> String {
        let module = self.module;
        if self.values.is_empty() {
            return format!("{NAME}{module}{NAME}");
        }
        let values: String = self.values.iter().map(|value| format!("{BETWEEN}{value}")).collect();
        format!("{NAME}{module}{NAME}{GIVEN}{module}{values}{GIVEN_END}")
    }
}

/// The lines of a module's constants.
pub(crate) fn constant_lines(constants: &[Declared]) -> String {
    (0..constants.len()).map(|index| format!("  {CONSTANT}{index}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(value: &str) -> Printed {
        let constants = vec![Declared {
            name: "STEP".into(),
            kind: "[3:0] ".into(),
            value: value.to_owned(),
            fixed: false,
        }];
        let text =
            format!("module @{PARAMETERS} (\n);\n{}\n  wire STEP;\nendmodule\n", constant_lines(&constants));
        Printed { text, constants }
    }

    fn parent(child: &Instance) -> Printed {
        let text = format!("module @{PARAMETERS};\n  {} one ();\nendmodule\n", child.named());
        Printed { text, constants: Vec::new() }
    }

    fn modules(values: &[&str]) -> Vec<(String, String)> {
        let mut modules = Modules::default();
        for value in values {
            let child = modules.intern("leaf", leaf(value), "@", None);
            modules.intern("parent", parent(&child), "@", None);
        }
        let finished = modules.finish(Language::Verilog, &mut Names::new(Language::Verilog));
        finished.into_iter().map(|module| (module.name, module.text)).collect()
    }

    #[test]
    fn a_constant_with_one_value_stays_inside() {
        let found = modules(&["4'd1", "4'd1"]);
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0].1,
            "module leaf (\n);\n  localparam [3:0] STEP = 4'd1;\n\n  wire STEP;\nendmodule\n"
        );
        assert_eq!(found[1].1, "module parent;\n  leaf one ();\nendmodule\n");
    }

    #[test]
    fn a_constant_with_several_values_is_a_parameter_that_instances_give() {
        let found = modules(&["4'd1", "4'd2", "4'd1"]);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        // Parents whose instances are given different values are different modules.
        assert_eq!(names, ["leaf", "parent", "parent_1"]);
        assert_eq!(
            found[0].1,
            "module leaf #(\n  parameter [3:0] STEP = 4'd1\n) (\n);\n  wire STEP;\nendmodule\n"
        );
        assert_eq!(found[1].1, "module parent;\n  leaf #(.STEP(4'd1)) one ();\nendmodule\n");
        assert_eq!(found[2].1, "module parent_1;\n  leaf #(.STEP(4'd2)) one ();\nendmodule\n");
    }
}
