//! [`Kept`]: what function 0 has in registers from one time step to the next.
//! All of it is in memory, too, where others find it, and is written to both places.

use std::collections::HashMap;

use cranelift_codegen::ir::Value;
use cranelift_frontend::Variable;
use pyhdl_ir::{ProcessId, SignalId};

use crate::body::Held;

#[derive(Debug, Default)]
pub struct Kept {
    /// The time of this step.
    pub now: Option<Value>,
    /// When processes wake.
    pub wakes: HashMap<ProcessId, Variable>,
    /// Bits that processes wait for.
    pub signals: HashMap<SignalId, KeptSignal>,
}

#[derive(Clone, Debug)]
pub struct KeptSignal {
    pub current: Held,
    pub next: Held,
}
