//! Waveform files. Knows names, kinds and values of variables; knows nothing of how they came to be.

mod error;
mod format;
mod header;
mod names;
mod timescale;
mod value;
mod vcd;
mod writer;

pub use error::WaveError;
pub use header::{Header, Kind, Scope, Var, WaveId};
pub use timescale::{ParseTimescaleError, Timescale};
pub use value::VarValue;
pub use writer::WaveWriter;
