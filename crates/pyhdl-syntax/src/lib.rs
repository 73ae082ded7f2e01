//! Python source to located syntax trees: finds the function that an elaborated process came from, and parses it
//! with rustpython-parser. A file is read and parsed once. Finds the comments of a file, and what they are about.
//! Knows neither signals nor types.

mod codes;
mod comments;
mod functions;

pub use comments::{About, Comment, Comments, Place};
pub use functions::{Sources, decode};
pub use rustpython_parser::ast;

use pyhdl_diag::{FileId, Span};

/// The span of a syntax node of `file`.
pub fn span(file: FileId, node: &impl ast::Ranged) -> Span {
    let range = node.range();
    Span::new(file, range.start().to_u32(), range.end().to_u32())
}
