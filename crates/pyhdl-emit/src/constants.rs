//! Constants by their names in Python. While a module is printed, each use of one carries its name and what would
//! stand there without; when all of the module is there, a name is declared where it has one value, in the form in
//! which it is used most. All other uses become literals.

use std::collections::HashMap;

use num_bigint::BigInt;

/// Characters that nothing else in a text has, as those of `marks`.
const BEGIN: char = '\u{4}';
const BETWEEN: char = '\u{5}';
const END: char = '\u{6}';

/// A constant that a module declares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Declared {
    pub name: String,
    /// What stands beside the name: `[3:0] `, `integer`.
    pub kind: String,
    /// As the declaration says it.
    pub value: String,
    /// It cannot be a parameter.
    pub fixed: bool,
}

/// A use of a constant: its name, its value, how it is declared, and what stands there where it is not.
pub(crate) fn named(name: &str, value: &BigInt, kind: &str, declared: &str, literal: &str) -> String {
    used([name, &value.to_string(), kind, declared, literal, ""])
}

/// The same where it cannot be a parameter.
pub(crate) fn fixed(name: &str, value: &BigInt, kind: &str, declared: &str, literal: &str) -> String {
    used([name, &value.to_string(), kind, declared, literal, "fixed"])
}

fn used(parts: [&str; 6]) -> String {
    format!("{BEGIN}{}{END}", parts.join(&BETWEEN.to_string()))
}

/// Settles the uses in the texts of one module. The constants are in the order of their first use.
pub(crate) fn settle<'t>(texts: impl IntoIterator<Item = &'t mut String>) -> Vec<Declared> {
    let mut texts: Vec<&mut String> = texts.into_iter().collect();
    let mut order: Vec<String> = Vec::new();
    let mut found: HashMap<String, Uses> = HashMap::new();
    for text in &texts {
        for piece in pieces(text) {
            let Piece::Use([name, value, kind, declared, _, fixed]) = piece else { continue };
            let uses = found.entry(name.to_owned()).or_insert_with(|| {
                order.push(name.to_owned());
                Uses { value: value.to_owned(), several: false, fixed: false, forms: Vec::new() }
            });
            uses.several |= uses.value != value;
            uses.fixed |= !fixed.is_empty();
            match uses.forms.iter_mut().find(|form| form.0 == kind) {
                Some(form) => form.2 += 1,
                None => uses.forms.push((kind.to_owned(), declared.to_owned(), 1)),
            }
        }
    }
    let mut chosen: HashMap<String, Declared> = HashMap::new();
    for (name, uses) in found {
        // The first of those that are used equally often.
        let most = uses.forms.iter().map(|form| form.2).max();
        let form = uses.forms.into_iter().find(|form| Some(form.2) == most);
        if let (Some((kind, value, _)), false) = (form, uses.several) {
            chosen.insert(name.clone(), Declared { name, kind, value, fixed: uses.fixed });
        }
    }
    for text in &mut texts {
        if !text.contains(BEGIN) {
            continue;
        }
        let settled: String = pieces(text)
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Use([name, _, kind, _, literal, _]) => match chosen.get(name) {
                    Some(declared) if declared.kind == kind => name,
                    _ => literal,
                },
            })
            .collect();
        **text = settled;
    }
    order.into_iter().filter_map(|name| chosen.remove(&name)).collect()
}

/// How a name is used.
struct Uses {
    value: String,
    /// It has other values as well.
    several: bool,
    /// It cannot be a parameter.
    fixed: bool,
    /// How it would be declared, with which value, and for how many uses.
    forms: Vec<(String, String, u32)>,
}

enum Piece<'t> {
    Text(&'t str),
    Use([&'t str; 6]),
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    text.split_inclusive([BEGIN, END]).map(|piece| match piece.strip_suffix(END) {
        Some(inside) => {
            let mut parts = inside.split(BETWEEN);
            Piece::Use(std::array::from_fn(|_| parts.next().unwrap_or_default()))
        }
        None => Piece::Text(piece.strip_suffix(BEGIN).unwrap_or(piece)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(name: &str, value: i32, width: u32) -> String {
        named(name, &value.into(), &format!("{width} "), &format!("{width}'{value}"), &format!("{value}"))
    }

    #[test]
    fn a_name_is_declared_in_its_most_frequent_form() {
        let mut texts = [
            format!("a {} {}", at("N", 3, 4), at("M", 1, 1)),
            format!("{} {} {}", at("N", 3, 2), at("N", 3, 4), at("M", 2, 1)),
        ];
        let declared = settle(&mut texts);
        assert_eq!(texts, ["a N 1", "3 N 2"]);
        assert_eq!(
            declared,
            [Declared { name: "N".into(), kind: "4 ".into(), value: "4'3".into(), fixed: false }]
        );
    }
}
