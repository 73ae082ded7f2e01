//! The part of validation that looks into bodies: statements and expressions.

use std::collections::HashSet;

use oxc_index::IndexVec;

use crate::text::implied_type;
use crate::validate::Validator;
use crate::{
    Block, CompareOp, Expr, ExprKind, FunctionId, Local, LocalId, MemoryId, Part, Place, PrintPart,
    RandomNumbers, Stmt, StmtKind, StorageType, Target, Trigger, Type, UnaryOp,
};

/// What a body belongs to.
#[derive(Clone, Copy)]
pub(crate) enum Owner<'a> {
    Process {
        /// May wait.
        thread: bool,
    },
    /// A function with what it returns.
    Function(Option<&'a Type>),
}

pub(crate) struct Body<'v, 'a> {
    validator: &'v mut Validator<'a>,
    locals: &'v IndexVec<LocalId, Local>,
    owner: Owner<'v>,
    /// How many loops are open.
    loops: u32,
    calls: Vec<FunctionId>,
}

impl<'v, 'a> Body<'v, 'a> {
    /// Checks a body and returns which functions it calls.
    pub fn check(
        validator: &'v mut Validator<'a>,
        locals: &'v IndexVec<LocalId, Local>,
        owner: Owner<'v>,
        block: &Block,
    ) -> Vec<FunctionId> {
        let mut body = Body { validator, locals, owner, loops: 0, calls: Vec::new() };
        body.block(block);
        body.calls
    }

    /// Checks the triggers of a process.
    pub fn check_triggers(
        validator: &'v mut Validator<'a>,
        locals: &'v IndexVec<LocalId, Local>,
        triggers: &[Trigger],
    ) {
        let owner = Owner::Process { thread: false };
        Body { validator, locals, owner, loops: 0, calls: Vec::new() }.triggers(triggers);
    }

    fn fault(&mut self, message: impl Into<String>) {
        self.validator.fault(message);
    }

    fn block(&mut self, block: &Block) {
        for stmt in block {
            self.stmt(stmt);
        }
    }

