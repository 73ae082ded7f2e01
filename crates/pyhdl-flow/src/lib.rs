//! Running other people's HDL tools (Verilator, GHDL, Icarus Verilog, Yosys) on HDL files: [`replay()`] applies recorded
//! inputs to a design and says what its outputs become, [`lint()`] says what the tool thinks of the files, [`prove`]
//! whether a design is the same in both languages. [`recorded_bench`] makes of recorded inputs and outputs a test bench
//! that needs none of this.
//!
//! This crate knows tools, harnesses and what tools print. It does not know how HDL text is made.

pub mod codes;

mod bench;
mod error;
mod harness;
mod lint;
mod process;
mod proof;
mod replay;
mod tool;

pub use bench::{Bench, LAST_TIME, recorded_bench};
pub use error::FlowError;
pub use lint::{MessageSeverity, ToolMessage, VhdlStandard, lint, lint_within, messages};
pub use process::{DEFAULT_TIMEOUT, Limits};
pub use proof::{PortValues, Proof, ProofPort, Proved, Side, Verdict, prove};
pub use replay::{PortSpec, Replay, Sample, Step, VhdlPort, replay, replay_within};
pub use tool::{Language, Tool, UnknownTool};
