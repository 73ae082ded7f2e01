//! The diagnostics of simulation: 600 to 605.

use pyhdl_diag::Code;

/// Signals keep changing although time stands still.
pub const DELTA_LIMIT: Code = Code(600);
/// A process loops without ever waiting.
pub const NEVER_YIELDS: Code = Code(601);
/// A number became larger than any hardware.
pub const NUMBER_TOO_LARGE: Code = Code(602);
/// A power with a negative exponent is a fraction.
pub const FRACTION: Code = Code(603);
/// Simulation time exceeds 64 bits.
pub const TIME_OVERFLOW: Code = Code(604);
/// A function waits; the frontend lowers no such function.
pub const WAIT_IN_FUNCTION: Code = Code(605);
/// A number without bounds does not fit in compiled code.
pub const COMPILED_NUMBER: Code = Code(606);
/// Validation found a difference between compiled code and event mode.
pub const ENGINES_DIFFER: Code = Code(607);
