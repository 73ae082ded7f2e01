//! The diagnostics of this crate.

use pyhdl_diag::Code;

/// A construct of Python's that has no hardware meaning.
pub const UNSUPPORTED: Code = Code(301);
/// A name that is bound to nothing the process can use.
pub const UNKNOWN_NAME: Code = Code(302);
/// A value of the wrong type for where it is used.
pub const TYPE_MISMATCH: Code = Code(303);
/// A width that has to be known while the design is elaborated, and is not.
pub const WIDTH_UNKNOWN: Code = Code(304);
/// A local variable that may be read before it has a value.
pub const UNASSIGNED: Code = Code(305);
/// An assignment to something that is not a signal or a local variable.
pub const BAD_TARGET: Code = Code(306);
/// A function that calls itself.
pub const RECURSION: Code = Code(307);
/// Nesting beyond what any design needs.
pub const TOO_DEEP: Code = Code(308);
/// A generator that never yields.
pub const NEVER_YIELDS: Code = Code(309);
/// A process whose source is not in a file.
pub const NO_SOURCE: Code = Code(313);
/// `@always_comb` that reads no signal.
pub const NO_SENSITIVITY: Code = Code(314);
/// A width, shift or constant beyond what any design needs.
pub const TOO_LARGE: Code = Code(315);
/// A port is annotated as an input and driven, or as an output and not driven.
pub const DIRECTION: Code = Code(316);
/// A process reads what a signal will be next.
pub const NEXT_READ: Code = Code(318);
/// `x[i].next` of a signal that is no list.
pub const BIT_NEXT: Code = Code(319);
/// What MyHDL does not convert, in portable mode.
pub const NOT_PORTABLE: Code = Code(320);
/// A signal gives the width of a slice.
pub const SIGNAL_WIDTH: Code = Code(322);
/// A black box whose ports the design cannot connect.
pub const BLACK_BOX: Code = Code(323);
/// A local variable has the name of a signal.
pub const LOCAL_NAMED_AS_SIGNAL: Code = Code(317);
