//! Indented lines.

use pyhdl_diag::Span;
use pyhdl_ir::Scope;

use crate::marks::mark;

#[derive(Clone, Default, Debug)]
pub(crate) struct Lines {
    text: String,
    depth: usize,
    /// The place that lines are printed for.
    place: Option<Span>,
}

impl Lines {
    /// Lines that begin `depth` steps to the right.
    pub fn at(depth: usize) -> Lines {
        Lines { text: String::new(), depth, place: None }
    }

    /// What is printed from here on is printed for this place in the Python; returns the one before.
    pub fn place(&mut self, span: Option<Span>) -> Option<Span> {
        std::mem::replace(&mut self.place, span)
    }

    /// The same for lines that are made together.
    pub fn from(mut self, span: Span) -> Lines {
        self.place = Some(span);
        self
    }

    pub fn line(&mut self, text: impl AsRef<str>) {
        let text = text.as_ref();
        if !text.is_empty() {
            for _ in 0..self.depth {
                self.text.push_str("  ");
            }
            if let Some(span) = self.place {
                self.text.push_str(&mark(span));
            }
            self.text.push_str(text);
        }
        self.text.push('\n');
    }

    /// A line after which the text goes one step to the right.
    pub fn open(&mut self, text: impl AsRef<str>) {
        self.line(text);
        self.depth += 1;
    }

    /// A line one step to the left.
    pub fn close(&mut self, text: impl AsRef<str>) {
        self.depth = self.depth.saturating_sub(1);
        self.line(text);
    }

    /// Ends a part and begins the next on one line: `end else begin`.
    pub fn turn(&mut self, text: impl AsRef<str>) {
        self.close(text);
        self.depth += 1;
    }

    /// Each line of a text as a comment.
    pub fn comment(&mut self, mark: &str, text: &str) {
        for line in comment(mark, text) {
            self.line(line);
        }
    }

    /// One step to the left, with no line of its own.
    pub fn close_silently(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Other lines as they are.
    pub fn append(&mut self, lines: Lines) {
        self.text.push_str(&lines.text);
    }

    pub fn into_text(self) -> String {
        self.text
    }
}

/// A text as lines of comments.
pub(crate) fn comment(mark: &str, text: &str) -> Vec<String> {
    comment_lines(text).iter().flat_map(|line| comment_line(mark, line)).collect()
}

/// A line of text as lines of comments; at least one.
pub(crate) fn comment_line(mark: &str, line: &str) -> Vec<String> {
    let lines = wrapped(&clean(line)).into_iter();
    lines.map(|line| format!("{mark} {}", harmless(&line)).trim_end().to_owned()).collect()
}

/// A block's docstring.
pub(crate) fn doc(scope: &Scope, word: &str) -> Vec<String> {
    let lines = scope.doc.as_deref().map(|text| comment(word, text)).unwrap_or_default();
    lines.into_iter().map(|line| format!("{}{line}", mark(scope.span))).collect()
}

/// How long lines with comments become.
pub(crate) const COMMENT_WIDTH: usize = 100;

/// A line of a comment in lines of a reasonable length. Tools have buffers, and people have screens.
fn wrapped(line: &str) -> Vec<String> {
    /// A longer word, which is none, is cut.
    const WORD: usize = 400;
    if line.chars().count() <= COMMENT_WIDTH {
        return vec![line.to_owned()];
    }
    let indent = &line[..line.len() - line.trim_start().len()];
    let indent = if indent.len() < COMMENT_WIDTH / 2 { indent } else { "" };
    let mut lines = Vec::new();
    let mut open = String::new();
    let mut length = 0;
    for word in line.split_whitespace() {
        let mut rest = word.chars();
        loop {
            let piece: String = rest.by_ref().take(WORD).collect();
            if piece.is_empty() {
                break;
            }
            let count = piece.chars().count();
            if length > 0 && indent.len() + length + 1 + count > COMMENT_WIDTH {
                lines.push(format!("{indent}{}", std::mem::take(&mut open)));
                length = 0;
            }
            if length > 0 {
                open.push(' ');
            }
            length += count + usize::from(length > 0);
            open.push_str(&piece);
        }
    }
    lines.push(format!("{indent}{open}"));
    lines
}

/// A line of a comment that no tool takes for something else.
fn harmless(line: &str) -> String {
    /// What tools look for at the beginning of a comment.
    const COMMANDS: &[&str] = &[
        "altera",
        "ambit",
        "cadence",
        "coverage",
        "exemplar",
        "full_case",
        "ghdl",
        "iverilog",
        "leda",
        "lint",
        "lint_off",
        "lint_on",
        "nolint",
        "parallel_case",
        "pragma",
        "psl",
        "quartus",
        "rtl_synthesis",
        "spyglass",
        "svlint",
        "synopsys",
        "synplify",
        "synthesis",
        "translate_off",
        "translate_on",
        "vcs",
        "verible",
        "verilator",
        "verilog_format",
        "verilog_lint",
        "vhdl_comp_off",
        "vhdl_comp_on",
        "vivado",
        "vsg_off",
        "vsg_on",
        "xilinx",
        "yosys",
    ];
    // A line that ends like this goes on in the next one.
    let line = line.trim_end_matches(['\\', ' ']);
    let first = line.trim_start();
    let end = first.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(first.len());
    let word = first[..end].to_ascii_lowercase();
    // What a tool sees before a command is nothing but blanks.
    if COMMANDS.contains(&word.as_str()) { format!("# {line}") } else { line.to_owned() }
}

/// A text in ASCII, for VHDL-93, which has no other characters that all tools take.
pub(crate) fn ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if c.is_ascii() => plain.push(c),
            '\u{2010}'..='\u{2015}' => plain.push('-'),
            '\u{2018}' | '\u{2019}' => plain.push('\''),
            '\u{201c}'..='\u{201e}' => plain.push('"'),
            '\u{2026}' => plain.push_str("..."),
            '\u{2190}' => plain.push_str("<-"),
            '\u{2192}' => plain.push_str("->"),
            '\u{2264}' => plain.push_str("<="),
            '\u{2265}' => plain.push_str(">="),
            '\u{d7}' => plain.push('x'),
            '\u{b5}' | '\u{3bc}' => plain.push('u'),
            _ => plain.push('?'),
        }
    }
    plain
}

