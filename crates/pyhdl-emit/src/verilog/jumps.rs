//! `break`, `continue` and early `return` as flags and branches.
//!
//! Verilog-2005 has only `disable` for them, which synthesis tools do not take and which some simulators optimise
//! wrongly. What follows a jump goes into the other branch where the branches are clear, and behind a flag where they
//! are not; a loop that was left runs through its remaining rounds without doing anything.

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::Span;
use pyhdl_ir::{
    Block, Design, Expr, ExprKind, Local, LocalId, LogicOp, Place, Stmt, StmtKind, StorageType, Target, Type,
    UnaryOp, for_each_stmt,
};

/// Rewrites every process and function. A `return` with a value stays, as the assignment of the result.
pub(super) fn remove(design: &mut Design) {
    for process in &mut design.processes {
        Remover { locals: &mut process.locals, loops: Vec::new(), returned: None }.body(&mut process.body);
    }
    for function in &mut design.functions {
        Remover { locals: &mut function.locals, loops: Vec::new(), returned: None }.body(&mut function.body);
    }
}

struct Remover<'a> {
    locals: &'a mut IndexVec<LocalId, Local>,
    /// For each loop around, the flags for `break` and `continue`.
    loops: Vec<(Option<LocalId>, Option<LocalId>)>,
    returned: Option<LocalId>,
}

/// What became of a list of statements.
struct Rewritten {
    block: Block,
    /// The flags that it may set.
    sets: Vec<LocalId>,
    /// It always ends in a jump.
    jumps: bool,
}

impl Remover<'_> {
    fn body(&mut self, body: &mut Block) {
        let mut jumps = false;
        for_each_stmt(body, &mut |s| {
            jumps |= matches!(s.kind, StmtKind::Break | StmtKind::Continue | StmtKind::Return(_));
        });
        if !jumps {
            return;
        }
        let (last, before) = match body.split_last() {
            Some((last, before)) if matches!(last.kind, StmtKind::Return(_)) => (Some(last.clone()), before),
            _ => (None, &body[..]),
        };
        let mut early = false;
        for_each_stmt(&before.to_vec(), &mut |s| early |= matches!(s.kind, StmtKind::Return(_)));
        let span = body[0].span;
        if early {
            self.returned = Some(self.flag("returned"));
        } else if let Some(last) = last {
            // A return at the end leaves nothing.
            body.pop();
            let mut rewritten = self.block(std::mem::take(body)).block;
            if matches!(last.kind, StmtKind::Return(Some(_))) {
                rewritten.push(last);
            }
            *body = rewritten;
            return;
        }
        let mut rewritten = self.block(std::mem::take(body)).block;
        if let Some(returned) = self.returned {
            if is_read(&rewritten, returned) {
                rewritten.insert(0, set(returned, false, span));
            } else {
                drop_assignments(&mut rewritten, returned);
            }
        }
        *body = rewritten;
    }

    fn flag(&mut self, name: &str) -> LocalId {
        self.locals.push(Local::new(name, StorageType::Bool))
    }

    fn block(&mut self, block: Block) -> Rewritten {
        let mut done = Rewritten { block: Vec::new(), sets: Vec::new(), jumps: false };
        let mut rest = block.into_iter();
        while let Some(stmt) = rest.next() {
            let span = stmt.span;
            match stmt.kind {
                StmtKind::Break | StmtKind::Continue => {
                    let flags = self.loops.last().copied().unwrap_or_default();
                    let flag = if matches!(stmt.kind, StmtKind::Break) { flags.0 } else { flags.1 };
                    self.jump(flag, span, &mut done);
                    return done;
                }
                StmtKind::Return(ref value) => {
                    if value.is_some() {
                        done.block.push(stmt);
                    }
                    self.jump(self.returned, span, &mut done);
                    return done;
                }
                _ => {}
            }
            let (stmt, sets, clear) = self.stmt(stmt);
            done.block.extend(stmt);
            if sets.is_empty() {
                continue;
            }
            let rest: Block = rest.collect();
            if !rest.is_empty() {
                let rest = self.block(rest);
                match done.block.last_mut() {
                    Some(Stmt { kind: StmtKind::If { otherwise, .. }, .. }) if clear => {
                        *otherwise = rest.block
                    }
                    _ => done.block.push(unless(&sets, rest.block, span)),
                }
                merge(&mut done.sets, &rest.sets);
            }
            merge(&mut done.sets, &sets);
            return done;
        }
        done
    }

    fn jump(&self, flag: Option<LocalId>, span: Span, done: &mut Rewritten) {
        done.jumps = true;
        if let Some(flag) = flag {
            done.block.push(set(flag, true, span));
            done.sets.push(flag);
        }
    }

    /// A statement that is no jump itself: what it becomes, the flags that it may set, and whether it is an `if` of
    /// which every branch jumps.
    fn stmt(&mut self, stmt: Stmt) -> (Block, Vec<LocalId>, bool) {
        let span = stmt.span;
        let one = |kind: StmtKind| vec![Stmt { kind, span }];
        match stmt.kind {
            StmtKind::If { arms, otherwise } => {
                let mut sets = Vec::new();
                let mut clear = otherwise.is_empty();
                let arms = arms
                    .into_iter()
                    .map(|(condition, body)| {
                        let body = self.block(body);
                        merge(&mut sets, &body.sets);
                        clear &= body.jumps;
                        (condition, body.block)
                    })
                    .collect();
                let otherwise = self.block(otherwise);
                merge(&mut sets, &otherwise.sets);
                (one(StmtKind::If { arms, otherwise: otherwise.block }), sets, clear)
            }
            StmtKind::Match { subject, mut arms, otherwise } => {
                let mut sets = Vec::new();
                for arm in &mut arms {
                    let body = self.block(std::mem::take(&mut arm.body));
                    merge(&mut sets, &body.sets);
                    arm.body = body.block;
                }
                let otherwise = self.block(otherwise);
                merge(&mut sets, &otherwise.sets);
                (one(StmtKind::Match { subject, arms, otherwise: otherwise.block }), sets, false)
            }
            StmtKind::For { var, start, stop, step, body } => {
                let (before, body, sets, _) = self.looped(body, span);
                let mut block = before;
                block.push(Stmt { kind: StmtKind::For { var, start, stop, step, body }, span });
                (block, sets, false)
            }
            StmtKind::While { condition, body } => {
                let (before, body, sets, leaving) = self.looped(body, span);
                let condition = leaving.iter().fold(condition, |condition, flag| Expr {
                    kind: ExprKind::Logic(LogicOp::And, Box::new(is_clear(*flag, span)), Box::new(condition)),
                    ty: Type::Bool,
                    span,
                });
                let mut block = before;
                block.push(Stmt { kind: StmtKind::While { condition, body }, span });
                (block, sets, false)
            }
            other => (one(other), Vec::new(), false),
        }
    }

    /// A loop's body: what comes before the loop, the body, the flags that it may set for those around, and the flags
    /// that end it.
    fn looped(&mut self, body: Block, span: Span) -> (Block, Block, Vec<LocalId>, Vec<LocalId>) {
        let (breaks, continues) = crate::plan::leaves(&body);
        // A `continue` in the end needs no flag; whether others do shows only afterwards.
        let broken = breaks.then(|| self.flag("broken"));
        let skipped = continues.then(|| self.flag("skipped"));
        self.loops.push((broken, skipped));
        let mut inside = self.block(body);
        self.loops.pop();
        let mut before = Vec::new();
        if let Some(skipped) = skipped {
            if is_read(&inside.block, skipped) {
                inside.block.insert(0, set(skipped, false, span));
            } else {
                drop_assignments(&mut inside.block, skipped);
            }
        }
        let mut leaving = Vec::new();
        if let Some(broken) = broken {
            before.push(set(broken, false, span));
            leaving.push(broken);
        }
        let outer: Vec<LocalId> =
            inside.sets.iter().copied().filter(|f| Some(*f) != broken && Some(*f) != skipped).collect();
        leaving.extend(&outer);
        let block =
            if leaving.is_empty() { inside.block } else { vec![unless(&leaving, inside.block, span)] };
        (before, block, outer, leaving)
    }
}

