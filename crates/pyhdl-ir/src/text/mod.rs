//! The textual form of a [`Design`]: [`Design::to_text`] prints it, [`parse`] reads it back, and
//! `parse(&design.to_text())` is the same design.
//!
//! ```text
//! design 1
//!
//! scope i0 "top" block "counter" params 2 at 0:4..17 {
//!   name "clk" s0.clk
//!   name "q" s1.q
//!   port in "clk" s0.clk
//!   port out "q" s1.q
//!   item p0.count
//! }
//! signal s0.clk "clk" home i0.top: bool = 0 at 4..17
//! signal s1.q "q" home i0.top: unsigned 8 wraps = 0 at 4..17
//! process p0.count "count" in i0.top sequential(posedge s0.clk) at 30..80 {
//!   s1.q@60..61 = (s1.q@71..72 + 1@75..76)@71..76 at 60..76
//! }
//! ```
//!
//! - A reference is a letter, a number and the name: `i` scope (instance), `s` signal, `m` memory, `t` table,
//!   `e` enumeration, `p` process, `f` function, `l` local. The number counts; the name is there for the reader.
//! - A span is `file:start..end`, in bytes; without `file:` it is in the file that was named last. Items and
//!   statements have theirs after `at`; an expression without `@span` has that of the expression or statement around it,
//!   and an arm of a `match` without `at` that of the `match`.
//! - An expression has `:type` where the type is not the one that its operands give.
//! - `group "bus" object "Stream" { "data" s3.data }` is an object of a class, `group "taps" list 2 { "0" s4, "1" s5 }`
//!   a list, of which each dimension has a length.
//! - Binary operators stand in parentheses, so the text has no precedence.
//! - `#` starts a comment; line breaks and indentation are for the reader.

mod cursor;
mod implied;
mod parse;
mod parse_expr;
mod parse_stmt;
mod print;
mod print_expr;
mod print_stmt;
mod words;

pub(crate) use implied::implied_type;

use crate::Design;

/// Expressions may be nested this deep in a text; statements a fifth of it.
const MAX_NESTING: u32 = 500;

/// The text's first line says which version of the form it has.
const VERSION: &str = "1";

/// Why a text is not a design.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct ParseError {
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
    pub message: String,
}

/// Reads a design. The text's form is checked here, not what it says: see [`Design::validate`] for that.
pub fn parse(text: &str) -> Result<Design, ParseError> {
    parse::Parser::new(text)?.design()
}

impl Design {
    /// The design as text: readable, and [`parse`] gives the same design back.
    ///
    /// Ids may be out of range: the text is for looking at broken designs as well.
    pub fn to_text(&self) -> String {
        print::Printer::new(self).design()
    }
}