/// A line without characters that would end a comment or hide what it says.
fn clean(line: &str) -> String {
    line.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect()
}

/// Characters that break lines or turn their direction, besides control characters.
fn turns(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The lines of a docstring: without the indentation that all but the first share, without empty ones at the ends,
/// and without characters that would end a comment or upset a tool.
fn comment_lines(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let margin = lines
        .iter()
        .skip(1)
        .filter(|l| !l.trim().is_empty())
        .map(|l| l.chars().take_while(|c| *c == ' ' || *c == '\t').count())
        .min()
        .unwrap_or(0);
    let mut clean: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(i, line)| {
            let line =
                if i == 0 { line.trim() } else { line.get(margin..).unwrap_or(line.trim()).trim_end() };
            clean(line)
        })
        .collect();
    while clean.last().is_some_and(String::is_empty) {
        clean.pop();
    }
    let empty = clean.iter().take_while(|l| l.is_empty()).count();
    clean.drain(..empty);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_docstring_loses_its_margin() {
        assert_eq!(
            comment_lines("\n    One.\n\n    Two:\n      three\n    "),
            ["One.", "", "Two:", "  three"]
        );
        assert_eq!(comment_lines("a\u{b}b"), ["a b"]);
    }

    #[test]
    fn no_comment_is_a_command() {
        assert_eq!(comment("//", "verilator lint_off WIDTH"), ["// # verilator lint_off WIDTH"]);
        assert_eq!(comment("--", "  Synthesis translate_off"), ["-- # Synthesis translate_off"]);
        assert_eq!(comment("--", "psl: x"), ["-- # psl: x"]);
        assert_eq!(comment("//", "the synthesis"), ["// the synthesis"]);
        assert_eq!(comment("//", "goes on \\ \\"), ["// goes on"]);
        assert_eq!(comment("//", "a\u{202e}b\u{2028}c"), ["// a b c"]);
    }

    #[test]
    fn long_lines_are_wrapped() {
        let text = "word ".repeat(50);
        let lines = comment("//", &text);
        assert!(lines.iter().all(|line| line.len() <= 103), "{lines:?}");
        assert_eq!(lines.join(" ").replace("// ", ""), text.trim());
        assert_eq!(comment("//", &"x".repeat(1000)).iter().map(String::len).max(), Some(403));
    }

    #[test]
    fn vhdl_93_is_ascii() {
        assert_eq!(ascii("a \u{2192} \u{b5}s \u{e9}"), "a -> us ?");
    }
}