    fn looped(&mut self, block: &Block) {
        self.loops += 1;
        self.block(block);
        self.loops -= 1;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign { target, value } => self.assign(target, value),
            StmtKind::If { arms, otherwise } => {
                if arms.is_empty() {
                    self.fault("an `if` without a condition");
                }
                for (condition, body) in arms {
                    self.condition(condition, "an `if`");
                    self.block(body);
                }
                self.block(otherwise);
            }
            StmtKind::Match { .. } => self.match_stmt(&stmt.kind),
            StmtKind::For { var, start, stop, step, body } => {
                if *step == 0.into() {
                    self.fault("a `for` with step 0");
                }
                self.local(*var);
                if self.locals.get(*var).is_some_and(|l| matches!(l.ty, StorageType::Enum(_))) {
                    self.fault("a `for` over an enumeration");
                }
                self.number(start);
                self.number(stop);
                self.looped(body);
            }
            StmtKind::While { condition, body } => {
                self.condition(condition, "a `while`");
                self.looped(body);
            }
            StmtKind::Break | StmtKind::Continue => {
                if self.loops == 0 {
                    self.fault("a `break` or `continue` outside a loop");
                }
            }
            StmtKind::Return(value) => self.return_stmt(value.as_ref()),
            StmtKind::Wait(triggers) => {
                if !matches!(self.owner, Owner::Process { thread: true }) {
                    self.fault("only an instance process waits");
                }
                if triggers.is_empty() {
                    self.fault("a wait for nothing");
                }
                self.triggers(triggers);
            }
            StmtKind::Assert { condition, message } => {
                self.condition(condition, "an assertion");
                self.printed(message);
            }
            StmtKind::Print(parts) => self.printed(parts),
            StmtKind::Call { function, args } => {
                self.call(*function, args);
                if self.validator.design.functions.get(*function).is_some_and(|f| f.returns.is_some()) {
                    self.fault("the value of a call is dropped");
                }
            }
            StmtKind::Raise { message, .. } => self.printed(message),
            StmtKind::Draw { target, numbers, .. } => self.draw(*target, numbers),
            StmtKind::Comment(_) => {}
        }
    }

    fn draw(&mut self, target: LocalId, numbers: &RandomNumbers) {
        self.local(target);
        if let Owner::Function(Some(_)) = self.owner {
            self.fault("a number is drawn in a function that returns a value");
        }
        match numbers {
            RandomNumbers::Below(bound) if *bound < 1.into() => self.fault("a number is drawn from none"),
            RandomNumbers::Bits(0) => self.fault("a number of no bits is drawn"),
            _ => {}
        }
        let number =
            self.locals.get(target).is_none_or(|l| matches!(l.ty, StorageType::Int(_)) && l.length.is_none());
        if !number {
            self.fault("a number is drawn for a variable that is none");
        }
    }

    fn match_stmt(&mut self, kind: &StmtKind) {
        let StmtKind::Match { subject, arms, otherwise } = kind else { return };
        self.expr(subject);
        let literals = match &subject.ty {
            Type::Enum(id) => self.validator.design.enums.get(*id).map(|e| e.literals.len()),
            _ => None,
        };
        let mut seen = HashSet::new();
        for arm in arms {
            if arm.patterns.is_empty() {
                self.fault("a `match` arm without a pattern");
            }
            for pattern in &arm.patterns {
                if literals.is_some_and(|n| !usize::try_from(pattern).is_ok_and(|p| p < n)) {
                    self.fault(format!("the pattern {pattern} is no literal of the subject's type"));
                }
                if arm.guard.is_none() && !seen.insert(pattern) {
                    self.fault(format!("two arms have the pattern {pattern}"));
                }
            }
            if let Some(guard) = &arm.guard {
                self.condition(guard, "a guard");
            }
            self.block(&arm.body);
        }
        self.block(otherwise);
    }

    fn return_stmt(&mut self, value: Option<&Expr>) {
        if let Some(value) = value {
            self.expr(value);
        }
        match (self.owner, value) {
            (Owner::Process { .. } | Owner::Function(None), Some(_)) => {
                self.fault("a value is returned where none is wanted");
            }
            (Owner::Function(Some(_)), None) => self.fault("a `return` without a value"),
            (Owner::Function(Some(ty)), Some(value)) if !accepts(ty, &value.ty) => {
                self.fault(format!("{} is returned as {}", shown(&value.ty), shown(ty)));
            }
            _ => {}
        }
    }

    fn assign(&mut self, target: &Target, value: &Expr) {
        self.expr(value);
        let design = self.validator.design;
        let ty = match &target.place {
            Place::Signal(id) => {
                self.validator.signal(*id);
                design.signals.get(*id).map(|s| &s.ty)
            }
            Place::Memory { memory, index } => {
                self.memory(*memory);
                self.number(index);
                let first = design.memories.get(*memory).and_then(|m| m.elements.first());
                first.and_then(|s| design.signals.get(*s)).map(|s| &s.ty)
            }
            Place::Local(id) => {
                self.local(*id);
                self.locals.get(*id).map(|l| &l.ty)
            }
            Place::Element { local, index } => {
                self.local(*local);
                self.number(index);
                self.locals.get(*local).map(|l| &l.ty)
            }
        };
        match &target.part {
            None => {
                if let Some(ty) = ty
                    && !same_kind(&ty.value_type(), &value.ty)
                {
                    self.fault(format!("{} is assigned to {}", shown(&value.ty), shown(&ty.value_type())));
                }
            }
            Some(part) => {
                if matches!(ty, Some(StorageType::Enum(_))) || matches!(value.ty, Type::Enum(_)) {
                    self.fault("bits of an enumeration are assigned");
                }
                match part {
                    Part::Bit(index) => self.number(index),
                    Part::Slice { low, width } => {
                        self.number(low);
                        self.width(*width);
                    }
                }
            }
        }
        if ty == Some(&StorageType::Opaque) {
            self.fault("a Python object is assigned to");
        }
    }

    fn triggers(&mut self, triggers: &[Trigger]) {
        for trigger in triggers {
            match trigger {
                Trigger::Change(s) | Trigger::Rising(s) | Trigger::Falling(s) => self.validator.signal(*s),
                Trigger::Delay(amount) => self.number(amount),
            }
        }
    }

    fn local(&mut self, id: LocalId) {
        if id.index() >= self.locals.len() {
            self.fault(format!("there is no local {}", id.index()));
        }
    }

    fn memory(&mut self, id: MemoryId) {
        if id.index() >= self.validator.design.memories.len() {
            self.fault(format!("there is no memory {}", id.index()));
        }
    }

    fn width(&mut self, width: u32) {
        if width == 0 {
            self.fault("a part of no bits");
        }
    }

    fn printed(&mut self, parts: &[PrintPart]) {
        for part in parts {
            if let PrintPart::Value { value, .. } = part {
                self.expr(value);
            }
        }
    }

    fn call(&mut self, id: FunctionId, args: &[Expr]) {
        args.iter().for_each(|arg| self.expr(arg));
        let Some(function) = self.validator.design.functions.get(id) else {
            return self.fault(format!("there is no function {}", id.index()));
        };
        self.calls.push(id);
        if function.params as usize != args.len() {
            self.fault(format!(
                "`{}` has {} parameters and is called with {}",
                function.name,
                function.params,
                args.len()
            ));
        }
        for (param, arg) in function.locals.iter().zip(args) {
            let ty = param.ty.value_type();
            if !accepts(&ty, &arg.ty) {
                self.fault(format!(
                    "{} is passed to `{}` for its parameter `{}`: {}",
                    shown(&arg.ty),
                    function.name,
                    param.name,
                    shown(&ty)
                ));
            }
        }
    }

    fn condition(&mut self, e: &Expr, of: &str) {
        self.expr(e);
        if e.ty != Type::Bool {
            self.fault(format!("the condition of {of} is {}, not a bool", shown(&e.ty)));
        }
    }

    fn number(&mut self, e: &Expr) {
        self.expr(e);
        self.is_number(e);
    }

    fn is_number(&mut self, e: &Expr) {
        if let Type::Enum(_) = e.ty {
            self.fault("an enumeration where a number is wanted");
        }
    }

    fn is_bool(&mut self, e: &Expr) {
        if e.ty != Type::Bool {
            self.fault(format!("{} where a bool is wanted", shown(&e.ty)));
        }
    }

    fn expr(&mut self, e: &Expr) {
        self.validator.ty(&e.ty);
        if let ExprKind::Call { function, args } = &e.kind {
            self.call(*function, args);
            let returns = self.validator.design.functions.get(*function).map(|f| &f.returns);
            match returns {
                Some(Some(ty)) if !accepts(ty, &e.ty) => {
                    self.fault(format!("a call that returns {} has the type {}", shown(ty), shown(&e.ty)));
                }
                Some(None) => self.fault("a call of a function that returns nothing has a value"),
                _ => {}
            }
            return;
        }
        e.kind.for_each_operand(&mut |operand| self.expr(operand));
        self.node(&e.kind);
        // `None` where an id is out of range, which has been said, or where a width is absurd.
        let Some(implied) = implied_type(&e.kind, self.validator.design, self.locals) else { return };
        let fits = match (&e.kind, &e.ty) {
            (ExprKind::Const(value), Type::Bool) => *value == 0.into() || *value == 1.into(),
            (ExprKind::Const(value), Type::Int(range)) => range.contains(value),
            _ => accepts(&implied, &e.ty),
        };
        if !fits {
            self.fault(format!("an expression of type {} is said to be {}", shown(&implied), shown(&e.ty)));
        }
    }

    /// What a node asks of its ids and operands.
    fn node(&mut self, kind: &ExprKind) {
        let design = self.validator.design;
        match kind {
            ExprKind::Const(_) | ExprKind::HighImpedance | ExprKind::Time | ExprKind::Call { .. } => {}
            ExprKind::EnumLiteral(id, index) => match design.enums.get(*id) {
                None => self.fault(format!("there is no enumeration {}", id.index())),
                Some(e) if *index as usize >= e.literals.len() => {
                    self.fault(format!("the enumeration `{}` has no literal {index}", e.name));
                }
                Some(_) => {}
            },
            ExprKind::Signal(id) => {
                self.validator.signal(*id);
                if design.signals.get(*id).is_some_and(|s| s.ty == StorageType::Opaque) {
                    self.fault("a Python object is read");
                }
            }
            ExprKind::Local(id) => self.local(*id),
            ExprKind::Element { local, index } => {
                self.local(*local);
                self.is_number(index);
            }
            ExprKind::MemoryRead { memory, index } => {
                self.memory(*memory);
                self.is_number(index);
            }
            ExprKind::TableRead { table, index } => {
                if table.index() >= design.tables.len() {
                    self.fault(format!("there is no table {}", table.index()));
                }
                self.is_number(index);
            }
            ExprKind::Unary(UnaryOp::Not, a) => self.is_bool(a),
            ExprKind::Unary(_, a) | ExprKind::Truth(a) => self.is_number(a),
            ExprKind::Binary(_, a, b) => {
                self.is_number(a);
                self.is_number(b);
            }
            ExprKind::Compare(op, a, b) => {
                if !same_kind(&a.ty, &b.ty) {
                    self.fault(format!("{} is compared with {}", shown(&a.ty), shown(&b.ty)));
                } else if matches!(a.ty, Type::Enum(_)) && !matches!(op, CompareOp::Eq | CompareOp::Ne) {
                    self.fault("an enumeration has no order");
                }
            }
            ExprKind::Logic(_, a, b) => {
                self.is_bool(a);
                self.is_bool(b);
            }
            ExprKind::Select { condition, then, otherwise } => {
                self.is_bool(condition);
                if !same_kind(&then.ty, &otherwise.ty) {
                    self.fault(format!("{} or else {}", shown(&then.ty), shown(&otherwise.ty)));
                }
            }
            ExprKind::Bit { value, index } => {
                self.is_number(value);
                self.is_number(index);
            }
            ExprKind::Slice { value, low, width } => {
                self.is_number(value);
                self.is_number(low);
                self.width(*width);
            }
            ExprKind::Concat(parts) => {
                if parts.is_empty() {
                    self.fault("a concatenation of nothing");
                }
                for part in parts {
                    self.is_number(&part.value);
                    self.width(part.width);
                }
            }
            ExprKind::Signed { value, width } | ExprKind::Unsigned { value, width } => {
                self.is_number(value);
                self.width(*width);
            }
        }
    }
}

/// Both are numbers (a bool is one), or both the same enumeration.
fn same_kind(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Enum(a), Type::Enum(b)) => a == b,
        (Type::Enum(_), _) | (_, Type::Enum(_)) => false,
        _ => true,
    }
}

/// Whether every value of `inner` is one of `outer`. Only a `Bool` is a `Bool`; an integer may be one.
fn accepts(outer: &Type, inner: &Type) -> bool {
    match (outer, inner) {
        (Type::Enum(a), Type::Enum(b)) => a == b,
        (Type::Bool, Type::Bool) => true,
        (Type::Int(outer), Type::Int(_) | Type::Bool) => {
            inner.range().is_some_and(|inner| outer.contains_range(&inner))
        }
        _ => false,
    }
}

/// A type in a message.
fn shown(ty: &Type) -> String {
    let bound =
        |b: &Option<num_bigint::BigInt>, none: &str| b.as_ref().map_or(none.to_owned(), |b| b.to_string());
    match ty {
        Type::Bool => "a bool".into(),
        Type::Int(range) => format!("int {}..{}", bound(&range.lo, "-inf"), bound(&range.hi, "inf")),
        Type::Enum(id) => format!("enumeration {}", id.index()),
    }
}
