//! Evaluation in machine integers.
//!
//! Tried before [`Machine::eval`] where an expression calls no function and its ranges do not exceed 64 bits. It has
//! no effects and no errors: whatever is out of the ordinary (an overflow, an index out of range, a division by zero,
//! an unassigned variable) gives `None`, and the exact evaluation says what it means.

use num_integer::Integer;
use pyhdl_ir::{BinaryOp, CompareOp, LogicOp, UnaryOp};

use crate::interpreter::Machine;
use crate::program::{Node, NodeId, Program};

/// What is known of a node before anything runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Quick {
    /// Evaluation in machine integers may be tried.
    pub possible: bool,
    /// The result is an `int` and never a `bool`, so that nothing is lost.
    pub int: bool,
}

impl Program {
    /// What is known of a node whose operands are in the program already.
    pub fn quickness(&self, node: &Node) -> Quick {
        let ok = |id: &NodeId| self.quick[*id as usize].possible;
        let (possible, int) = match node {
            Node::Const(value) => (value.small().is_some(), !matches!(value, crate::Value::Bool(_))),
            Node::Signal(_) | Node::Local { .. } => (true, false),
            Node::MemoryRead { index, .. } | Node::TableRead { index, .. } => (ok(index), false),
            Node::Element { .. } | Node::Time => (false, false),
            Node::Unary(op, a) => (ok(a), *op != UnaryOp::Not),
            Node::Binary(op, a, b) => {
                let keeps_bool = matches!(
                    op,
                    BinaryOp::And | BinaryOp::Or | BinaryOp::Xor | BinaryOp::Min | BinaryOp::Max
                );
                (ok(a) && ok(b), !keeps_bool)
            }
            Node::Compare(_, a, b) | Node::Logic(_, a, b) => (ok(a) && ok(b), false),
            Node::Select { condition, then, otherwise } => {
                (ok(condition) && ok(then) && ok(otherwise), false)
            }
            Node::Bit { value, index } => (ok(value) && ok(index), false),
            Node::Slice { value, low, .. } => (ok(value) && ok(low), true),
            Node::Concat { operands, .. } => {
                let operands = &self.operands[operands.start as usize..operands.end as usize];
                (operands.iter().all(ok), true)
            }
            Node::Signed { value, .. } | Node::Unsigned { value, .. } => (ok(value), true),
            Node::Truth(value) => (ok(value), false),
            Node::Call { .. } => (false, false),
        };
        Quick { possible, int }
    }
}

impl Machine<'_> {
    /// The value, if all goes well in machine integers. Only for nodes where that is [`Quick::possible`].
    pub(crate) fn quick(&mut self, node: NodeId) -> Option<i64> {
        match &self.program.nodes[node as usize] {
            Node::Const(value) => value.small(),
            Node::Signal(signal) => self.state.current(*signal).small(),
            Node::Local { slot, .. } => self.slot(*slot)?.small(),
            Node::Binary(op, a, b) => quick_binary(*op, self.quick(*a)?, self.quick(*b)?),
            Node::Compare(op, a, b) => {
                let (a, b) = (self.quick(*a)?, self.quick(*b)?);
                Some(i64::from(match op {
                    CompareOp::Eq => a == b,
                    CompareOp::Ne => a != b,
                    CompareOp::Lt => a < b,
                    CompareOp::Le => a <= b,
                    CompareOp::Gt => a > b,
                    CompareOp::Ge => a >= b,
                }))
            }
            Node::Unary(op, a) => {
                let a = self.quick(*a)?;
                match op {
                    UnaryOp::Not => Some(i64::from(a == 0)),
                    UnaryOp::Invert => Some(!a),
                    UnaryOp::Negate => a.checked_neg(),
                    UnaryOp::Abs => a.checked_abs(),
                }
            }
            Node::Logic(op, a, b) => {
                let first = self.quick(*a)?;
                if (first != 0) == (*op == LogicOp::And) { self.quick(*b) } else { Some(first) }
            }
            Node::Select { condition, then, otherwise } => {
                let chosen = if self.quick(*condition)? != 0 { then } else { otherwise };
                self.quick(*chosen)
            }
            Node::Bit { value, index } => {
                let (value, index) = (self.quick(*value)?, self.quick(*index)?);
                (index >= 0).then(|| (value >> index.min(63)) & 1)
            }
            Node::Slice { value, low, width } => {
                let (value, low) = (self.quick(*value)?, self.quick(*low)?);
                (low >= 0 && *width < 63).then(|| (value >> low.min(63)) & mask(*width))
            }
            Node::Concat { operands, widths } => {
                let (mut joined, mut total) = (0, 0);
                let operands = &self.program.operands[operands.start as usize..operands.end as usize];
                for (operand, width) in operands.iter().zip(widths) {
                    total += width;
                    if total >= 63 {
                        return None;
                    }
                    joined = (joined << width) | (self.quick(*operand)? & mask(*width));
                }
                Some(joined)
            }
            Node::Signed { value, width } => {
                let value = self.quick(*value)?;
                (1..=64).contains(width).then(|| (value << (64 - width)) >> (64 - width))
            }
            Node::Unsigned { value, width } => {
                let value = self.quick(*value)?;
                (*width < 63).then(|| value & mask(*width))
            }
            Node::Truth(value) => Some(i64::from(self.quick(*value)? != 0)),
            Node::MemoryRead { memory, index } => {
                let index = usize::try_from(self.quick(*index)?).ok()?;
                self.state.current(*self.program.memories[*memory].get(index)?).small()
            }
            Node::TableRead { table, index } => {
                let index = usize::try_from(self.quick(*index)?).ok()?;
                self.program.tables[*table].get(index)?.small()
            }
            Node::Call { .. } | Node::Element { .. } | Node::Time => None,
        }
    }
}

/// The low `width` bits, for a width below 63.
fn mask(width: u32) -> i64 {
    (1 << width) - 1
}

fn quick_binary(op: BinaryOp, a: i64, b: i64) -> Option<i64> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::And => Some(a & b),
        BinaryOp::Or => Some(a | b),
        BinaryOp::Xor => Some(a ^ b),
        BinaryOp::Min => Some(a.min(b)),
        BinaryOp::Max => Some(a.max(b)),
        BinaryOp::ShiftRight => (b >= 0).then(|| a >> b.min(63)),
        BinaryOp::ShiftLeft => {
            let shifted = if (0..63).contains(&b) { a << b } else { return None };
            (shifted >> b == a).then_some(shifted)
        }
        // -1 is left out because the smallest number has no negative.
        BinaryOp::FloorDiv if b != 0 && b != -1 => Some(Integer::div_floor(&a, &b)),
        BinaryOp::Mod if b != 0 && b != -1 => Some(Integer::mod_floor(&a, &b)),
        BinaryOp::Pow => a.checked_pow(u32::try_from(b).ok()?),
        BinaryOp::FloorDiv | BinaryOp::Mod => None,
    }
}
