//! Lowered code as short text that a test can spell out: `(add a 1)`, `y <- a`, with indentation for blocks.

use std::fmt::Write;

use oxc_index::IndexVec;
use pyhdl_ir::*;

type Locals = IndexVec<LocalId, Local>;

fn signal(design: &Design, id: SignalId) -> String {
    let names = &design.scopes[design.top()].names;
    names
        .iter()
        .find(|(_, v)| *v == Visible::Signal(id))
        .map_or_else(|| format!("signal{}", id.index()), |(n, _)| n.clone())
}

pub fn signals(design: &Design, ids: &[SignalId]) -> Vec<String> {
    ids.iter().map(|id| signal(design, *id)).collect()
}

pub fn range(r: &Range) -> String {
    let end = |e: &Option<num_bigint::BigInt>| e.as_ref().map_or("inf".to_owned(), ToString::to_string);
    format!("{}..{}", end(&r.lo).replace("inf", "-inf"), end(&r.hi))
}

pub fn ty(ty: &Type) -> String {
    match ty {
        Type::Bool => "bool".into(),
        Type::Int(r) => range(r),
        Type::Enum(id) => format!("enum{}", id.index()),
    }
}

pub fn storage(ty: &StorageType) -> String {
    match ty {
        StorageType::Bool => "bool".into(),
        StorageType::Bits(b) => {
            format!("{}{} {}", if b.wraps { "modbv" } else { "intbv" }, b.width, range(&b.range()))
        }
        StorageType::Enum(id) => format!("enum{}", id.index()),
        StorageType::Int(r) => range(r),
        StorageType::Opaque => "opaque".into(),
    }
}

/// A call in prefix form: the kind's name in lower case and the operands.
pub fn expr(design: &Design, locals: &Locals, e: &Expr) -> String {
    let show = |e: &Expr| expr(design, locals, e);
    let name = |kind: &dyn std::fmt::Debug| format!("{kind:?}").to_lowercase();
    match &e.kind {
        ExprKind::Const(value) if e.ty == Type::Bool => {
            if *value == num_bigint::BigInt::ZERO {
                "False".into()
            } else {
                "True".into()
            }
        }
        ExprKind::Const(value) => value.to_string(),
        ExprKind::EnumLiteral(id, index) => design.enums[*id].literals[*index as usize].clone(),
        ExprKind::Signal(id) => signal(design, *id),
        ExprKind::Local(id) => locals[*id].name.clone(),
        ExprKind::HighImpedance => "z".to_owned(),
        ExprKind::Time => "now".to_owned(),
        ExprKind::Element { local, index } => format!("(read %{} {})", locals[*local].name, show(index)),
        ExprKind::MemoryRead { memory, index } => {
            format!("(read {} {})", design.memories[*memory].name, show(index))
        }
        ExprKind::TableRead { table, index } => {
            format!("(table {} {})", design.tables[*table].name, show(index))
        }
        ExprKind::Unary(op, a) => format!("({} {})", name(op), show(a)),
        ExprKind::Binary(op, a, b) => format!("({} {} {})", name(op), show(a), show(b)),
        ExprKind::Compare(op, a, b) => format!("({} {} {})", name(op), show(a), show(b)),
        ExprKind::Logic(op, a, b) => format!("(l{} {} {})", name(op), show(a), show(b)),
        ExprKind::Select { condition, then, otherwise } => {
            format!("(select {} {} {})", show(condition), show(then), show(otherwise))
        }
        ExprKind::Bit { value, index } => format!("(bit {} {})", show(value), show(index)),
        ExprKind::Slice { value, low, width } => format!("(slice{width} {} {})", show(value), show(low)),
        ExprKind::Concat(parts) => {
            let parts: Vec<String> =
                parts.iter().map(|p| format!("{}:{}", show(&p.value), p.width)).collect();
            format!("(concat {})", parts.join(" "))
        }
        ExprKind::Signed { value, width } => format!("(signed{width} {})", show(value)),
        ExprKind::Unsigned { value, width } => format!("(unsigned{width} {})", show(value)),
        ExprKind::Truth(a) => format!("(truth {})", show(a)),
        ExprKind::Call { function, args } => {
            let args: Vec<String> = args.iter().map(show).collect();
            format!("({}#{} {})", design.functions[*function].name, function.index(), args.join(" "))
        }
    }
}

pub fn trigger(design: &Design, locals: &Locals, t: &Trigger) -> String {
    match t {
        Trigger::Change(s) => signal(design, *s),
        Trigger::Rising(s) => format!("{}.posedge", signal(design, *s)),
        Trigger::Falling(s) => format!("{}.negedge", signal(design, *s)),
        Trigger::Delay(e) => format!("delay {}", expr(design, locals, e)),
    }
}

