//! Range inference: runs a body on intervals instead of values, along its control flow, and leaves on every
//! expression the exact range that Python could compute there (the union over all visits).
//!
//! Loops with a known number of rounds are run round by round while a budget lasts; others to a fixed point, with
//! widening to what the body compares with, to zero and infinity, and one narrowing round. Comparisons narrow the locals and signals they compare.

use std::collections::{BTreeSet, HashMap};

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::Span;
use pyhdl_ir::*;

use crate::body::Role;
use crate::value::within_reason;

/// Statement visits spent on running loops round by round, for one body, and for each of its statements besides.
const BUDGET: u32 = 20_000;
const BUDGET_PER_STATEMENT: u32 = 16;
/// Rounds in which a value that shrinks has to decide the condition of its loop.
const SHRINKING_ROUNDS: u32 = 512;
/// Rounds of a loop before its growing bounds are widened once, and before they are widened in every round.
const ROUNDS_BEFORE_WIDENING: u32 = 6;
const ROUNDS_BEFORE_MORE: u32 = 10;
/// Rounds of a loop before its growing bounds are no longer widened to constants that its body compares with.
const ROUNDS_BEFORE_UNBOUNDED: u32 = 20;
/// One more for every such constant, up to this many.
const ROUNDS_FOR_LANDMARKS: u32 = 100;
/// Statement visits for one body after which loops are no longer iterated: what they assign is taken for unknown.
const MAX_VISITS: u32 = 400_000;

/// What inference found besides the ranges themselves.
pub(crate) struct Inferred {
    /// A local variable that may be read before it has a value.
    pub unassigned: Option<(String, Span)>,
    /// The type of what a function returns.
    pub returned: Option<Type>,
}

/// Infers the ranges of a body whose first `params` locals have values at the start. Sets the type of every
/// expression, and of every local that holds a Python int.
pub(crate) fn infer(
    design: &Design,
    locals: &mut IndexVec<LocalId, Local>,
    body: &mut Block,
    params: usize,
    role: Role,
) -> Inferred {
    let mut state = State { locals: vec![None; locals.len()], signals: HashMap::new() };
    for (id, local) in locals.iter_enumerated() {
        state.locals[id.index()] = match &local.init {
            _ if id.index() < params => Some(Known::of(&local.ty)),
            Some(init) => Some(match local.ty {
                StorageType::Int(_) => Known::Range(Range::exactly(init.clone())),
                _ => Known::of(&local.ty),
            }),
            None => None,
        };
    }
    let keeps = locals.iter().any(|local| local.init.is_some());
    let mut statements = 0u32;
    for_each_stmt(body, &mut |_| statements = statements.saturating_add(1));
    let more = statements.saturating_mul(BUDGET_PER_STATEMENT);
    let mut inference = Inference {
        design,
        landmarks: landmarks(body),
        seen: state.locals.clone(),
        context: locals.clone(),
        budget: BUDGET.saturating_add(more),
        visits: MAX_VISITS.saturating_add(more),
        unassigned: None,
        thread: role == Role::Thread,
        breaks: Vec::new(),
        continues: Vec::new(),
        recording: true,
        recorded: HashMap::new(),
        returned: None,
    };
    inference.assigned_landmarks(body);
    if keeps && role == Role::Process {
        inference.activations(body, state);
    } else {
        inference.block(body, Some(state));
    }
    let unassigned = inference.unassigned.take().map(|(id, span)| (locals[id].name.clone(), span));
    for (id, local) in locals.iter_mut_enumerated() {
        if let (StorageType::Int(range), Some(Known::Range(seen))) =
            (&mut local.ty, &inference.seen[id.index()])
        {
            *range = seen.clone();
        } else if let (StorageType::Int(range), None) = (&mut local.ty, &inference.seen[id.index()]) {
            *range = Range::exactly(0);
        }
    }
    let context = TypeContext { design, locals };
    for_each_stmt_mut(body, &mut |stmt| {
        stmt.kind.for_each_expr_mut(&mut |e| finish(e, &inference.recorded, &context));
    });
    // Also what no path returns has its place in the result's type: the statement is still there.
    let mut returned: Option<Type> = None;
    for_each_stmt(body, &mut |stmt| {
        if let StmtKind::Return(Some(value)) = &stmt.kind {
            returned = Some(returned.take().map_or_else(|| value.ty.clone(), |r| join_types(&r, &value.ty)));
        }
    });
    Inferred { unassigned, returned }
}

