//! Indented lines.

use pyhdl_diag::Span;

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
    comment_lines(text).iter().map(|line| format!("{mark} {line}").trim_end().to_owned()).collect()
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
            line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
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
}