fn merge(into: &mut Vec<LocalId>, from: &[LocalId]) {
    for flag in from {
        if !into.contains(flag) {
            into.push(*flag);
        }
    }
}

fn set(flag: LocalId, value: bool, span: Span) -> Stmt {
    let target = Target { place: Place::Local(flag), part: None, span };
    let value = Expr { kind: ExprKind::Const(BigInt::from(u8::from(value))), ty: Type::Bool, span };
    Stmt { kind: StmtKind::Assign { target, value }, span }
}

fn is_clear(flag: LocalId, span: Span) -> Expr {
    let read = Expr { kind: ExprKind::Local(flag), ty: Type::Bool, span };
    Expr { kind: ExprKind::Unary(UnaryOp::Not, Box::new(read)), ty: Type::Bool, span }
}

/// The statements, unless one of the flags is set.
fn unless(flags: &[LocalId], body: Block, span: Span) -> Stmt {
    let condition = flags.iter().map(|f| is_clear(*f, span)).reduce(|a, b| Expr {
        kind: ExprKind::Logic(LogicOp::And, Box::new(a), Box::new(b)),
        ty: Type::Bool,
        span,
    });
    let arms = condition.map(|c| (c, body)).into_iter().collect();
    Stmt { kind: StmtKind::If { arms, otherwise: Vec::new() }, span }
}

fn is_read(block: &Block, flag: LocalId) -> bool {
    let mut found = false;
    for_each_stmt(block, &mut |stmt| {
        stmt.kind.for_each_expr(&mut |e| {
            pyhdl_ir::for_each_node(e, &mut |node| found |= node.kind == ExprKind::Local(flag));
        });
    });
    found
}

fn drop_assignments(block: &mut Block, flag: LocalId) {
    block.retain(|stmt| {
        !matches!(&stmt.kind, StmtKind::Assign { target, .. } if matches!(target.place, Place::Local(id) if id == flag))
    });
    for stmt in block {
        for inner in stmt.kind.blocks_mut() {
            drop_assignments(inner, flag);
        }
        crate::prepare::turn_round(&mut stmt.kind);
    }
}
