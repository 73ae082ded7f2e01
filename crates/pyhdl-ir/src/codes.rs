//! The diagnostics of the design rules.

use pyhdl_diag::Code;

/// Two processes drive one signal.
pub const MULTIPLE_DRIVERS: Code = Code(401);
/// Combinational logic depends on its own output.
pub const COMBINATIONAL_LOOP: Code = Code(402);
/// A process drives a constant.
pub const CONSTANT_DRIVEN: Code = Code(403);
/// A process uses a signal without a width.
pub const UNSIZED: Code = Code(404);
/// A signal is read and never driven.
pub const UNDRIVEN: Code = Code(405);
/// A signal is driven and never read.
pub const UNREAD: Code = Code(406);
/// A port of the top, or a parameter of another block, is not used.
pub const UNUSED_PORT: Code = Code(407);
/// Every value that an assignment can have is out of its target's bounds.
pub const OUT_OF_BOUNDS: Code = Code(408);
/// A loop that nothing ends.
pub const ENDLESS_LOOP: Code = Code(409);
/// A clock that combinational logic makes races with what the original clock changes.
pub const DERIVED_CLOCK: Code = Code(410);
/// A large memory that cannot become block RAM.
pub const NOT_BLOCK_RAM: Code = Code(411);
