//! The diagnostics of the command line.

use pyhdl_diag::Code;

/// A fault of this program.
pub const INTERNAL: Code = Code(1);
/// The design file cannot be read.
pub const FILE_MISSING: Code = Code(101);
/// An output file cannot be written.
pub const OUTPUT: Code = Code(102);
/// The file has no block that could be the top.
pub const NO_TOP: Code = Code(103);
/// Several blocks could be the top.
pub const MANY_TOPS: Code = Code(104);
/// The emitted HDL behaves differently from the Python.
pub const DIFFERENCE: Code = Code(750);
/// A tool that this program does not know.
pub const UNKNOWN_TOOL: Code = Code(105);
/// A test bench without any activity, or a design without outputs.
pub const NOTHING_RECORDED: Code = Code(106);
/// An option names a top, but the file runs its own simulation.
pub const TOP_UNUSED: Code = Code(107);
/// A port that is driven from both sides.
pub const TRISTATE_PORT: Code = Code(109);
/// A test bench that has no meaning in HDL.
pub const INCONVERTIBLE_BENCH: Code = Code(120);
/// A test bench runs longer than HDL simulators can count.
pub const LATE: Code = Code(121);
/// Two files for the output have the same name.
pub const SAME_FILE: Code = Code(122);
/// A black box of which there is no source.
pub const NO_SOURCE: Code = Code(123);
/// The design depends on the simulation time.
pub const TIME_DEPENDENT: Code = Code(114);
/// A name that cannot be a module's in the output language.
pub const BAD_NAME: Code = Code(108);
/// `--seeds` names no seeds, or too many.
pub const SEEDS: Code = Code(116);
/// Nothing is simulated, under whatever seed.
pub const NOTHING_SIMULATED: Code = Code(117);
/// A process for a seed cannot be started.
pub const WORKER: Code = Code(118);
/// A seed does something else when it is run again.
pub const NOT_THE_SAME: Code = Code(119);
/// What another tool says of emitted HDL.
pub const SAID: Code = Code(751);
/// What `pyhdl where` is asked for is no place.
pub const NO_PLACE: Code = Code(124);
/// There is no source map, or it cannot be read.
pub const NO_MAP: Code = Code(125);
/// A source map has nothing for a place.
pub const NOT_MAPPED: Code = Code(126);
/// A file has changed after its source map was made.
pub const STALE_MAP: Code = Code(127);