/// What is known of a local variable on a path.
#[derive(Clone, PartialEq, Debug)]
enum Known {
    Range(Range),
    /// A bool or an enumeration: its type says all.
    Typed,
}

impl Known {
    fn of(ty: &StorageType) -> Known {
        match ty {
            StorageType::Int(range) => Known::Range(range.clone()),
            StorageType::Bits(bits) => Known::Range(bits.range()),
            _ => Known::Typed,
        }
    }

    fn join(&self, other: &Known) -> Known {
        match (self, other) {
            (Known::Range(a), Known::Range(b)) => Known::Range(a.union(b)),
            _ => Known::Typed,
        }
    }
}

/// What is known at one point of one path.
#[derive(Clone, PartialEq, Debug)]
struct State {
    /// `None` for a local without a value.
    locals: Vec<Option<Known>>,
    /// Signals about which a condition said more than their type.
    signals: HashMap<SignalId, Range>,
}

impl State {
    fn join(a: Option<State>, b: Option<State>) -> Option<State> {
        let (a, b) = match (a, b) {
            (Some(a), Some(b)) => (a, b),
            (a, b) => return a.or(b),
        };
        let locals = a
            .locals
            .iter()
            .zip(&b.locals)
            .map(|(x, y)| x.as_ref().zip(y.as_ref()).map(|(x, y)| x.join(y)))
            .collect();
        let mut signals = a.signals;
        signals.retain(|id, range| match b.signals.get(id) {
            Some(other) => {
                *range = range.union(other);
                true
            }
            None => false,
        });
        Some(State { locals, signals })
    }

    /// Bounds that still grow from `before` to `self` go to the next of these numbers on their way, and to infinity
    /// after the last. The numbers are in ascending order.
    fn widen(&mut self, before: &State, landmarks: &[BigInt]) {
        for (now, old) in self.locals.iter_mut().zip(&before.locals) {
            if let (Some(Known::Range(now)), Some(Known::Range(old))) = (now, old) {
                if now.lo != old.lo {
                    now.lo = now.lo.take().and_then(|lo| {
                        let below = landmarks.partition_point(|mark| *mark <= lo);
                        below.checked_sub(1).map(|at| landmarks[at].clone())
                    });
                }
                if now.hi != old.hi {
                    now.hi = now.hi.take().and_then(|hi| {
                        let at = landmarks.partition_point(|mark| *mark < hi);
                        landmarks.get(at).cloned()
                    });
                }
            }
        }
    }
}

/// Where the bounds of a local are likely to end: at the constants that it is compared with, one before and one after
/// them, and at zero, since what is halved again and again does not become negative. The bounds that assigned values
/// have whatever the locals hold come besides. In ascending order.
fn landmarks(body: &Block) -> Vec<BigInt> {
    let mut found = BTreeSet::from([BigInt::ZERO]);
    for_each_stmt(body, &mut |stmt| {
        stmt.kind.for_each_expr(&mut |e| {
            for_each_node(e, &mut |node| {
                if let ExprKind::Compare(_, a, b) = &node.kind {
                    for operand in [a, b] {
                        if let ExprKind::Const(value) = &operand.kind {
                            found.extend([value - 1, value.clone(), value + 1]);
                        }
                    }
                }
            });
        });
    });
    found.into_iter().collect()
}

struct Inference<'d> {
    design: &'d Design,
    landmarks: Vec<BigInt>,
    /// Union of everything assigned to each local.
    seen: Vec<Option<Known>>,
    /// The locals with their types; an int's range is that of the current path.
    context: IndexVec<LocalId, Local>,
    budget: u32,
    visits: u32,
    unassigned: Option<(LocalId, Span)>,
    thread: bool,
    /// For each enclosing loop, the states in which it is left by `break`, or goes on by `continue`.
    breaks: Vec<Option<State>>,
    continues: Vec<Option<State>>,
    /// Off while a loop looks for its fixed point: what is seen then may be wider than what can happen.
    recording: bool,
    /// The union of the types that each expression had, by its address, which no visit changes.
    recorded: HashMap<usize, Type>,
    /// The state in which activations end by `return`.
    returned: Option<State>,
}

