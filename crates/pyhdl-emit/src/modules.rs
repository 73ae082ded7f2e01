//! Which scopes share a module: those of one block whose printed bodies are the same but for the values of named
//! constants. Constants that differ become parameters.

use std::collections::HashMap;

use crate::Language;
use crate::constants::Declared;
use crate::marks::strip;

/// Where a module's parameters are declared, behind its name.
pub(crate) const PARAMETERS: char = '\u{e}';
/// Stands with an index for the declaration of a constant, on a line of its own.
const CONSTANT: char = '\u{f}';
/// Around the module and the values of an instance's constants, where its parameters get theirs.
const GIVEN: char = '\u{10}';
const GIVEN_END: char = '\u{11}';
/// Between them.
const BETWEEN: char = '\u{12}';

/// A module as it is printed: with `PARAMETERS` and the lines of its constants.
pub(crate) struct Printed {
    pub text: String,
    pub constants: Vec<Declared>,
}

/// A scope's module: its name, and the values of the constants.
#[derive(Clone, Debug, Default)]
pub(crate) struct Instance {
    pub name: String,
    values: Vec<String>,
}

/// Modules in the order in which they were first printed, which is leaves first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modules {
    by_text: HashMap<(String, String), usize>,
    printed: Vec<Shared>,
}

#[derive(Clone, Debug)]
struct Shared {
    name: String,
    text: String,
    constants: Vec<Declared>,
    /// Which of them have several values.
    vary: Vec<bool>,
}

impl Modules {
    /// The module with this text, which has `placeholder` where its name belongs. `fresh` makes a name for a new one.
    /// Lines that come from other places are the same text.
    pub fn intern(
        &mut self,
        block: &str,
        printed: Printed,
        placeholder: &str,
        fresh: impl FnOnce() -> String,
    ) -> Instance {
        let Printed { text, constants } = printed;
        let kind = |c: &Declared| {
            let value = if c.fixed { c.value.as_str() } else { "" };
            format!("{BETWEEN}{} {} {value}", c.name, c.kind)
        };
        let kinds: String = constants.iter().map(kind).collect();
        let key = (block.to_owned(), strip(&text).0 + &kinds);
        let values: Vec<String> = constants.iter().map(|c| c.value.clone()).collect();
        if let Some(module) = self.by_text.get(&key).and_then(|index| self.printed.get_mut(*index)) {
            for ((vary, first), value) in module.vary.iter_mut().zip(&module.constants).zip(&values) {
                *vary |= first.value != *value;
            }
            return Instance { name: module.name.clone(), values };
        }
        let name = fresh();
        self.by_text.insert(key, self.printed.len());
        let text = text.replace(placeholder, &name);
        let vary = vec![false; constants.len()];
        self.printed.push(Shared { name: name.clone(), text, constants, vary });
        Instance { name, values }
    }

    /// The names and the texts of all modules.
    pub fn finish(self, language: Language) -> Vec<(String, String)> {
        let by_name: HashMap<&str, &Shared> = self.printed.iter().map(|m| (m.name.as_str(), m)).collect();
        let finished = |module: &Shared| (module.name.clone(), module.finished(&by_name, language));
        self.printed.iter().map(finished).collect()
    }
}

impl Shared {
    fn finished(&self, others: &HashMap<&str, &Shared>, language: Language) -> String {
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
            while let Some((before, found)) = rest.split_once([PARAMETERS, GIVEN]) {
                out.push_str(before);
                if rest[before.len()..].starts_with(PARAMETERS) {
                    out.push_str(&self.parameters(language));
                    rest = found;
                    continue;
                }
                let (given, after) = found.split_once(GIVEN_END).unwrap_or((found, ""));
                let mut parts = given.split(BETWEEN);
                if let Some(module) = parts.next().and_then(|name| others.get(name)) {
                    out.push_str(&module.given(parts, language));
                }
                rest = after;
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
    /// What stands behind the module's name in an instance.
    pub fn given(&self) -> String {
        if self.values.is_empty() {
            return String::new();
        }
        let values: String = self.values.iter().map(|value| format!("{BETWEEN}{value}")).collect();
        format!("{GIVEN}{}{values}{GIVEN_END}", self.name)
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
        let text = format!("module @{PARAMETERS};\n  {}{} one ();\nendmodule\n", child.name, child.given());
        Printed { text, constants: Vec::new() }
    }

    fn modules(values: &[&str]) -> Vec<(String, String)> {
        let mut modules = Modules::default();
        let mut count = 0;
        let mut fresh = || {
            count += 1;
            format!("m{count}")
        };
        for value in values {
            let child = modules.intern("leaf", leaf(value), "@", &mut fresh);
            modules.intern("parent", parent(&child), "@", &mut fresh);
        }
        modules.finish(Language::Verilog)
    }

    #[test]
    fn a_constant_with_one_value_stays_inside() {
        let found = modules(&["4'd1", "4'd1"]);
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0].1,
            "module m1 (\n);\n  localparam [3:0] STEP = 4'd1;\n\n  wire STEP;\nendmodule\n"
        );
        assert_eq!(found[1].1, "module m2;\n  m1 one ();\nendmodule\n");
    }

    #[test]
    fn a_constant_with_several_values_is_a_parameter_that_instances_give() {
        let found = modules(&["4'd1", "4'd2", "4'd1"]);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        // Parents whose instances are given different values are different modules.
        assert_eq!(names, ["m1", "m2", "m3"]);
        assert_eq!(
            found[0].1,
            "module m1 #(\n  parameter [3:0] STEP = 4'd1\n) (\n);\n  wire STEP;\nendmodule\n"
        );
        assert_eq!(found[1].1, "module m2;\n  m1 #(.STEP(4'd1)) one ();\nendmodule\n");
        assert_eq!(found[2].1, "module m3;\n  m1 #(.STEP(4'd2)) one ();\nendmodule\n");
    }
}
