//! How a run ends: [`Outcome`], or [`SimError`].

use std::borrow::Cow;

use pyhdl_diag::{Diagnostic, Span};
use pyhdl_ir::ProcessId;

use crate::HostError;

/// A regular end of [`crate::Simulation::run`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The given duration is over and events remain; the next run goes on from here.
    Suspended,
    /// Nothing will ever happen again.
    NoMoreEvents,
    /// A process raised `StopSimulation`.
    Stopped,
}

/// A run that failed. If nothing else is said, the simulation cannot go on after it.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// What the host's own code raised.
    #[error(transparent)]
    Host(HostError),
    /// What a process of the host's yielded to be raised. The simulation can go on after it.
    #[error(transparent)]
    Deferred(HostError),
    /// A value outside the bounds of what it was assigned to, in MyHDL's words; a `ValueError` in Python.
    #[error("{message}")]
    OutOfBounds { message: String, span: Span, process: ProcessId },
    /// Another exception that Python would have raised at this place of a lowered process.
    #[error("{exception}: {message}")]
    Python { exception: Cow<'static, str>, message: String, span: Span, process: ProcessId },
    /// What Python has no exception for.
    #[error(transparent)]
    Diagnostic(Diagnostic),
}