impl Inference<'_> {
    /// Adds the bounds that assigned values have even where nothing is known of any local: those of `% 256`, of
    /// masks and of signals. A local that grows from round to round in a loop often ends at such a bound.
    fn assigned_landmarks(&mut self, body: &Block) {
        let anything = |local: &Local| match &local.ty {
            StorageType::Int(_) => Known::Range(Range::all()),
            other => Known::of(other),
        };
        let locals = self.context.iter().map(|local| Some(anything(local))).collect();
        let state = State { locals, signals: HashMap::new() };
        self.recording = false;
        let mut bounds = BTreeSet::new();
        for_each_stmt(body, &mut |stmt| {
            if let StmtKind::Assign {
                target: Target { place: Place::Local(_) | Place::Element { .. }, .. },
                value,
            } = &stmt.kind
                && let Some(range) = self.expr(&mut value.clone(), &state).range()
            {
                bounds.extend(range.lo);
                bounds.extend(range.hi);
            }
        });
        self.recording = true;
        bounds.extend(std::mem::take(&mut self.landmarks));
        self.landmarks = bounds.into_iter().collect();
    }

    /// All activations of a process whose variables keep their values: as a loop around its body.
    fn activations(&mut self, body: &mut Block, entry: State) {
        let changed = assigned(self.design, body);
        let start = entry.clone();
        self.fixed_point(entry, &changed, |this, state| {
            this.returned = None;
            // What is known about signals, and what other variables hold, ends with an activation.
            let end = this.block(body, Some(state));
            let mut end = State::join(end, this.returned.take());
            if let Some(end) = &mut end {
                end.signals.clear();
                for (now, before) in end.locals.iter_mut().zip(&start.locals) {
                    if before.is_none() {
                        *now = None;
                    }
                }
            }
            (end, None)
        });
    }

    /// The state after a block; `None` where its end is not reached.
    fn block(&mut self, block: &mut Block, mut state: Option<State>) -> Option<State> {
        for stmt in block {
            let now = state.take()?;
            self.budget = self.budget.saturating_sub(1);
            self.visits = self.visits.saturating_sub(1);
            state = self.stmt(stmt, now);
        }
        state
    }

    fn stmt(&mut self, stmt: &mut Stmt, mut state: State) -> Option<State> {
        match &mut stmt.kind {
            StmtKind::Assign { target, value } => {
                let ty = self.expr(value, &state);
                self.assign(target, &ty, &mut state);
                Some(state)
            }
            StmtKind::If { arms, otherwise } => {
                let mut after = None;
                let mut rest = Some(state);
                for (condition, body) in arms {
                    let Some(now) = rest.take() else { break };
                    self.expr(condition, &now);
                    let taken = assume(condition, true, now.clone());
                    rest = assume(condition, false, now);
                    let end = self.block(body, taken);
                    after = State::join(after, end);
                }
                let end = self.block(otherwise, rest);
                State::join(after, end)
            }
            StmtKind::Match { subject, arms, otherwise } => {
                self.expr(subject, &state);
                let mut after = None;
                for arm in arms.iter_mut() {
                    if let Some(guard) = &mut arm.guard {
                        self.expr(guard, &state);
                    }
                    let values = arm.patterns.iter().cloned().map(Range::exactly);
                    let range = values.reduce(|a, b| a.union(&b));
                    let mut inside = Some(state.clone());
                    if let Some(range) = range {
                        inside = narrow(subject, &range, state.clone());
                    }
                    let end = self.block(&mut arm.body, inside);
                    after = State::join(after, end);
                }
                let rest = (!covers(self.design, subject, arms)).then_some(state);
                let end = self.block(otherwise, rest);
                State::join(after, end)
            }
            StmtKind::For { var, start, stop, step, body } => {
                let first = self.expr(start, &state).range().unwrap_or_else(Range::all);
                let last = self.expr(stop, &state).range().unwrap_or_else(Range::all);
                self.for_loop(*var, &first, &last, step, body, state)
            }
            StmtKind::While { condition, body } => self.while_loop(condition, body, state),
            StmtKind::Break => {
                if let Some(slot) = self.breaks.last_mut() {
                    *slot = State::join(slot.take(), Some(state));
                }
                None
            }
            StmtKind::Continue => {
                if let Some(slot) = self.continues.last_mut() {
                    *slot = State::join(slot.take(), Some(state));
                }
                None
            }
            StmtKind::Return(value) => {
                if let Some(value) = value {
                    self.expr(value, &state);
                }
                self.returned = State::join(self.returned.take(), Some(state));
                None
            }
            StmtKind::Wait(triggers) => {
                for trigger in triggers {
                    if let Trigger::Delay(amount) = trigger {
                        self.expr(amount, &state);
                    }
                }
                state.signals.clear();
                Some(state)
            }
            StmtKind::Assert { condition, message } => {
                self.expr(condition, &state);
                self.printed(message, &state);
                assume(condition, true, state)
            }
            StmtKind::Print(parts) => {
                self.printed(parts, &state);
                Some(state)
            }
            StmtKind::Call { function, args } => {
                for arg in args.iter_mut() {
                    self.expr(arg, &state);
                }
                for id in by_reference(self.design, *function, args) {
                    let known = Known::of(&self.context[id].ty);
                    self.set(id, known, &mut state);
                }
                Some(state)
            }
            StmtKind::Raise { message, .. } => {
                self.printed(message, &state);
                None
            }
            StmtKind::Draw { target, numbers, .. } => {
                self.set(*target, Known::Range(numbers.range()), &mut state);
                Some(state)
            }
            StmtKind::Comment(_) => Some(state),
        }
    }

    fn assign(&mut self, target: &mut Target, value: &Type, state: &mut State) {
        match &mut target.part {
            Some(Part::Bit(index)) => {
                self.expr(index, state);
            }
            Some(Part::Slice { low, .. }) => {
                self.expr(low, state);
            }
            None => {}
        }
        match &mut target.place {
            Place::Signal(_) => {}
            Place::Memory { index, .. } => {
                self.expr(index, state);
            }
            Place::Element { local, index } => {
                let local = *local;
                self.expr(index, state);
                // One element changes: what is known is known of all of them.
                if let StorageType::Int(_) = self.context[local].ty {
                    let range = match &target.part {
                        None => value.range().unwrap_or_else(Range::all),
                        Some(_) => Range::all(),
                    };
                    let known = match &state.locals[local.index()] {
                        Some(before) => before.join(&Known::Range(range)),
                        None => Known::Range(range),
                    };
                    self.set(local, known, state);
                }
            }
            Place::Local(id) => {
                let id = *id;
                let known = match &self.context[id].ty {
                    StorageType::Int(_) if target.part.is_none() => {
                        Known::Range(value.range().unwrap_or_else(Range::all))
                    }
                    StorageType::Int(_) => Known::Range(Range::all()),
                    StorageType::Bits(bits) if target.part.is_none() && !bits.wraps => {
                        let range = value.range().unwrap_or_else(Range::all);
                        // A value outside the bounds would have stopped the simulation.
                        Known::Range(range.intersect(&bits.range()).unwrap_or_else(|| bits.range()))
                    }
                    StorageType::Bits(bits) => match value.range() {
                        Some(r) if target.part.is_none() && bits.range().contains_range(&r) => {
                            Known::Range(r)
                        }
                        _ => Known::Range(bits.range()),
                    },
                    _ => Known::Typed,
                };
                self.set(id, known, state);
            }
        }
    }

    fn set(&mut self, id: LocalId, known: Known, state: &mut State) {
        // A value that grows from round to round must not outgrow the memory.
        let known = match known {
            Known::Range(range) => Known::Range(within_reason(range)),
            typed => typed,
        };
        let seen = &mut self.seen[id.index()];
        if self.recording {
            *seen = Some(match seen.take() {
                None => known.clone(),
                Some(before) => before.join(&known),
            });
        }
        state.locals[id.index()] = Some(known);
    }

    fn for_loop(
        &mut self,
        var: LocalId,
        first: &Range,
        last: &Range,
        step: &BigInt,
        body: &mut Block,
        state: State,
    ) -> Option<State> {
        if let (Some(start), Some(stop)) = (first.single(), last.single()) {
            let up = *step > BigInt::ZERO;
            let more = |i: &BigInt| if up { i < stop } else { i > stop };
            let mut at = start.clone();
            let mut now = Some(state.clone());
            let mut left = None;
            while more(&at) {
                let Some(mut state) = now.take() else { break };
                if self.budget == 0 {
                    now = Some(state);
                    break;
                }
                // A round costs something even if the body is empty.
                self.budget -= 1;
                self.set(var, Known::Range(Range::exactly(at.clone())), &mut state);
                let (end, broken) = self.round(body, state);
                left = State::join(left, broken);
                now = end;
                at += step;
            }
            if !more(&at) || now.is_none() {
                return State::join(now, left);
            }
        }
        // The values the variable takes: between the first and the last before the stop.
        let one = BigInt::from(1);
        let inside = if *step > BigInt::ZERO {
            let hi = last.hi.as_ref().map(|h| h - &one);
            Range { lo: first.lo.clone(), hi }
        } else {
            let lo = last.lo.as_ref().map(|l| l + &one);
            Range { lo, hi: first.hi.clone() }
        };
        if matches!((&inside.lo, &inside.hi), (Some(l), Some(h)) if l > h) {
            return Some(state);
        }
        let mut changed = assigned(self.design, body);
        changed.insert(var);
        self.fixed_point(state, &changed, |this, mut state| {
            this.set(var, Known::Range(inside.clone()), &mut state);
            let (end, broken) = this.round(body, state);
            (end, broken)
        })
    }

    fn while_loop(&mut self, condition: &mut Expr, body: &mut Block, state: State) -> Option<State> {
        if let Some(rounds) = self.count_rounds(condition, body, &state) {
            return self.run_rounds(condition, body, state, rounds).1;
        }
        let mut left = None;
        let changed = assigned(self.design, body);
        let head = self.fixed_point(state, &changed, |this, state| {
            this.expr(condition, &state);
            match assume(condition, true, state) {
                Some(inside) => {
                    let (end, broken) = this.round(body, inside);
                    if this.recording {
                        left = broken;
                    }
                    (end, None)
                }
                None => (None, None),
            }
        });
        // The condition has the types of the recorded round here.
        let end = head.and_then(|state| {
            self.expr(condition, &state);
            assume(condition, false, state)
        });
        State::join(end, left)
    }

    /// How many rounds a loop has at most whose condition is decided before each, as that of a counter is, or at last,
    /// as that of a value which shrinks from round to round.
    fn count_rounds(&mut self, condition: &mut Expr, body: &mut Block, state: &State) -> Option<u32> {
        let (mut counts, mut bounded) = (false, false);
        for_each_node(condition, &mut |node| {
            if let ExprKind::Local(id) = &node.kind
                && let Some(Known::Range(range)) = &state.locals[id.index()]
            {
                counts |= range.single().is_some();
                bounded |= range.lo.is_some() && range.hi.is_some();
            }
        });
        if !counts && !bounded {
            return None;
        }
        let most = if counts { u32::MAX } else { SHRINKING_ROUNDS };
        let recording = std::mem::replace(&mut self.recording, false);
        let budget = self.budget;
        let (rounds, _) = self.run_rounds(condition, body, state.clone(), most);
        let enough = self.budget > 0 && budget - self.budget <= budget / 2;
        self.recording = recording;
        rounds.filter(|_| enough)
    }

    /// Runs a loop round by round, `most` rounds at most. Returns the number of rounds, if the loop has ended, and
    /// the state after it.
    fn run_rounds(
        &mut self,
        condition: &mut Expr,
        body: &mut Block,
        state: State,
        most: u32,
    ) -> (Option<u32>, Option<State>) {
        let mut now = Some(state);
        let mut left = None;
        for round in 0u32.. {
            let Some(state) = now.take() else { return (Some(round), left) };
            self.expr(condition, &state);
            let ends = assume(condition, false, state.clone());
            let inside = assume(condition, true, state);
            left = State::join(left, ends);
            let Some(inside) = inside else { return (Some(round), left) };
            if self.budget == 0 || round == most {
                return (None, left);
            }
            self.budget -= 1;
            let (end, broken) = self.round(body, inside);
            left = State::join(left, broken);
            now = end;
        }
        (None, left)
    }

    /// One round of a loop body: the state in which the next round begins, and the one after a `break`.
    fn round(&mut self, body: &mut Block, state: State) -> (Option<State>, Option<State>) {
        self.breaks.push(None);
        self.continues.push(None);
        let end = self.block(body, Some(state));
        let broken = self.breaks.pop().flatten();
        let continued = self.continues.pop().flatten();
        (State::join(end, continued), broken)
    }

    /// The state at the head of a loop that holds before every round, joined with the states of its breaks.
    fn fixed_point(
        &mut self,
        entry: State,
        assigned: &BTreeSet<LocalId>,
        mut round: impl FnMut(&mut Self, State) -> (Option<State>, Option<State>),
    ) -> Option<State> {
        let mut head = entry.clone();
        let recording = std::mem::replace(&mut self.recording, false);
        let landmarks = u32::try_from(self.landmarks.len()).unwrap_or(u32::MAX).min(ROUNDS_FOR_LANDMARKS);
        let unbounded = ROUNDS_BEFORE_UNBOUNDED + landmarks;
        // Infinite bounds cannot grow, so after the widening rounds the loop ends within a few rounds more.
        for rounds in 0..unbounded + 4 + 4 * head.locals.len() as u32 {
            if self.visits == 0 {
                break;
            }
            let (end, _) = round(self, head.clone());
            let Some(mut next) = State::join(Some(head.clone()), end) else { break };
            if next == head {
                break;
            }
            if rounds == ROUNDS_BEFORE_WIDENING || rounds >= ROUNDS_BEFORE_MORE {
                let zero = [BigInt::ZERO];
                let some = rounds < unbounded;
                next.widen(&head, if some { &self.landmarks } else { &zero });
            }
            head = next;
        }
        if self.visits == 0 {
            // Too many nested loops to iterate each: a head that holds whatever the body does.
            let mut head = entry;
            head.signals.clear();
            for id in assigned {
                if let Some(known) = &mut head.locals[id.index()] {
                    *known = match &self.context[*id].ty {
                        StorageType::Int(_) => Known::Range(Range::all()),
                        other => Known::of(other),
                    };
                }
            }
            self.recording = recording;
            let (_, left) = round(self, head.clone());
            return State::join(Some(head), left);
        }
        // Narrowing: one more round from a head that holds gives a head that holds as well, and is tighter.
        let (end, _) = round(self, head);
        let head = State::join(Some(entry), end)?;
        self.recording = recording;
        let (_, left) = round(self, head.clone());
        State::join(Some(head), left)
    }

    fn printed(&mut self, parts: &mut [PrintPart], state: &State) {
        for part in parts {
            if let PrintPart::Value { value, .. } = part {
                self.expr(value, state);
            }
        }
    }

    /// Visits an expression: its nodes get the types that they have in this state.
    fn expr(&mut self, e: &mut Expr, state: &State) -> Type {
        let only = self.children(e, state);
        let ty = match &e.kind {
            ExprKind::Select { then, otherwise, .. } => match only {
                Some(true) => then.ty.clone(),
                Some(false) => otherwise.ty.clone(),
                None => self.typed(e),
            },
            ExprKind::Local(id) => match &state.locals[id.index()] {
                Some(Known::Range(range)) => Type::Int(range.clone()),
                Some(Known::Typed) => self.context[*id].ty.value_type(),
                None => {
                    if self.unassigned.is_none() {
                        self.unassigned = Some((*id, e.span));
                    }
                    self.context[*id].ty.value_type()
                }
            },
            ExprKind::Element { local, .. } => match &state.locals[local.index()] {
                Some(Known::Range(range)) => Type::Int(range.clone()),
                _ => self.context[*local].ty.value_type(),
            },
            ExprKind::Signal(id) => match state.signals.get(id) {
                Some(range) if !self.thread => Type::Int(range.clone()),
                _ => self.design.signals[*id].ty.value_type(),
            },
            // A constant bool stays one.
            ExprKind::Const(_) => e.ty.clone(),
            _ => self.typed(e),
        };
        if self.recording {
            let key = std::ptr::from_ref(e).addr();
            match self.recorded.get_mut(&key) {
                Some(before) => *before = join_types(before, &ty),
                None => {
                    self.recorded.insert(key, ty.clone());
                }
            }
        }
        e.ty = ty.clone();
        ty
    }

    /// The type of a node from those that its operands have in this visit.
    fn typed(&self, e: &Expr) -> Type {
        expr_type(&e.kind, &TypeContext { design: self.design, locals: &self.context })
    }

    /// Visits the operands. Returns the value of a choice's condition if it can have only one.
    fn children(&mut self, e: &mut Expr, state: &State) -> Option<bool> {
        let mut only = None;
        match &mut e.kind {
            ExprKind::Logic(op, a, b) => {
                self.expr(a, state);
                let holds = *op == LogicOp::And;
                let narrowed = assume(a, holds, state.clone());
                self.arm(b, narrowed.as_ref(), state);
            }
            ExprKind::Select { condition, then, otherwise } => {
                self.expr(condition, state);
                let yes = assume(condition, true, state.clone());
                let no = assume(condition, false, state.clone());
                self.arm(then, yes.as_ref(), state);
                self.arm(otherwise, no.as_ref(), state);
                if yes.is_none() != no.is_none() {
                    only = Some(yes.is_some());
                }
            }
            kind => {
                kind.for_each_operand_mut(&mut |child| {
                    self.expr(child, state);
                });
            }
        }
        only
    }

    /// An operand that is evaluated only where a condition holds. In a state in which it cannot
    /// hold the operand says nothing of the values that are ever there.
    fn arm(&mut self, e: &mut Expr, reached: Option<&State>, state: &State) {
        let recording = self.recording;
        self.recording &= reached.is_some();
        self.expr(e, reached.unwrap_or(state));
        self.recording = recording;
    }
}

