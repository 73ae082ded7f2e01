//! Reading statements.

use pyhdl_diag::Span;

use super::cursor::Parsed;
use super::parse::{Parser, no_span};
use super::parse_expr::inherit;
use super::words::Word;
use crate::{
    Base, Block, Expr, Format, MatchArm, Part, Place, PrintPart, RandomNumbers, Stmt, StmtKind, Target,
    Trigger,
};

/// A statement counts as this many levels of nesting: reading one takes that much more stack than an expression.
const STMT_LEVELS: u32 = 5;

impl Parser<'_> {
    /// Statements up to `}`, whose `{` has been read.
    pub fn block(&mut self) -> Parsed<Block> {
        let mut block = Block::new();
        while !self.cursor.eat("}") {
            self.enter(STMT_LEVELS)?;
            block.push(self.stmt()?);
            self.leave(STMT_LEVELS);
        }
        Ok(block)
    }

    fn braces(&mut self) -> Parsed<Block> {
        self.cursor.expect("{")?;
        self.block()
    }

    fn stmt(&mut self) -> Parsed<Stmt> {
        let (kind, span) = match self.cursor.peek() {
            "if" => self.if_stmt()?,
            "match" => self.match_stmt()?,
            "for" => self.for_stmt()?,
            "while" => self.while_stmt()?,
            _ => {
                let kind = self.simple()?;
                (kind, self.at()?)
            }
        };
        let mut stmt = Stmt { kind, span };
        stmt.kind.for_each_expr_mut(&mut |e| inherit(e, span));
        match &mut stmt.kind {
            StmtKind::Assign { target, .. } if target.span == no_span() => target.span = span,
            _ => {}
        }
        Ok(stmt)
    }

    fn if_stmt(&mut self) -> Parsed<(StmtKind, Span)> {
        self.cursor.advance();
        let mut arms = Vec::new();
        let span = if self.cursor.peek() == "at" {
            self.at()?
        } else {
            let condition = self.expr()?;
            let span = self.at()?;
            arms.push((condition, self.braces()?));
            while self.cursor.eat("elif") {
                let condition = self.expr()?;
                arms.push((condition, self.braces()?));
            }
            span
        };
        let otherwise = self.otherwise()?;
        Ok((StmtKind::If { arms, otherwise }, span))
    }

    fn otherwise(&mut self) -> Parsed<Block> {
        if self.cursor.eat("else") { self.braces() } else { Ok(Block::new()) }
    }

    fn match_stmt(&mut self) -> Parsed<(StmtKind, Span)> {
        self.cursor.advance();
        let subject = self.expr()?;
        let span = self.at()?;
        self.cursor.expect("{")?;
        let mut arms = Vec::new();
        while self.cursor.eat("case") {
            let mut patterns = Vec::new();
            while !matches!(self.cursor.peek(), "if" | "at" | "{") {
                if !patterns.is_empty() {
                    self.cursor.expect(",")?;
                }
                patterns.push(self.number()?);
            }
            let guard = if self.cursor.eat("if") { Some(self.expr()?) } else { None };
            let span = if self.cursor.peek() == "at" { self.at()? } else { span };
            arms.push(MatchArm { patterns, guard, body: self.braces()?, span });
        }
        let otherwise = self.otherwise()?;
        if !self.cursor.eat("}") {
            return self.cursor.expected("`case`, `else` or `}`");
        }
        Ok((StmtKind::Match { subject, arms, otherwise }, span))
    }

    fn for_stmt(&mut self) -> Parsed<(StmtKind, Span)> {
        self.cursor.advance();
        let var = self.local_ref()?;
        self.cursor.expect("in")?;
        let start = self.expr()?;
        self.cursor.expect("to")?;
        let stop = self.expr()?;
        self.cursor.expect("step")?;
        let step = self.number()?;
        let span = self.at()?;
        Ok((StmtKind::For { var, start, stop, step, body: self.braces()? }, span))
    }

    fn while_stmt(&mut self) -> Parsed<(StmtKind, Span)> {
        self.cursor.advance();
        let condition = self.expr()?;
        let span = self.at()?;
        Ok((StmtKind::While { condition, body: self.braces()? }, span))
    }

    /// A statement without statements inside.
    fn simple(&mut self) -> Parsed<StmtKind> {
        let word = self.cursor.peek();
        if !matches!(
            word,
            "break"
                | "continue"
                | "return"
                | "wait"
                | "assert"
                | "print"
                | "raise"
                | "call"
                | "draw"
                | "comment"
        ) {
            return self.assign();
        }
        self.cursor.advance();
        Ok(match word {
            "break" => StmtKind::Break,
            "continue" => StmtKind::Continue,
            "comment" => StmtKind::Comment(self.cursor.string("the comment in quotes")?),
            "draw" => {
                let target = self.local_ref()?;
                self.cursor.expect("from")?;
                let generator = self.cursor.small("the number of a generator")?;
                StmtKind::Draw { target, generator, numbers: self.numbers_drawn()? }
            }
            "return" => StmtKind::Return(if self.cursor.peek() == "at" { None } else { Some(self.expr()?) }),
            "wait" => {
                self.cursor.expect("(")?;
                StmtKind::Wait(self.list(")", Self::trigger)?)
            }
            "assert" => {
                let condition = self.expr()?;
                StmtKind::Assert { condition, message: self.message()? }
            }
            "raise" => {
                let exception = self.cursor.string("the name of an exception in quotes")?;
                StmtKind::Raise { exception, message: self.message()? }
            }
            "print" => {
                self.cursor.expect("(")?;
                StmtKind::Print(self.list(")", Self::print_part)?)
            }
            _ => {
                let function = self.function_ref()?;
                self.cursor.expect("(")?;
                StmtKind::Call { function, args: self.list(")", Self::expr)? }
            }
        })
    }

    fn numbers_drawn(&mut self) -> Parsed<RandomNumbers> {
        Ok(if self.cursor.eat("fraction") {
            RandomNumbers::Fraction
        } else if self.cursor.eat("bits") {
            RandomNumbers::Bits(self.cursor.small("a number of bits")?)
        } else {
            self.cursor.expect("below")?;
            RandomNumbers::Below(self.number()?)
        })
    }

    fn message(&mut self) -> Parsed<Vec<PrintPart>> {
        if !self.cursor.eat("message") {
            return Ok(Vec::new());
        }
        self.cursor.expect("(")?;
        self.list(")", Self::print_part)
    }

    fn assign(&mut self) -> Parsed<StmtKind> {
        let place = match self.cursor.peek().chars().next() {
            Some('s') => Place::Signal(self.signal_ref()?),
            Some('l') => {
                let local = self.local_ref()?;
                match self.cursor.peek() {
                    "[" => Place::Element { local, index: self.index()? },
                    _ => Place::Local(local),
                }
            }
            Some('m') => {
                let memory = self.memory_ref()?;
                Place::Memory { memory, index: self.index()? }
            }
            _ => return self.cursor.expected("a statement"),
        };
        let part = if self.cursor.eat("bit") {
            self.cursor.expect("(")?;
            let index = self.expr()?;
            self.cursor.expect(")")?;
            Some(Part::Bit(index))
        } else if self.cursor.eat("slice") {
            self.cursor.expect("(")?;
            let low = self.expr()?;
            let width = self.comma_width()?;
            self.cursor.expect(")")?;
            Some(Part::Slice { low, width })
        } else {
            None
        };
        let span = if self.cursor.eat("@") { self.span()? } else { no_span() };
        self.cursor.expect("=")?;
        Ok(StmtKind::Assign { target: Target { place, part, span }, value: self.expr()? })
    }

    pub fn trigger(&mut self) -> Parsed<Trigger> {
        let word = self.cursor.peek();
        if !matches!(word, "change" | "posedge" | "negedge" | "delay") {
            return self.cursor.expected("`change`, `posedge`, `negedge` or `delay`");
        }
        self.cursor.advance();
        Ok(match word {
            "change" => Trigger::Change(self.signal_ref()?),
            "posedge" => Trigger::Rising(self.signal_ref()?),
            "negedge" => Trigger::Falling(self.signal_ref()?),
            _ => Trigger::Delay(self.expr()?),
        })
    }

    fn print_part(&mut self) -> Parsed<PrintPart> {
        if self.at_string() {
            return Ok(PrintPart::Text(self.cursor.string("a string")?));
        }
        let value: Expr = self.expr()?;
        self.cursor.expect("as")?;
        let format = if self.cursor.eat("plain") {
            Format::Plain
        } else if self.cursor.eat("vector") {
            Format::Vector { width: self.cursor.small("a width")? }
        } else if let Some(base) = Base::from_word(self.cursor.peek()) {
            self.cursor.advance();
            let width = self.cursor.small("a width")?;
            Format::Number { base, width, pad: self.word("`right`, `left` or `zeros`")? }
        } else {
            return self.cursor.expected("`plain`, `vector` or a base");
        };
        Ok(PrintPart::Value { value, format })
    }
}

/// Gives the delays of a process's triggers the process's span where they have none.
pub(super) fn inherit_triggers(triggers: &mut [Trigger], around: Span) {
    for trigger in triggers {
        if let Trigger::Delay(amount) = trigger {
            inherit(amount, around);
        }
    }
}
