//! The diagnostics of this crate.

use pyhdl_diag::Code;

/// CPython cannot be started.
pub const INTERPRETER: Code = Code(110);
/// The activated environment belongs to another version of Python.
pub const ENVIRONMENT: Code = Code(111);
/// Waves cannot be written.
pub const WAVES: Code = Code(112);
/// Waves of something that there is not.
pub const EXCERPT: Code = Code(115);
/// Standard output cannot be written.
pub const OUTPUT: Code = Code(113);
/// The user's Python raised an exception.
pub const PYTHON_RAISED: Code = Code(201);
/// The file is not Python that the interpreter can read.
pub const NOT_PYTHON: Code = Code(202);
/// The user's Python ended the program before its design was complete.
pub const ENDED_EARLY: Code = Code(203);
/// The block gives the name of a port to another signal; raised in `_conversion.py`.
pub const LOST_PORT: Code = Code(321);
/// A lowered process did what Python refuses: a value out of bounds, an index out of range.
pub const PROCESS_RAISED: Code = Code(610);
