//! [`Header`]: what a waveform file declares before any value.

use crate::Timescale;

/// A signal in the file. The caller numbers them densely from 0; variables of the same number, in whatever scopes,
/// are the same signal and share its values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct WaveId(pub u32);

/// The declarations of a file.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Header {
    pub timescale: Timescale,
    /// A scope comes after its parent; siblings appear in this order. Not nested, so that a deep hierarchy costs no
    /// stack.
    pub scopes: Vec<Scope>,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub struct Scope {
    pub name: String,
    /// An index into [`Header::scopes`]; `None` for a top scope.
    pub parent: Option<usize>,
    pub vars: Vec<Var>,
}

/// A name of a signal in a scope.
#[derive(Clone, PartialEq, Debug)]
pub struct Var {
    /// Any text: what the file format does not allow is replaced.
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
    /// The literal's name, as text.
    Enum,
    /// A number without width, as a real number.
    Number,
    /// Any text.
    Text,
}
