//! [`Flattener`]: statements and expressions of one process or function into a [`Program`].

use std::collections::HashMap;

use num_bigint::BigInt;
use num_traits::One;
use pyhdl_diag::Span;
use pyhdl_ir::{
    Block, Expr, ExprKind, Local, LocalId, MatchArm, Part, Place, PrintPart, Stmt, StmtKind, StorageType,
    Target, Type,
};

use crate::Value;
use crate::flat::{bound, is_silent};
use crate::program::*;

/// Code of one frame under construction.
pub(crate) struct Flattener<'a> {
    pub program: &'a mut Program,
    pub slots: u32,
    /// Where jumps of `return` statements are collected; `None` where `return` leaves the frame.
    pub returns: Option<Vec<Position>>,
    /// `names[local]` and `locals[local]` of the program start here.
    names: u32,
    bounds: u32,
    /// Where the elements of lists are.
    lists: HashMap<LocalId, List>,
    loops: Vec<Loop>,
}

/// An enclosing loop.
struct Loop {
    head: Position,
    breaks: Vec<Position>,
    span: Span,
}

impl<'a> Flattener<'a> {
    pub(crate) fn new(program: &'a mut Program, locals: &[Local]) -> Self {
        let (names, bounds) = (program.names.len() as u32, program.locals.len() as u32);
        program.names.extend(locals.iter().map(|l| l.name.clone()));
        // A variable that holds a Python bool or int is just rebound: nothing is checked.
        program.locals.extend(locals.iter().map(|l| match l.ty {
            StorageType::Bool => Bound::Free,
            ref other => bound(other),
        }));
        let mut slots = locals.len() as u32;
        let mut lists = HashMap::new();
        for (i, local) in locals.iter().enumerate() {
            if let Some(length) = local.length {
                lists.insert(LocalId::from_usize(i), List { first: slots, length });
                slots += length;
            }
        }
        Flattener { program, slots, returns: None, names, bounds, lists, loops: Vec::new() }
    }

    pub(crate) fn op(&mut self, op: Op, span: Span) -> Position {
        self.program.ops.push(op);
        self.program.op_spans.push(span);
        self.program.ops.len() as Position - 1
    }

    pub(crate) fn node(&mut self, node: Node, span: Span) -> NodeId {
        let quick = self.program.quickness(&node);
        self.program.quick.push(quick);
        self.program.nodes.push(node);
        self.program.node_spans.push(span);
        self.program.nodes.len() as NodeId - 1
    }

    fn here(&self) -> Position {
        self.program.ops.len() as Position
    }

    /// Makes a jump lead to the next operation.
    pub(crate) fn patch(&mut self, jump: Position) {
        let here = self.here();
        match &mut self.program.ops[jump as usize] {
            Op::Jump(to) | Op::JumpIfFalse { to, .. } | Op::JumpIfOther { to, .. } => *to = here,
            Op::Next { exit, .. } => *exit = here,
            _ => {}
        }
    }

    fn hidden(&mut self) -> Slot {
        self.slots += 1;
        self.slots - 1
    }

