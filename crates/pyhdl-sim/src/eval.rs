//! Evaluation of expressions.

use pyhdl_diag::Diagnostic;
use pyhdl_ir::{BinaryOp, LogicOp, MemoryId, SignalId};

use crate::interpreter::{Fault, Machine};
use crate::program::*;
use crate::value::ArithmeticError;
use crate::{Value, codes, messages};

impl<'a> Machine<'a> {
    /// The value as a number, where it does not matter whether Python would see a `bool` or an `int`.
    #[inline]
    pub(crate) fn number(&mut self, node: NodeId) -> Result<Value, Fault> {
        match self.program.quick[node as usize].possible.then(|| self.quick(node)).flatten() {
            Some(n) => Ok(Value::Int(n)),
            None => Ok(self.eval(node)?.into_int()),
        }
    }

    /// The value as the object that Python would see.
    #[inline]
    pub(crate) fn object(&mut self, node: NodeId) -> Result<Value, Fault> {
        let quick = self.program.quick[node as usize];
        match (quick.possible && quick.int).then(|| self.quick(node)).flatten() {
            Some(n) => Ok(Value::Int(n)),
            None => self.eval(node),
        }
    }

    /// The truth of an expression.
    #[inline]
    pub(crate) fn truth(&mut self, node: NodeId) -> Result<bool, Fault> {
        match self.program.quick[node as usize].possible.then(|| self.quick(node)).flatten() {
            Some(n) => Ok(n != 0),
            None => self.test(node),
        }
    }

    /// The exact value of any expression.
    pub(crate) fn eval(&mut self, node: NodeId) -> Result<Value, Fault> {
        let program: &'a Program = self.program;
        Ok(match &program.nodes[node as usize] {
            Node::Const(value) => value.clone(),
            Node::Time => Value::from(i128::from(self.state.time)),
            Node::Signal(signal) => self.state.current(*signal).clone(),
            Node::Local { slot, name } => match self.slot(*slot) {
                Some(value) => value.clone(),
                None => return Err(self.unbound(*name, program.node_spans[node as usize])),
            },
            Node::Binary(op, a, b) => {
                let (a, b) = (self.eval(*a)?, self.eval(*b)?);
                a.binary(*op, b).map_err(|e| self.arithmetic(e, node))?
            }
            Node::Unary(op, a) => self.eval(*a)?.unary(*op),
            Node::Compare(..) | Node::Truth(_) | Node::Bit { .. } => Value::Bool(self.test(node)?),
            // Python gives the operand that decided, as it is.
            Node::Logic(op, a, b) => {
                let first = self.eval(*a)?;
                if first.is_true() == (*op == LogicOp::And) { self.eval(*b)? } else { first }
            }
            Node::Select { condition, then, otherwise } => {
                let arm = if self.test(*condition)? { *then } else { *otherwise };
                self.eval(arm)?
            }
            Node::Slice { value, low, width } => {
                let (value, low) = (self.eval(*value)?, self.eval(*low)?);
                if low.is_negative() {
                    let text = messages::negative_low(&low, false);
                    return Err(self.python("ValueError", text, program.node_spans[node as usize]));
                }
                let shifted = value.shift_right(&low).map_err(|e| self.arithmetic(e, node))?;
                shifted.unsigned(*width)
            }
            Node::Concat { operands, widths } => {
                let operands = &program.operands[operands.start as usize..operands.end as usize];
                let mut joined = Value::Int(0);
                for (operand, width) in operands.iter().zip(widths) {
                    let part = self.eval(*operand)?.unsigned(*width);
                    joined = joined
                        .binary(BinaryOp::ShiftLeft, Value::Int(i64::from(*width)))
                        .and_then(|high| high.binary(BinaryOp::Or, part))
                        .map_err(|e| self.arithmetic(e, node))?;
                }
                joined
            }
            Node::Signed { value, width } => self.eval(*value)?.signed(*width),
            Node::Unsigned { value, width } => self.eval(*value)?.unsigned(*width),
            Node::Element { list, name, index } => {
                let slot = self.list_slot(*list, *index)?;
                match self.slot(slot) {
                    Some(value) => value.clone(),
                    None => return Err(self.unbound(*name, program.node_spans[node as usize])),
                }
            }
            Node::MemoryRead { memory, index } => {
                let signal = self.element(*memory, *index)?;
                self.state.current(signal).clone()
            }
            Node::TableRead { table, index } => {
                let entries = &program.tables[*table];
                let at = self.eval(*index)?;
                match python_index(&at, entries.len()) {
                    Some(at) => entries[at].clone(),
                    None => return Err(self.index_error("tuple", *index)),
                }
            }
            Node::Call { function, args } => {
                let span = program.node_spans[node as usize];
                let args = &program.operands[args.start as usize..args.end as usize];
                match self.call(*function, args, span)? {
                    Some(value) => value,
                    None => {
                        let text = "unsupported operand type(s): 'NoneType'";
                        return Err(self.python("TypeError", text, span));
                    }
                }
            }
        })
    }

