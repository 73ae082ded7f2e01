//! The diagnostics of this crate.

use pyhdl_diag::Code;

/// A process that stays in Python.
pub const FOREIGN: Code = Code(501);
/// An `@instance` process that waits for time.
pub const THREAD: Code = Code(502);
/// A signal without a width.
pub const UNSIZED: Code = Code(503);
/// A value without bounds.
pub const UNBOUNDED: Code = Code(504);
/// A black box whose files cannot go with the design, or that has no form in the output language.
pub const BLACK_BOX: Code = Code(511);
/// A statement that has no form in the output language.
pub const STATEMENT: Code = Code(505);
