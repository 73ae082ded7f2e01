//! [`Comments`]: the `#` comments of a file, each with the statement that it is about.
//!
//! A comment is beside a statement, at the end of its last line, or above one, on lines of its own or between its
//! lines. One that is indented like a block that ends there is below the block's last statement. What is about the
//! first line of a compound statement, `for …:`, is also about the first statement inside, which stands for it where
//! nothing is left of the line itself.

use std::collections::{HashMap, HashSet};

use rustpython_parser::lexer::lex;
use rustpython_parser::{Mode, Tok};

/// One line of comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// Without `#` and the blank behind it.
    pub text: String,
    /// The bytes that it has in the file.
    pub start: u32,
    pub end: u32,
}

/// The comments about a statement.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct About<'a> {
    pub above: Vec<&'a Comment>,
    pub beside: Option<&'a Comment>,
    pub below: Vec<&'a Comment>,
}

/// A statement's lines, by where they begin in the file; for a parameter on a line of its own, that line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Place(u32);

/// The comments of one file.
#[derive(Clone, Default, Debug)]
pub struct Comments {
    /// In the order of the file.
    lines: Vec<Line>,
    /// Comments between the lines of a `def`, by the beginning of the line that they are about.
    parameters: HashMap<u32, Line>,
    line_starts: Vec<u32>,
}

/// What Python takes for one line: a simple statement, or the first line of a compound one with its decorators.
#[derive(Clone, Default, Debug)]
struct Line {
    start: u32,
    end: u32,
    /// Bytes before the first token on its line.
    indent: u32,
    above: Vec<Comment>,
    beside: Option<Comment>,
    below: Vec<Comment>,
    kind: Kind,
    /// The line that opens the block that this line is the first of; for an `else`, the `if` above.
    before: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Kind {
    #[default]
    Plain,
    /// Decorators, of which the `def` is still to come.
    Decorators,
    Def,
    /// `elif` and `else`.
    Else,
}

impl Comments {
    /// Those of a file with this text; of one that is no Python, those before the error.
    pub fn of(text: &str) -> Comments {
        let mut found = Finder {
            text,
            comments: Comments {
                line_starts: std::iter::once(0)
                    .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1))
                    .collect(),
                ..Comments::default()
            },
            waiting: Vec::new(),
            open: false,
            blocks: Vec::new(),
        };
        if text.contains('#') {
            found.run();
        }
        found.comments
    }

    /// The lines that a byte of the file is in.
    pub fn place(&self, offset: u32) -> Option<Place> {
        let index = self.lines.partition_point(|line| line.start <= offset).checked_sub(1)?;
        let line = self.lines.get(index).filter(|line| offset < line.end)?;
        let start = self.line_start(offset);
        let parameter = line.kind == Kind::Def && self.parameters.contains_key(&start);
        Some(Place(if parameter { start } else { line.start }))
    }

    /// The comments about a statement, and about what it stands for, without those in `told`; puts them there.
    pub fn take(&self, place: Place, told: &mut HashSet<Place>) -> About<'_> {
        if !told.insert(place) {
            return About::default();
        }
        if let Some(line) = self.parameters.get(&place.0) {
            return About {
                above: line.above.iter().collect(),
                beside: line.beside.as_ref(),
                below: Vec::new(),
            };
        }
        let Ok(index) = self.lines.binary_search_by_key(&place.0, |line| line.start) else {
            return About::default();
        };
        // From the inside outwards.
        let mut groups: Vec<Vec<&Comment>> = vec![self.lines[index].above.iter().collect()];
        let mut at = index;
        while let Some(before) = self.lines[at].before {
            let line = &self.lines[before];
            if !told.insert(Place(line.start)) {
                break;
            }
            // What is beside an `if` is about its own branch.
            let beside = line.beside.as_ref().filter(|_| self.lines[at].kind != Kind::Else);
            groups.push(line.above.iter().chain(beside).collect());
            at = before;
        }
        About {
            above: groups.into_iter().rev().flatten().collect(),
            beside: self.lines[index].beside.as_ref(),
            below: self.lines[index].below.iter().collect(),
        }
    }

    fn line_start(&self, offset: u32) -> u32 {
        let index = self.line_starts.partition_point(|start| *start <= offset);
        self.line_starts.get(index.wrapping_sub(1)).copied().unwrap_or(0)
    }
}

struct Finder<'a> {
    text: &'a str,
    comments: Comments,
    /// Comments on lines of their own since the last statement.
    waiting: Vec<Comment>,
    /// The last line has not ended yet.
    open: bool,
    /// The last line of each indentation that is open.
    blocks: Vec<usize>,
}