/// Whether the arms of a `match` leave no value of the subject out.
pub(crate) fn covers(design: &Design, subject: &Expr, arms: &[MatchArm]) -> bool {
    let (low, high) = match &subject.ty {
        Type::Bool => (BigInt::ZERO, BigInt::from(1)),
        Type::Enum(id) => (BigInt::ZERO, BigInt::from(design.enums[*id].literals.len()) - 1),
        Type::Int(Range { lo: Some(lo), hi: Some(hi) }) => (lo.clone(), hi.clone()),
        Type::Int(_) => return false,
    };
    let patterns = arms.iter().filter(|a| a.guard.is_none()).flat_map(|a| &a.patterns);
    let values: BTreeSet<&BigInt> = patterns.filter(|p| low <= **p && **p <= high).collect();
    BigInt::from(values.len()) == high - low + 1
}

/// The caller's variables that a call passes by reference.
fn by_reference(design: &Design, function: FunctionId, args: &[Expr]) -> Vec<LocalId> {
    let Some(function) = design.functions.get(function) else { return Vec::new() };
    let passed = function.locals.iter().zip(args).filter(|(local, _)| local.inout);
    passed.filter_map(|(_, arg)| if let ExprKind::Local(id) = arg.kind { Some(id) } else { None }).collect()
}