    pub(crate) fn block(&mut self, block: &Block) {
        for stmt in block.iter().filter(|s| !is_silent(s)) {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Assign { target, value } => self.assign(target, value, span),
            StmtKind::If { arms, otherwise } => self.if_(arms, otherwise, span),
            StmtKind::Match { subject, arms, otherwise } => self.match_(subject, arms, otherwise, span),
            StmtKind::For { var, start, stop, step, body } => {
                let (start, stop) = (self.expr(start), self.expr(stop));
                let step = self.node(Node::Const(Value::from(step)), span);
                let (counter, bound) = (self.hidden(), self.hidden());
                self.op(Op::Save { slot: counter, value: start }, span);
                self.op(Op::Save { slot: bound, value: stop }, span);
                let var = var.index() as Slot;
                let head = self.op(Op::Next { counter, stop: bound, var, step, exit: 0 }, span);
                self.loop_body(head, body, span);
                self.patch_loop_exit(head);
            }
            StmtKind::While { condition, body } => {
                let head = self.here();
                let endless = matches!(&condition.kind, ExprKind::Const(n) if n.is_one());
                let exit = (!endless).then(|| {
                    let condition = self.expr(condition);
                    self.op(Op::JumpIfFalse { condition, to: 0 }, span)
                });
                self.loop_body(head, body, span);
                if let Some(exit) = exit {
                    self.patch(exit);
                }
                self.patch_breaks();
            }
            StmtKind::Break => {
                let jump = self.op(Op::Jump(0), span);
                if let Some(enclosing) = self.loops.last_mut() {
                    enclosing.breaks.push(jump);
                }
            }
            StmtKind::Continue => {
                if let Some((head, span)) = self.loops.last().map(|l| (l.head, l.span)) {
                    self.op(Op::Loop(head), span);
                }
            }
            StmtKind::Return(value) => {
                let value = value.as_ref().map(|v| self.expr(v));
                if self.returns.is_some() {
                    let jump = self.op(Op::Jump(0), span);
                    self.returns.get_or_insert_default().push(jump);
                } else {
                    self.op(Op::Return(value), span);
                }
            }
            StmtKind::Wait(triggers) => {
                let triggers = triggers.iter().map(|t| self.trigger(t)).collect();
                self.wait(triggers, span);
            }
            StmtKind::Assert { condition, message } => {
                let condition = self.expr(condition);
                let message = self.pieces(message);
                self.op(Op::Assert { condition, message }, span);
            }
            StmtKind::Print(parts) => {
                let print = self.pieces(parts);
                self.op(Op::Print(print), span);
            }
            StmtKind::Raise { exception, message } => {
                let message = self.pieces(message);
                self.op(Op::Raise { exception: exception.clone(), message }, span);
            }
            StmtKind::Call { function, args } => {
                let variables = args.iter().map(|arg| match arg.kind {
                    ExprKind::Local(id) => Some(id.index() as Slot),
                    _ => None,
                });
                let variables = variables.collect();
                let args = self.operands(args.iter());
                self.op(Op::Call { function: *function, args, variables }, span);
            }
            StmtKind::Draw { target, generator, numbers } => {
                let draw = self.program.draws.len() as u32;
                self.program.draws.push((*generator, numbers.clone()));
                self.op(Op::Draw { slot: target.index() as Slot, draw }, span);
            }
            StmtKind::Comment(_) => {}
        }
    }

    /// Where the next operation goes.
    pub fn position(&self) -> Position {
        self.program.ops.len() as Position
    }

    /// Assigns a local variable, or all elements of a list.
    pub fn set_local(&mut self, local: LocalId, value: NodeId, span: Span) {
        let own = local.index() as Slot;
        let slots = match self.lists.get(&local) {
            Some(list) => list.first..list.first + list.length,
            None => own..own + 1,
        };
        for slot in slots {
            self.op(Op::SetLocal { slot, bound: self.bounds + own, value }, span);
        }
    }

    /// The slots of what begins without a value.
    pub fn fresh_slots(&self, locals: &[Local]) -> Vec<std::ops::Range<Slot>> {
        let kept = locals.iter().take_while(|local| local.init.is_some()).count() as Slot;
        let all = kept..locals.len() as Slot;
        let mut ranges = Vec::from([all]);
        for (local, list) in &self.lists {
            if locals[local.index()].init.is_none() {
                ranges.push(list.first..list.first + list.length);
            }
        }
        // Loops keep their bounds behind all that.
        let named = self.lists.values().map(|list| list.first + list.length).max();
        ranges.push(named.unwrap_or(locals.len() as Slot)..Slot::MAX);
        ranges
    }

    fn loop_body(&mut self, head: Position, body: &Block, span: Span) {
        self.loops.push(Loop { head, breaks: Vec::new(), span });
        self.block(body);
        self.op(Op::Loop(head), span);
    }

    fn patch_loop_exit(&mut self, next: Position) {
        self.patch(next);
        self.patch_breaks();
    }

    fn patch_breaks(&mut self) {
        if let Some(finished) = self.loops.pop() {
            for jump in finished.breaks {
                self.patch(jump);
            }
        }
    }