impl Finder<'_> {
    fn run(&mut self) {
        let mut end = 0;
        for token in lex(self.text, Mode::Module) {
            let Ok((token, range)) = token else { return };
            let start = range.start().to_u32().max(end);
            let gap = self.gap(end, start);
            match token {
                // The lexer ends the last line once more.
                Tok::Newline if !self.open => self.waiting.extend(gap),
                Tok::Newline => {
                    let end = self.line_end(start);
                    if let Some(line) = self.comments.lines.last_mut() {
                        line.end = end;
                        match line.kind {
                            Kind::Decorators => line.above.extend(gap),
                            _ => line.beside = gap.into_iter().next(),
                        }
                    }
                    self.open = false;
                }
                Tok::Indent | Tok::Dedent => self.waiting.extend(gap),
                _ if self.open => self.inside(gap),
                _ => {
                    self.waiting.extend(gap);
                    self.line(&token, start);
                }
            }
            end = range.end().to_u32().max(end);
        }
        // Comments behind the last statement.
        self.waiting.extend(self.gap(end, self.text.len() as u32));
        let starts = &self.comments.line_starts;
        if let Some(last) = self.comments.lines.last_mut() {
            last.below.extend(self.waiting.drain(..).take_while(|c| column(starts, c) > 0));
        }
    }

    /// The comments between two tokens.
    fn gap(&self, from: u32, to: u32) -> Vec<Comment> {
        let mut found = Vec::new();
        let mut at = from as usize;
        while let Some(position) = self.text.get(at..to as usize).and_then(|text| text.find('#')) {
            let start = at + position;
            let end = self.text[start..].find('\n').map_or(self.text.len(), |length| start + length);
            let comment = self.text[start..end].trim_end();
            if let Some(text) = said(comment) {
                found.push(Comment { text, start: start as u32, end: (start + comment.len()) as u32 });
            }
            at = end;
            if at >= to as usize {
                break;
            }
        }
        found
    }

    fn line_end(&self, offset: u32) -> u32 {
        self.text[offset as usize..].find('\n').map_or(self.text.len() as u32, |n| offset + n as u32)
    }

    /// Comments between the tokens of the last line.
    fn inside(&mut self, gap: Vec<Comment>) {
        let Some(line) = self.comments.lines.last_mut() else { return };
        for comment in gap {
            let starts = &self.comments.line_starts;
            let index = starts.partition_point(|start| *start <= comment.start) - 1;
            if line.kind != Kind::Def || starts[index] <= line.end {
                line.above.push(comment);
                continue;
            }
            let text = |index: usize| {
                let end = starts.get(index + 1).map_or(self.text.len(), |end| *end as usize);
                self.text[starts[index] as usize..end].trim_start()
            };
            let alone = text(index).starts_with('#');
            let about = match alone {
                true => {
                    (index + 1..starts.len()).find(|i| !text(*i).is_empty() && !text(*i).starts_with('#'))
                }
                false => Some(index),
            };
            let Some(about) = about else { continue };
            let parameter = self.comments.parameters.entry(starts[about]).or_default();
            if alone {
                parameter.above.push(comment);
            } else {
                parameter.beside = Some(comment);
            }
        }
    }

    /// Begins a line.
    fn line(&mut self, token: &Tok, at: u32) {
        let start = self.comments.line_start(at);
        let indent = at - start;
        let kind = match token {
            Tok::At => Kind::Decorators,
            Tok::Def | Tok::Async => Kind::Def,
            Tok::Else | Tok::Elif => Kind::Else,
            _ => Kind::Plain,
        };
        let mut waiting = std::mem::take(&mut self.waiting);
        self.open = true;
        if let Some(last) = self.comments.lines.last_mut() {
            if last.kind == Kind::Decorators {
                last.above.append(&mut waiting);
                // Until it is known where the line ends, its first line's end.
                last.end = at;
                last.kind = kind;
                return;
            }
            let starts = &self.comments.line_starts;
            if last.indent > indent {
                let below = waiting.iter().take_while(|c| column(starts, c) > indent).count();
                last.below.extend(waiting.drain(..below));
            }
        }
        let index = self.comments.lines.len();
        while self.blocks.last().is_some_and(|block| self.comments.lines[*block].indent > indent) {
            self.blocks.pop();
        }
        let before = match self.blocks.last() {
            Some(&block) if self.comments.lines[block].indent == indent => {
                self.blocks.pop();
                (kind == Kind::Else).then_some(block)
            }
            // The first of a block.
            Some(&block) => (index == block + 1).then_some(block),
            None => None,
        };
        self.blocks.push(index);
        let line = Line { start, end: at, indent, above: waiting, kind, before, ..Line::default() };
        self.comments.lines.push(line);
    }
}

fn column(line_starts: &[u32], comment: &Comment) -> u32 {
    let index = line_starts.partition_point(|start| *start <= comment.start);
    comment.start - line_starts.get(index.wrapping_sub(1)).copied().unwrap_or(0)
}

