//! Lowering of `print`: strings, `%` formatting, f-strings.

use pyhdl_diag::Span;
use pyhdl_ir::{Base, Format, Pad, PrintPart};
use pyhdl_syntax::ast;

use crate::body::Body;
use crate::value::{Lower, Meaning, PyType, Val};
use crate::{Binding, kinds};

const HELP: &str = "print strings, values, \"…%d…\" % value, or f\"…{value}…\"";

impl Body<'_, '_, '_> {
    /// The text that a call of `print` writes, with its line break.
    pub fn print(&mut self, call: &ast::ExprCall, span: Span) -> Lower<Vec<PrintPart>> {
        let (mut sep, mut end) = (" ".to_owned(), "\n".to_owned());
        for keyword in &call.keywords {
            let at = self.span(&keyword.value);
            let Meaning::Static(Binding::Str(text)) = self.meaning(&keyword.value)? else {
                return self.unsupported("this argument of print()", at, HELP);
            };
            match keyword.arg.as_ref().map(|a| a.as_str()) {
                Some("sep") => sep = text,
                Some("end") => end = text,
                _ => return self.unsupported("this argument of print()", at, HELP),
            }
        }
        let mut parts = Vec::new();
        for (position, arg) in call.args.iter().enumerate() {
            if position > 0 {
                push_text(&mut parts, &sep);
            }
            self.text(arg, &mut parts)?;
        }
        push_text(&mut parts, &end);
        let _ = span;
        Ok(parts)
    }

    /// The text of an assertion's message.
    pub fn message(&mut self, e: &ast::Expr) -> Lower<Vec<PrintPart>> {
        let mut parts = Vec::new();
        self.text(e, &mut parts)?;
        Ok(parts)
    }

    /// What `str(e)` is.
    fn text(&mut self, e: &ast::Expr, parts: &mut Vec<PrintPart>) -> Lower<()> {
        let span = self.span(e);
        match e {
            ast::Expr::JoinedStr(f) => {
                self.beyond("an f-string", span, kinds::NOT_SUPPORTED)?;
                for piece in &f.values {
                    match piece {
                        ast::Expr::FormattedValue(v) => self.formatted(v, parts)?,
                        other => self.text(other, parts)?,
                    }
                }
                return Ok(());
            }
            ast::Expr::BinOp(b) if b.op == ast::Operator::Mod => {
                if let ast::Expr::Constant(_) | ast::Expr::Name(_) = &*b.left
                    && let Meaning::Static(Binding::Str(format)) = self.meaning(&b.left)?
                {
                    return self.percent(&format, &b.right, span, parts);
                }
            }
            ast::Expr::Call(call) => {
                if let ast::Expr::Attribute(a) = &*call.func
                    && a.attr.as_str() == "format"
                    && let ast::Expr::Constant(_) | ast::Expr::Name(_) = &*a.value
                    && let Meaning::Static(Binding::Str(format)) = self.meaning(&a.value)?
                {
                    return self.braces(&format, call, span, parts);
                }
            }
            _ => {}
        }
        match self.meaning(e)? {
            Meaning::Static(Binding::Str(text)) => push_text(parts, &text),
            Meaning::Static(Binding::None) => push_text(parts, "None"),
            meaning => {
                let value = self.as_value(meaning, span)?;
                parts.push(plain(value));
            }
        }
        Ok(())
    }

    fn formatted(&mut self, v: &ast::ExprFormattedValue, parts: &mut Vec<PrintPart>) -> Lower<()> {
        let span = self.span(&*v.value);
        if !matches!(v.conversion, ast::ConversionFlag::None | ast::ConversionFlag::Str) {
            return self.unsupported("this conversion in an f-string", span, HELP);
        }
        let spec = match v.format_spec.as_deref() {
            None => String::new(),
            Some(ast::Expr::JoinedStr(f)) => {
                let mut spec = String::new();
                for piece in &f.values {
                    match piece {
                        ast::Expr::Constant(c) if c.value.is_str() => {
                            spec.push_str(c.value.as_str().map_or("", |s| s.as_str()));
                        }
                        _ => return self.unsupported("a format that varies at run time", span, HELP),
                    }
                }
                spec
            }
            Some(_) => return self.unsupported("this format", span, HELP),
        };
        self.with_format(&v.value, &spec, parts)
    }

    /// What `format(e, spec)` is.
    fn with_format(&mut self, e: &ast::Expr, spec: &str, parts: &mut Vec<PrintPart>) -> Lower<()> {
        if spec.is_empty() {
            return self.text(e, parts);
        }
        let span = self.span(e);
        let meaning = self.meaning(e)?;
        // A signal has no format of its own, whatever it holds; `int(signal)` is a value.
        let signal = matches!(&meaning, Meaning::Static(Binding::Signal(_)) | Meaning::Chosen { .. });
        let value = self.as_value(meaning, span)?;
        if signal || !matches!(value.py, PyType::Int | PyType::Bool) {
            return self.mismatch(
                "only an int can be formatted like this".into(),
                span,
                "write int(x) in the braces: f\"{int(x):04x}\"",
            );
        }
        match number_format(spec) {
            Some(format) => parts.push(PrintPart::Value { value: value.expr, format }),
            None => return self.unsupported(&format!("the format `{spec}`"), span, HELP),
        }
        Ok(())
    }

    /// `"…{}…{0}…{name:04x}…".format(…)`.
    fn braces(
        &mut self,
        format: &str,
        call: &ast::ExprCall,
        span: Span,
        parts: &mut Vec<PrintPart>,
    ) -> Lower<()> {
        self.beyond("str.format()", span, kinds::NOT_SUPPORTED)?;
        let mut rest = format;
        let mut automatic = 0;
        while let Some(at) = rest.find(['{', '}']) {
            push_text(parts, &rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                push_text(parts, brace);
                rest = after;
                continue;
            }
            let (true, Some(end)) = (brace == "{", rest.find('}')) else {
                let refused = self.mismatch("a brace in the format has no partner".into(), span, HELP);
                return self.known_as(refused, kinds::FORMAT);
            };
            let field = &rest[..end];
            rest = &rest[end + 1..];
            let (name, spec) = field.split_once(':').unwrap_or((field, ""));
            let argument = match name {
                "" => {
                    automatic += 1;
                    call.args.get(automatic - 1)
                }
                name if name.bytes().all(|b| b.is_ascii_digit()) => {
                    name.parse::<usize>().ok().and_then(|at| call.args.get(at))
                }
                name => {
                    let named = |k: &&ast::Keyword| k.arg.as_ref().is_some_and(|a| a.as_str() == name);
                    call.keywords.iter().find(named).map(|k| &k.value)
                }
            };
            let Some(argument) = argument else {
                let refused = self.mismatch(format!("nothing is given for `{{{field}}}`"), span, HELP);
                return self.known_as(refused, kinds::FORMAT);
            };
            self.with_format(argument, spec, parts)?;
        }
        push_text(parts, rest);
        Ok(())
    }

    fn percent(
        &mut self,
        format: &str,
        args: &ast::Expr,
        span: Span,
        parts: &mut Vec<PrintPart>,
    ) -> Lower<()> {
        let args: Vec<&ast::Expr> = match args {
            ast::Expr::Tuple(t) => t.elts.iter().collect(),
            one => vec![one],
        };
        let mut args = args.into_iter();
        let mut chars = format.chars().peekable();
        let mut text = String::new();
        while let Some(c) = chars.next() {
            if c != '%' {
                text.push(c);
                continue;
            }
            if chars.peek() == Some(&'%') {
                chars.next();
                text.push('%');
                continue;
            }
            let mut pad = Pad::Right;
            let mut width = 0u32;
            while let Some(flag) = chars.peek() {
                match flag {
                    '0' if width == 0 && pad != Pad::Left => pad = Pad::Zeros,
                    '-' if width == 0 => pad = Pad::Left,
                    d if d.is_ascii_digit() => {
                        width =
                            width.saturating_mul(10).saturating_add(d.to_digit(10).unwrap_or(0)).min(4096);
                    }
                    _ => break,
                }
                chars.next();
            }
            let conversion = chars.next();
            let Some(arg) = args.next() else {
                let message = "there are fewer values than places in the format".into();
                let refused = self.mismatch(message, span, HELP);
                return self.known_as(refused, kinds::FORMAT);
            };
            push_text(parts, &text);
            text.clear();
            let base = match conversion {
                Some('d' | 'i' | 'u') => Base::Decimal,
                Some('x') => Base::Hex,
                Some('X') => Base::HexUpper,
                Some('o') => Base::Octal,
                Some('s') if width == 0 => {
                    self.text(arg, parts)?;
                    continue;
                }
                _ => {
                    let refused =
                        self.unsupported("this conversion in a format", span, "use %d, %x, %o or %s");
                    return self.known_as(refused, kinds::FORMAT_CONVERSION);
                }
            };
            let value = self.value(arg)?;
            if value.is_enum() {
                return self.mismatch(
                    "an enumeration literal is not a number".into(),
                    value.expr.span,
                    "print it with %s",
                );
            }
            parts.push(PrintPart::Value { value: value.expr, format: Format::Number { base, width, pad } });
        }
        push_text(parts, &text);
        if args.next().is_some() {
            let refused = self.mismatch("there are more values than places in the format".into(), span, HELP);
            return self.known_as(refused, kinds::FORMAT);
        }
        Ok(())
    }
}