    fn if_(&mut self, arms: &[(Expr, Block)], otherwise: &Block, span: Span) {
        let mut ends = Vec::new();
        for (condition, body) in arms {
            let condition = self.expr(condition);
            let next = self.op(Op::JumpIfFalse { condition, to: 0 }, span);
            self.block(body);
            ends.push(self.op(Op::Jump(0), span));
            self.patch(next);
        }
        self.block(otherwise);
        for end in ends {
            self.patch(end);
        }
    }

    fn match_(&mut self, subject: &Expr, arms: &[MatchArm], otherwise: &Block, span: Span) {
        let value = self.expr(subject);
        let slot = self.hidden();
        self.op(Op::Save { slot, value }, span);
        let mut ends = Vec::new();
        if arms.iter().all(|arm| arm.guard.is_none()) {
            let switch = self.program.switches.len() as u32;
            self.program.switches.push(Switch { arms: Vec::new(), otherwise: 0 });
            self.op(Op::Switch { slot, switch }, span);
            let mut table = Vec::new();
            for arm in arms {
                let here = self.here();
                table.extend(arm.patterns.iter().map(|p| (Value::from(p), here)));
                self.block(&arm.body);
                ends.push(self.op(Op::Jump(0), span));
            }
            // Of equal patterns the first one counts: the sort is stable.
            table.sort_by(|a, b| a.0.cmp(&b.0));
            table.dedup_by(|later, earlier| later.0 == earlier.0);
            let otherwise = self.here();
            self.program.switches[switch as usize] = Switch { arms: table, otherwise };
        } else {
            for arm in arms {
                self.program.cases.push(arm.patterns.iter().map(Value::from).collect());
                let case = self.program.cases.len() as u32 - 1;
                let mut nexts = vec![self.op(Op::JumpIfOther { slot, case, to: 0 }, span)];
                if let Some(guard) = &arm.guard {
                    let condition = self.expr(guard);
                    nexts.push(self.op(Op::JumpIfFalse { condition, to: 0 }, span));
                }
                self.block(&arm.body);
                ends.push(self.op(Op::Jump(0), span));
                for next in nexts {
                    self.patch(next);
                }
            }
        }
        self.block(otherwise);
        for end in ends {
            self.patch(end);
        }
    }

    fn assign(&mut self, target: &Target, value: &Expr, span: Span) {
        let value = self.expr(value);
        let Some(part) = &target.part else {
            let op = match &target.place {
                Place::Signal(signal) => Op::SetSignal { signal: *signal, value },
                Place::Memory { memory, index } => {
                    Op::SetMemory { memory: *memory, index: self.expr(index), value }
                }
                Place::Element { local, index } => {
                    let index = self.expr(index);
                    Op::SetElement {
                        list: self.lists[local],
                        bound: self.bounds + local.index() as Slot,
                        index,
                        value,
                    }
                }
                Place::Local(local) => {
                    let slot = local.index() as Slot;
                    Op::SetLocal { slot, bound: self.bounds + slot, value }
                }
            };
            self.op(op, span);
            return;
        };
        let place = match &target.place {
            Place::Signal(signal) => PartPlace::Signal(*signal),
            Place::Memory { memory, index } => PartPlace::Memory { memory: *memory, index: self.expr(index) },
            Place::Element { local, index } => PartPlace::Element {
                list: self.lists[local],
                bound: self.bounds + local.index() as Slot,
                name: self.names + local.index() as Slot,
                index: self.expr(index),
            },
            Place::Local(local) => {
                let slot = local.index() as Slot;
                PartPlace::Local { slot, bound: self.bounds + slot, name: self.names + slot }
            }
        };
        let bits = match part {
            Part::Bit(index) => PartBits::Bit(self.expr(index)),
            Part::Slice { low, width } => PartBits::Slice { low: self.expr(low), width: *width },
        };
        self.program.parts.push(PartTarget { place, bits, value });
        let part = self.program.parts.len() as u32 - 1;
        self.op(Op::SetPart(part), span);
    }