/// The locals that a loop's body assigns.
fn assigned(design: &Design, body: &Block) -> BTreeSet<LocalId> {
    let mut found = BTreeSet::new();
    for_each_stmt(body, &mut |stmt| match &stmt.kind {
        StmtKind::Call { function, args } => found.extend(by_reference(design, *function, args)),
        StmtKind::Assign {
            target: Target { place: Place::Local(id) | Place::Element { local: id, .. }, .. },
            ..
        }
        | StmtKind::For { var: id, .. }
        | StmtKind::Draw { target: id, .. } => {
            found.insert(*id);
        }
        _ => {}
    });
    found
}

fn join_types(a: &Type, b: &Type) -> Type {
    match (a, b) {
        (Type::Enum(_), _) | (Type::Bool, Type::Bool) => a.clone(),
        _ => match (a.range(), b.range()) {
            (Some(x), Some(y)) => Type::Int(x.union(&y)),
            _ => a.clone(),
        },
    }
}

/// The state in which a condition is known to hold, or not to; `None` where that is impossible.
fn assume(condition: &Expr, holds: bool, state: State) -> Option<State> {
    match &condition.kind {
        ExprKind::Const(value) => ((*value != BigInt::ZERO) == holds).then_some(state),
        ExprKind::Unary(UnaryOp::Not, inner) => assume(inner, !holds, state),
        ExprKind::Logic(op, a, b) if (*op == LogicOp::And) == holds => {
            assume(a, holds, state).and_then(|state| assume(b, holds, state))
        }
        ExprKind::Truth(value) if !holds => narrow(value, &Range::exactly(0), state),
        ExprKind::Truth(value) => {
            let kind = ExprKind::Const(BigInt::ZERO);
            let zero = Expr { kind, ty: Type::Int(Range::exactly(0)), span: value.span };
            bound(value, CompareOp::Ne, &zero, state)
        }
        ExprKind::Compare(op, a, b) => {
            use CompareOp::{Eq, Ge, Gt, Le, Lt, Ne};
            let op = if holds {
                *op
            } else {
                match op {
                    Eq => Ne,
                    Ne => Eq,
                    Lt => Ge,
                    Le => Gt,
                    Gt => Le,
                    Ge => Lt,
                }
            };
            let mirrored = match op {
                Lt => Gt,
                Le => Ge,
                Gt => Lt,
                Ge => Le,
                same => same,
            };
            let state = bound(a, op, b, state)?;
            bound(b, mirrored, a, state)
        }
        _ => Some(state),
    }
}

