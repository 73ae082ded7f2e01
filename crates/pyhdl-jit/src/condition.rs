//! [`Condition`]: when a piece of a time step runs, as far as that is known while its code is made.

use cranelift_codegen::ir::{InstBuilder, Value};

use crate::body::Body;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Condition {
    Never,
    Always,
    /// One byte, 0 or 1.
    If(Value),
}

impl Body<'_, '_, '_> {
    pub fn either(&mut self, a: Condition, b: Condition) -> Condition {
        match (a, b) {
            (Condition::Never, other) | (other, Condition::Never) => other,
            (Condition::Always, _) | (_, Condition::Always) => Condition::Always,
            (Condition::If(a), Condition::If(b)) => Condition::If(self.b.ins().bor(a, b)),
        }
    }

    pub fn both(&mut self, a: Condition, b: Condition) -> Condition {
        match (a, b) {
            (Condition::Always, other) | (other, Condition::Always) => other,
            (Condition::Never, _) | (_, Condition::Never) => Condition::Never,
            (Condition::If(a), Condition::If(b)) => Condition::If(self.b.ins().band(a, b)),
        }
    }
}