pub fn block(design: &Design, locals: &Locals, block: &Block) -> String {
    let mut out = String::new();
    lines(design, locals, block, 0, &mut out);
    out.trim_end().to_owned()
}

fn lines(design: &Design, locals: &Locals, block: &Block, depth: usize, out: &mut String) {
    let show = |e: &Expr| expr(design, locals, e);
    let pad = "  ".repeat(depth);
    for stmt in block {
        let text = match &stmt.kind {
            StmtKind::Assign { target: t, value } => {
                format!("{} <- {}", target(design, locals, t), show(value))
            }
            StmtKind::If { arms, otherwise } => {
                for (condition, body) in arms {
                    let _ = writeln!(out, "{pad}if {}", show(condition));
                    lines(design, locals, body, depth + 1, out);
                }
                if !otherwise.is_empty() {
                    let _ = writeln!(out, "{pad}else");
                    lines(design, locals, otherwise, depth + 1, out);
                }
                continue;
            }
            StmtKind::Match { subject, arms, otherwise } => {
                let _ = writeln!(out, "{pad}match {}", show(subject));
                for arm in arms {
                    let patterns: Vec<String> = arm.patterns.iter().map(ToString::to_string).collect();
                    let guard = arm.guard.as_ref().map_or(String::new(), |g| format!(" if {}", show(g)));
                    let _ = writeln!(out, "{pad}case {}{guard}", patterns.join("|"));
                    lines(design, locals, &arm.body, depth + 1, out);
                }
                if !otherwise.is_empty() {
                    let _ = writeln!(out, "{pad}case _");
                    lines(design, locals, otherwise, depth + 1, out);
                }
                continue;
            }
            StmtKind::For { var, start, stop, step, body } => {
                let _ = writeln!(out, "{pad}for {} {} {} {step}", locals[*var].name, show(start), show(stop));
                lines(design, locals, body, depth + 1, out);
                continue;
            }
            StmtKind::While { condition, body } => {
                let _ = writeln!(out, "{pad}while {}", show(condition));
                lines(design, locals, body, depth + 1, out);
                continue;
            }
            StmtKind::Break => "break".into(),
            StmtKind::Continue => "continue".into(),
            StmtKind::Return(None) => "return".into(),
            StmtKind::Return(Some(e)) => format!("return {}", show(e)),
            StmtKind::Wait(triggers) => {
                let all: Vec<String> = triggers.iter().map(|t| trigger(design, locals, t)).collect();
                format!("wait {}", all.join(", "))
            }
            StmtKind::Assert { condition, message } if message.is_empty() => {
                format!("assert {}", show(condition))
            }
            StmtKind::Assert { condition, message } => {
                format!("assert {} {}", show(condition), printed(message, &show))
            }
            StmtKind::Print(parts) => format!("print {}", printed(parts, &show)),
            StmtKind::Raise { exception, .. } => format!("raise {exception}"),
            StmtKind::Call { function, args } => {
                let args: Vec<String> = args.iter().map(show).collect();
                format!("call {}#{} {}", design.functions[*function].name, function.index(), args.join(" "))
            }
            StmtKind::Draw { target, generator, numbers } => {
                format!("{} = drawn from generator {generator}: {numbers:?}", locals[*target].name)
            }
            StmtKind::Comment(text) => format!("# {text}"),
        };
        let _ = writeln!(out, "{pad}{}", text.trim_end());
    }
}

fn form(format: &Format) -> String {
    match format {
        Format::Plain => "plain".into(),
        Format::Vector { width } => format!("vector{width}"),
        Format::Number { base, width, pad } => format!("{base:?}{width}{pad:?}").to_lowercase(),
    }
}

fn target(design: &Design, locals: &Locals, t: &Target) -> String {
    let place = match &t.place {
        Place::Signal(id) => signal(design, *id),
        Place::Local(id) => format!("%{}", locals[*id].name),
        Place::Element { local, index } => {
            format!("%{}@{}", locals[*local].name, expr(design, locals, index))
        }
        Place::Memory { memory, index } => {
            format!("{}@{}", design.memories[*memory].name, expr(design, locals, index))
        }
    };
    match &t.part {
        None => place,
        Some(Part::Bit(index)) => format!("{place}[{}]", expr(design, locals, index)),
        Some(Part::Slice { low, width }) => format!("{place}[{} +{width}]", expr(design, locals, low)),
    }
}

fn printed(parts: &[PrintPart], show: &dyn Fn(&Expr) -> String) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|p| match p {
            PrintPart::Text(text) => format!("{text:?}"),
            PrintPart::Value { value, format } => format!("{}:{}", show(value), form(format)),
        })
        .collect();
    parts.join(" ")
}
