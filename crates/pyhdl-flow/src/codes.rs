//! The diagnostics of other tools.

use pyhdl_diag::Code;

/// A tool is not installed.
pub const NOT_INSTALLED: Code = Code(701);
/// A tool refused its input or stopped with an error.
pub const TOOL_FAILED: Code = Code(702);
/// A tool did not end in time and was stopped.
pub const TOOL_TIMEOUT: Code = Code(703);
/// A file for a tool, or from it, cannot be written or read.
pub const TOOL_FILES: Code = Code(704);
/// The recorded inputs do not fit the ports.
pub const BAD_REPLAY: Code = Code(705);
/// A tool ended well but its results are not what the harness writes.
pub const BAD_RESULTS: Code = Code(706);
/// An assertion of the design failed.
pub const ASSERTED: Code = Code(707);