/// What a comment says to people; `None` where it speaks to Python's tools only.
fn said(comment: &str) -> Option<String> {
    /// The words that such remarks begin with.
    const TOOLS: &[&str] = &[
        "noqa", "type:", "pylint:", "pragma:", "fmt:", "yapf:", "isort:", "ruff:", "mypy:", "pyright:",
        "flake8:", "nosec", "-*-", "%%",
    ];
    let for_tools = |text: &str| {
        let text = text.trim_start_matches(['#', ' ', '\t']);
        TOOLS.iter().any(|word| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))
    };
    let cut = comment.match_indices('#').map(|(at, _)| at).find(|at| for_tools(&comment[*at..]));
    let text = comment[..cut.unwrap_or(comment.len())].trim_start_matches('#');
    let text = text.strip_prefix(' ').unwrap_or(text).trim_end();
    (cut.is_none() || !text.trim().is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    /// The comments about the statement that begins with `statement`: above, beside and below it.
    fn about(comments: &Comments, text: &str, statement: &str, told: &mut HashSet<Place>) -> [String; 3] {
        let place = comments.place(text.find(statement).unwrap() as u32).unwrap();
        let about = comments.take(place, told);
        let joined = |list: Vec<&Comment>| list.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join("|");
        [joined(about.above), joined(about.beside.into_iter().collect()), joined(about.below)]
    }

    #[track_caller]
    fn check(text: &str, expected: &[(&str, [&str; 3])]) {
        let comments = Comments::of(text);
        let mut told = HashSet::new();
        for (statement, words) in expected {
            assert_eq!(about(&comments, text, statement, &mut told), *words, "about {statement}");
            assert_eq!(about(&comments, text, statement, &mut told), [""; 3], "{statement} once more");
        }
    }

    #[test]
    fn comments_are_above_beside_and_below_statements() {
        check(
            "# one\n#   two\na = 1  # three\nif a:\n    b = '#no'\n    # four\n# five\nc = (1 +  # six\n     2)  # seven\n",
            &[
                ("a = 1", ["one|  two", "three", ""]),
                ("b =", ["", "", "four"]),
                ("c =", ["five|six", "seven", ""]),
            ],
        );
    }

    #[test]
    fn decorators_and_their_function_are_one_place() {
        check(
            "x = 0\n# one\n@a  # two\n# three\n@b\ndef f():  # four\n    # five\n    y = 1\n    # six\n# seven\n",
            &[("@b", ["one|two|three", "four", ""]), ("y =", ["five", "", "six"])],
        );
    }

    #[test]
    fn the_first_statement_of_a_block_stands_for_its_head() {
        let text = "# one\nfor i in x:  # two\n    # three\n    y = i\n    z = i\n";
        check(text, &[("y =", ["one|two|three", "", ""]), ("z =", ["", "", ""]), ("for", ["", "", ""])]);
        check(text, &[("for", ["one", "two", ""]), ("y =", ["three", "", ""])]);
        let text = "# one\nif a:  # two\n    y = 1  # three\n# four\nelse:  # five\n    z = 1\n";
        check(text, &[("z =", ["one|four|five", "", ""])]);
        check(
            text,
            &[("if", ["one", "two", ""]), ("y =", ["", "three", ""]), ("z =", ["four|five", "", ""])],
        );
    }

    #[test]
    fn a_parameter_on_its_line_has_its_comments() {
        check(
            "@block\ndef f(\n    # one\n    # two\n    a,\n    b,  # three\n    c,\n):  # four\n    pass\n",
            &[("@block", ["", "four", ""]), ("a,", ["one|two", "", ""]), ("b,", ["", "three", ""])],
        );
    }

    #[test]
    fn remarks_for_tools_are_dropped() {
        assert_eq!(said("# noqa: E501"), None);
        assert_eq!(said("#type: ignore"), None);
        assert_eq!(said("# the level  # pylint: disable=all"), Some("the level".to_owned()));
        assert_eq!(said("# a # b"), Some("a # b".to_owned()));
        assert_eq!(said("#"), Some(String::new()));
        assert_eq!(said("## -----"), Some("-----".to_owned()));
    }

    #[test]
    fn what_is_no_python_has_no_comments_behind_the_error() {
        check("# one\na = 1\nb = $ # two\n", &[("a =", ["one", "", ""])]);
        for text in
            ["", "#", "# a", "\n#\n", "    # a\n  b", "(# a", "@a\n# b", "\\\n# x", "é # ü\né = 1  # ß"]
        {
            let comments = Comments::of(text);
            for offset in 0..=text.len() as u32 + 1 {
                if let Some(place) = comments.place(offset) {
                    comments.take(place, &mut HashSet::new());
                }
            }
        }
    }
}
