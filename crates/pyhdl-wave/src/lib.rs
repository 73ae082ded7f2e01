//! Waveform files. Knows names, kinds and values of variables; knows nothing of how they came to be.

mod batch;
mod columns;
mod error;
mod excerpt;
mod format;
mod fst;
mod header;
mod names;
mod pattern;
mod replay;
mod sampling;
mod timescale;
mod value;
mod vcd;
mod writer;

pub use columns::Spot;
pub use error::WaveError;
pub use excerpt::Excerpt;
pub use header::{Header, Kind, Scope, Var, WaveId};
pub use sampling::Sampling;
pub use timescale::{ParseTimescaleError, Timescale};
pub use value::VarValue;
pub use writer::WaveWriter;

/// What the tests read files with.
#[cfg(test)]
#[path = "../tests/reader/mod.rs"]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod reader;
