//! [`Header`]: what a waveform file declares before any value.

use std::collections::HashMap;
use std::mem;

use crate::Timescale;

/// A signal in the file. The caller numbers them densely from 0; variables of the same number, in whatever scopes,
/// are the same signal and share its values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct WaveId(pub u32);

/// The declarations of a file.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Header {
    pub timescale: Timescale,
    /// For each enumeration that [`Kind::Enum`] names: its literals.
    pub enums: Vec<Vec<String>>,
    /// A scope comes after its parent; siblings appear in this order. Not nested, so that a deep hierarchy costs no
    /// stack.
    pub scopes: Vec<Scope>,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scope {
    pub name: String,
    /// What it is an instance of: another name to choose it by.
    pub of: Option<String>,
    /// It only holds the elements of a list of the scope around it: it is no level of its own.
    pub list: bool,
    /// An index into [`Header::scopes`]; `None` for a top scope.
    pub parent: Option<usize>,
    pub vars: Vec<Var>,
}

/// A name of a signal in a scope.
#[derive(Clone, PartialEq, Debug)]
pub struct Var {
    /// Any text: what the file formats do not allow is replaced.
    pub name: String,
    pub kind: Kind,
    pub signal: WaveId,
}

/// How a variable's values look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `0` or `1`.
    Bool,
    /// Two's complement of this many bits.
    Vector { width: u32 },
    /// The literal's name, as text; an index into [`Header::enums`].
    Enum(u32),
    /// A number without width, as a real number.
    Number,
    /// Any text.
    Text,
}

/// A step of a walk through the declarations.
pub(crate) enum Declaration<'a> {
    Open(&'a Scope),
    /// With the number of its signal in the file: they count from 0 in the order in which they first appear.
    Var(&'a Var, u32),
    Close,
}

impl Header {
    /// Goes through scopes and variables in the order of the file.
    pub(crate) fn walk<E>(&self, mut visit: impl FnMut(Declaration<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut children = vec![Vec::new(); self.scopes.len()];
        let mut tops = Vec::new();
        for (index, scope) in self.scopes.iter().enumerate() {
            match scope.parent {
                Some(parent) if parent < index => children[parent].push(index),
                _ => tops.push(index),
            }
        }
        let mut numbers = HashMap::new();
        let mut open = vec![tops.into_iter()];
        while let Some(scopes) = open.last_mut() {
            let Some(index) = scopes.next() else {
                open.pop();
                if !open.is_empty() {
                    visit(Declaration::Close)?;
                }
                continue;
            };
            let scope = &self.scopes[index];
            visit(Declaration::Open(scope))?;
            for var in &scope.vars {
                let next = numbers.len() as u32;
                visit(Declaration::Var(var, *numbers.entry(var.signal).or_insert(next)))?;
            }
            open.push(mem::take(&mut children[index]).into_iter());
        }
        Ok(())
    }
}