    /// The slot of an element of a list of variables.
    pub(crate) fn list_slot(&mut self, list: List, index: NodeId) -> Result<Slot, Fault> {
        let at = self.eval(index)?;
        match python_index(&at, list.length as usize) {
            Some(at) => Ok(list.first + at as Slot),
            None => Err(self.index_error("list", index)),
        }
    }

    /// The exact truth of any expression.
    pub(crate) fn test(&mut self, node: NodeId) -> Result<bool, Fault> {
        let program: &'a Program = self.program;
        Ok(match &program.nodes[node as usize] {
            Node::Signal(signal) => self.state.current(*signal).is_true(),
            Node::Truth(value) => self.test(*value)?,
            Node::Compare(op, a, b) => {
                let (a, b) = (self.eval(*a)?, self.eval(*b)?);
                a.compare(*op, &b)
            }
            Node::Logic(LogicOp::And, a, b) => self.test(*a)? && self.test(*b)?,
            Node::Logic(LogicOp::Or, a, b) => self.test(*a)? || self.test(*b)?,
            Node::Bit { value, index } => {
                let (value, index) = (self.eval(*value)?, self.eval(*index)?);
                if index.is_negative() {
                    let span = program.node_spans[node as usize];
                    return Err(self.python("ValueError", "negative shift count", span));
                }
                value.bit(index.small().unwrap_or(i64::MAX) as u64)
            }
            _ => self.eval(node)?.is_true(),
        })
    }

    /// The signal that an element of a memory is.
    pub(crate) fn element(&mut self, memory: MemoryId, index: NodeId) -> Result<SignalId, Fault> {
        let program: &'a Program = self.program;
        let elements = &program.memories[memory];
        let at = self.number(index)?;
        match python_index(&at, elements.len()) {
            Some(at) => Ok(elements[at]),
            None => Err(self.index_error("list", index)),
        }
    }

    fn index_error(&self, what: &str, index: NodeId) -> Fault {
        let span = self.program.node_spans[index as usize];
        self.python("IndexError", format!("{what} index out of range"), span)
    }

    pub(crate) fn unbound(&self, name: u32, span: pyhdl_diag::Span) -> Fault {
        let name = &self.program.names[name as usize];
        let text = format!("cannot access local variable '{name}' where it is not associated with a value");
        self.python("UnboundLocalError", text, span)
    }

    pub(crate) fn arithmetic(&self, error: ArithmeticError, node: NodeId) -> Fault {
        let span = self.program.node_spans[node as usize];
        match error {
            ArithmeticError::Python { exception, message } => self.python(exception, message, span),
            ArithmeticError::TooLarge { bits } => Diagnostic::error(
                codes::NUMBER_TOO_LARGE,
                format!("a number of about {bits} bits is too large (the limit is {})", crate::MAX_BITS),
            )
            .at(span, "computed here")
            .help("check the shift amount or the exponent")
            .into(),
            ArithmeticError::Fraction => {
                Diagnostic::error(codes::FRACTION, "a power with a negative exponent is not an integer")
                    .at(span, "the exponent is negative here")
                    .into()
            }
        }
    }
}

/// Python's indexing: from the end for negative numbers.
fn python_index(index: &Value, len: usize) -> Option<usize> {
    let index = index.small()?;
    let index = if index < 0 { index.checked_add(i64::try_from(len).ok()?)? } else { index };
    usize::try_from(index).ok().filter(|i| *i < len)
}