/// Narrows `a` by `a op b`.
fn bound(a: &Expr, op: CompareOp, b: &Expr, state: State) -> Option<State> {
    if !matches!(a.kind, ExprKind::Local(_) | ExprKind::Signal(_)) {
        return Some(state);
    }
    let Some(other) = b.ty.range() else { return Some(state) };
    let limit = match op {
        CompareOp::Eq => other,
        CompareOp::Lt => Range { lo: None, hi: other.hi.map(|h| h - 1) },
        CompareOp::Le => Range { lo: None, hi: other.hi },
        CompareOp::Gt => Range { lo: other.lo.map(|l| l + 1), hi: None },
        CompareOp::Ge => Range { lo: other.lo, hi: None },
        CompareOp::Ne => {
            // Only a value at the edge of the range can be cut off.
            let (Some(value), Some(current)) = (other.single().cloned(), current(a, &state)) else {
                return Some(state);
            };
            let mut cut = current.clone();
            if cut.lo.as_ref() == Some(&value) {
                cut.lo = cut.lo.map(|l| l + 1);
            } else if cut.hi.as_ref() == Some(&value) {
                cut.hi = cut.hi.map(|h| h - 1);
            }
            if matches!((&cut.lo, &cut.hi), (Some(l), Some(h)) if l > h) {
                return None;
            }
            cut
        }
    };
    narrow(a, &limit, state)
}