    fn pieces(&mut self, parts: &[PrintPart]) -> u32 {
        let pieces = parts.iter().map(|p| self.piece(p)).collect();
        self.program.prints.push(pieces);
        self.program.prints.len() as u32 - 1
    }

    fn piece(&mut self, part: &PrintPart) -> Piece {
        match part {
            PrintPart::Text(text) => Piece::Text(text.clone()),
            PrintPart::Value { value, format } => Piece::Value {
                value: self.expr(value),
                format: format.clone(),
                literals: match value.ty {
                    Type::Enum(id) => Some(id),
                    _ => None,
                },
            },
        }
    }

    fn operands<'e>(&mut self, exprs: impl Iterator<Item = &'e Expr>) -> std::ops::Range<u32> {
        let nodes: Vec<NodeId> = exprs.map(|e| self.expr(e)).collect();
        let start = self.program.operands.len() as u32;
        self.program.operands.extend(nodes);
        start..self.program.operands.len() as u32
    }

    pub(crate) fn expr(&mut self, expr: &Expr) -> NodeId {
        let node = match &expr.kind {
            ExprKind::Const(n) => Node::Const(constant(n, &expr.ty)),
            // Simulations keep such signals with their host; here it only stands for some value.
            ExprKind::HighImpedance => Node::Const(Value::Int(0)),
            ExprKind::Time => Node::Time,
            ExprKind::EnumLiteral(_, index) => Node::Const(Value::Int(i64::from(*index))),
            ExprKind::Signal(signal) => Node::Signal(*signal),
            ExprKind::Local(local) => {
                let slot = local.index() as Slot;
                Node::Local { slot, name: self.names + slot }
            }
            ExprKind::Element { local, index } => Node::Element {
                list: self.lists[local],
                name: self.names + local.index() as Slot,
                index: self.expr(index),
            },
            ExprKind::MemoryRead { memory, index } => {
                Node::MemoryRead { memory: *memory, index: self.expr(index) }
            }
            ExprKind::TableRead { table, index } => {
                Node::TableRead { table: *table, index: self.expr(index) }
            }
            ExprKind::Unary(op, a) => Node::Unary(*op, self.expr(a)),
            ExprKind::Binary(op, a, b) => Node::Binary(*op, self.expr(a), self.expr(b)),
            ExprKind::Compare(op, a, b) => Node::Compare(*op, self.expr(a), self.expr(b)),
            ExprKind::Logic(op, a, b) => Node::Logic(*op, self.expr(a), self.expr(b)),
            ExprKind::Select { condition, then, otherwise } => Node::Select {
                condition: self.expr(condition),
                then: self.expr(then),
                otherwise: self.expr(otherwise),
            },
            ExprKind::Bit { value, index } => Node::Bit { value: self.expr(value), index: self.expr(index) },
            ExprKind::Slice { value, low, width } => {
                Node::Slice { value: self.expr(value), low: self.expr(low), width: *width }
            }
            ExprKind::Concat(parts) => Node::Concat {
                operands: self.operands(parts.iter().map(|p| &p.value)),
                widths: parts.iter().map(|p| p.width).collect(),
            },
            ExprKind::Signed { value, width } => Node::Signed { value: self.expr(value), width: *width },
            ExprKind::Unsigned { value, width } => Node::Unsigned { value: self.expr(value), width: *width },
            ExprKind::Truth(value) => Node::Truth(self.expr(value)),
            ExprKind::Call { function, args } => {
                Node::Call { function: *function, args: self.operands(args.iter()) }
            }
        };
        let id = self.node(node, expr.span);
        // Numbers that are known to exceed a machine integer are not worth the attempt.
        if let Type::Int(range) = &expr.ty
            && [&range.lo, &range.hi].into_iter().flatten().any(|bound| i64::try_from(bound).is_err())
        {
            self.program.quick[id as usize].possible = false;
        }
        id
    }
}

fn constant(number: &BigInt, ty: &Type) -> Value {
    match ty {
        Type::Bool => Value::Bool(*number != BigInt::ZERO),
        _ => Value::from(number),
    }
}
