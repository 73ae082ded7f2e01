//! Tokens of the textual form, and a cursor over them.

use logos::Logos;
use num_bigint::BigInt;

use super::ParseError;

#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
#[logos(skip r"[ \t\r\n]+")]
#[logos(skip(r"#[^\n]*", allow_greedy = true))]
pub(super) enum Kind {
    /// A keyword, a reference or a word operator.
    #[regex(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")]
    Word,
    #[regex(r"-?[0-9]+")]
    Number,
    /// A string with its quotes.
    #[regex(r#""([^"\\\n]|\\[^\n])*""#)]
    Text,
    #[regex(r"\.\.|-inf|[(){}\[\],:@]|[-+*/%<>=!&|^~]+")]
    Symbol,
}

#[derive(Clone, Copy)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
}

/// Where reading stands. Every error names the place of the token that is not as it should be.
pub(super) struct Cursor<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
}

pub(super) type Parsed<T> = Result<T, ParseError>;

impl<'t> Cursor<'t> {
    pub fn new(text: &'t str) -> Parsed<Self> {
        let mut cursor = Cursor { text, tokens: Vec::new(), at: 0 };
        for (kind, range) in Kind::lexer(text).spanned() {
            match kind {
                Ok(kind) => cursor.tokens.push(Token { kind, start: range.start, end: range.end }),
                Err(()) => {
                    let c = text.get(range.start..).and_then(|rest| rest.chars().next());
                    let message = match c {
                        Some('"') => "this string does not end on its line".to_owned(),
                        Some(c) => format!("the character {c:?} means nothing here"),
                        None => "the text ends too early".to_owned(),
                    };
                    return Err(cursor.error_at(range.start, message));
                }
            }
        }
        Ok(cursor)
    }

    fn error_at(&self, offset: usize, message: impl Into<String>) -> ParseError {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        ParseError {
            line: before.matches('\n').count() as u32 + 1,
            column: before[line_start..].chars().count() as u32 + 1,
            message: message.into(),
        }
    }

    /// An error about the token that was read last.
    pub fn error_before(&self, message: impl Into<String>) -> ParseError {
        let token = self.at.checked_sub(1).and_then(|i| self.tokens.get(i));
        self.error_at(token.map_or(0, |t| t.start), message)
    }

    /// An error: `wanted` should stand here.
    pub fn expected<T>(&self, wanted: &str) -> Parsed<T> {
        let (offset, found) = match self.tokens.get(self.at) {
            Some(token) => (token.start, format!("`{}`", self.slice(*token))),
            None => (self.text.len(), "the end of the text".to_owned()),
        };
        Err(self.error_at(offset, format!("expected {wanted}, found {found}")))
    }

    fn slice(&self, token: Token) -> &'t str {
        &self.text[token.start..token.end]
    }

    /// The token here as it is written; empty at the end of the text.
    pub fn peek(&self) -> &'t str {
        self.tokens.get(self.at).map_or("", |t| self.slice(*t))
    }

    pub fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub fn peek_kind(&self) -> Option<Kind> {
        self.tokens.get(self.at).map(|t| t.kind)
    }

    /// The token after the one here.
    pub fn peek_second(&self) -> &'t str {
        self.tokens.get(self.at + 1).map_or("", |t| self.slice(*t))
    }

    pub fn advance(&mut self) {
        self.at += 1;
    }

    /// Reads `token` if it is here.
    pub fn eat(&mut self, token: &str) -> bool {
        let found = self.peek() == token;
        if found {
            self.advance();
        }
        found
    }

    pub fn expect(&mut self, token: &str) -> Parsed<()> {
        if self.eat(token) { Ok(()) } else { self.expected(&format!("`{token}`")) }
    }

    pub fn take(&mut self, kind: Kind, wanted: &str) -> Parsed<&'t str> {
        if self.peek_kind() != Some(kind) {
            return self.expected(wanted);
        }
        let slice = self.peek();
        self.advance();
        Ok(slice)
    }

    pub fn number(&mut self) -> Parsed<BigInt> {
        let digits = self.take(Kind::Number, "a number")?;
        digits.parse().map_err(|_| self.error_before("this is not a number"))
    }

    /// A number that fits a width, a position or a count.
    pub fn small(&mut self, wanted: &str) -> Parsed<u32> {
        let digits = self.take(Kind::Number, wanted)?;
        digits.parse().map_err(|_| self.error_before(format!("expected {wanted}, at most {}", u32::MAX)))
    }

    /// The index behind a reference: 3 for `s3.clk` with the letter `s`.
    pub fn reference(&mut self, letter: char, wanted: &str) -> Parsed<u32> {
        match (self.peek_kind(), index_of(self.peek(), letter)) {
            (Some(Kind::Word), Some(index)) => {
                self.advance();
                Ok(index)
            }
            _ => self.expected(wanted),
        }
    }

    pub fn string(&mut self, wanted: &str) -> Parsed<String> {
        let quoted = self.take(Kind::Text, wanted)?;
        unquoted(quoted).ok_or_else(|| self.error_before("this string has an unknown escape"))
    }
}

/// The index of a reference with this letter. The largest number is no index.
fn index_of(word: &str, letter: char) -> Option<u32> {
    let rest = word.strip_prefix(letter)?;
    let digits = rest.split_once('.').map_or(rest, |(digits, _)| digits);
    digits.parse().ok().filter(|i| *i != u32::MAX)
}

fn unquoted(quoted: &str) -> Option<String> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            c @ ('"' | '\\') => out.push(c),
            'u' => {
                let rest = chars.as_str().strip_prefix('{')?;
                let (digits, rest) = rest.split_once('}')?;
                out.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                chars = rest.chars();
            }
            _ => return None,
        }
    }
    Some(out)
}