fn plain(value: Val) -> PrintPart {
    let format = match &value.py {
        PyType::Bits(ty) => Format::Vector { width: ty.as_ref().map_or(0, |b| b.width) },
        _ => Format::Plain,
    };
    PrintPart::Value { value: value.expr, format }
}

fn push_text(parts: &mut Vec<PrintPart>, text: &str) {
    match parts.last_mut() {
        Some(PrintPart::Text(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(PrintPart::Text(text.to_owned())),
    }
}

/// `[<|>][0][width][d|x|X|b|o]` of a format specification.
fn number_format(spec: &str) -> Option<Format> {
    let (mut rest, mut pad) = (spec, Pad::Right);
    if let Some(r) = rest.strip_prefix('>') {
        rest = r;
    } else if let Some(r) = rest.strip_prefix('<') {
        (rest, pad) = (r, Pad::Left);
    }
    if rest.len() > 1 && rest.starts_with('0') && pad == Pad::Right && rest == spec {
        pad = Pad::Zeros;
        rest = &rest[1..];
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let width: u32 = if digits == 0 { 0 } else { rest[..digits].parse().ok().filter(|w| *w <= 4096)? };
    let base = match &rest[digits..] {
        "" | "d" => Base::Decimal,
        "x" => Base::Hex,
        "X" => Base::HexUpper,
        "b" => Base::Binary,
        "o" => Base::Octal,
        _ => return None,
    };
    Some(Format::Number { base, width, pad })
}
