//! The diagnostics of this crate.

use pyhdl_diag::Code;

/// The source file of a process cannot be read.
pub const SOURCE_MISSING: Code = Code(310);
/// The source is not Python that this program can read.
pub const SOURCE_SYNTAX: Code = Code(311);
/// The source file does not have the function where Python says it is.
pub const SOURCE_CHANGED: Code = Code(312);