fn current(e: &Expr, state: &State) -> Option<Range> {
    match &e.kind {
        ExprKind::Local(id) => match &state.locals[id.index()] {
            Some(Known::Range(range)) => Some(range.clone()),
            _ => None,
        },
        ExprKind::Signal(id) => state.signals.get(id).cloned().or_else(|| match &e.ty {
            Type::Int(range) => Some(range.clone()),
            _ => None,
        }),
        _ => None,
    }
}

/// The state in which a local or a signal is within `range` as well.
fn narrow(e: &Expr, range: &Range, mut state: State) -> Option<State> {
    let Some(now) = current(e, &state) else { return Some(state) };
    let narrowed = now.intersect(range)?;
    match &e.kind {
        ExprKind::Local(id) => state.locals[id.index()] = Some(Known::Range(narrowed)),
        ExprKind::Signal(id) => {
            state.signals.insert(*id, narrowed);
        }
        _ => {}
    }
    Some(state)
}

/// Gives every expression the union of the types it had; what no path reaches gets the type of its storage.
fn finish(e: &mut Expr, recorded: &HashMap<usize, Type>, context: &TypeContext) {
    let key = std::ptr::from_ref(e).addr();
    e.kind.for_each_operand_mut(&mut |child| finish(child, recorded, context));
    if matches!(e.kind, ExprKind::Const(_)) {
        return;
    }
    // What a path knew may be less than what all that is assigned says.
    let implied = expr_type(&e.kind, context);
    e.ty = match (recorded.get(&key), implied) {
        (Some(Type::Int(seen)), Type::Int(implied)) => Type::Int(seen.intersect(&implied).unwrap_or(implied)),
        (Some(ty), _) => ty.clone(),
        (None, implied) => implied,
    };
}
