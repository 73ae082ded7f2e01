//! Waveform files. Knows names, kinds and values of variables; knows nothing of how they came to be.

mod header;
mod names;
mod timescale;
mod vcd_writer;

pub use header::{Header, Kind, Scope, Var, WaveId};
pub use timescale::{ParseTimescaleError, Timescale};
pub use vcd_writer::{VarValue, VcdWriter};
