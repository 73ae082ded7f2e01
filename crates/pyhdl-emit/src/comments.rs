//! The author's `#` comments in the text of a module: each near the first line that was printed for the statement
//! that it is about, once. `marks` tell what a line was printed for.

use std::collections::{HashMap, HashSet};

use pyhdl_diag::{FileId, SourceTable, Span};
use pyhdl_syntax::{Comment, Comments, Place};

use crate::Language;
use crate::lines::{COMMENT_WIDTH, ascii, comment_line};
use crate::marks::{first, mark, without};

/// The comments of the Python files that a design comes from.
pub(crate) struct AuthorComments<'a> {
    sources: &'a SourceTable,
    language: Language,
    files: HashMap<FileId, Comments>,
}

impl<'a> AuthorComments<'a> {
    pub fn new(sources: &'a SourceTable, language: Language) -> AuthorComments<'a> {
        AuthorComments { sources, language, files: HashMap::new() }
    }

    /// What comments begin with.
    fn word(&self) -> &'static str {
        if self.language.is_verilog() { "//" } else { "--" }
    }

    /// A module's text, with marks, with its comments.
    pub fn put(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut told: HashMap<FileId, HashSet<Place>> = HashMap::new();
        let mut open: Option<Open> = None;
        for line in text.split_inclusive('\n') {
            let place = first(line).and_then(|span| Some((span.file, self.place(span)?)));
            if open.as_ref().map(|open| open.place) != place {
                if let Some(open) = open.take() {
                    self.close(open, &mut out);
                }
                if let Some((file, at)) = place {
                    let about = self.files[&file].take(at, told.entry(file).or_default());
                    let lines = |comments: Vec<&Comment>| comments.into_iter().cloned().collect::<Vec<_>>();
                    let indent = line.len() - line.trim_start_matches(' ').len();
                    let mut above = lines(about.above);
                    let mut beside = about.beside.filter(|c| !c.text.is_empty()).cloned();
                    let width = without(line).trim_end().len();
                    if beside.as_ref().is_some_and(|c| width + 2 + c.text.len() > COMMENT_WIDTH) {
                        above.extend(beside.take());
                    }
                    let next = Open { place: (file, at), indent, beside, below: lines(about.below) };
                    self.alone(&above, &next, &mut out);
                    open = Some(next);
                }
            }
            let is_comment = without(line).trim_start().starts_with(self.word());
            match open.as_mut().and_then(|open| open.beside.take_if(|_| !is_comment)) {
                Some(beside) => {
                    out.push_str(line.trim_end());
                    if let Some(words) = self.printed(&beside.text).first() {
                        out.push_str(&format!(" {words}"));
                    }
                    out.push('\n');
                }
                // Docstrings.
                None if is_comment => out.push_str(&self.spelled(line)),
                None => out.push_str(line),
            }
        }
        if let Some(open) = open {
            self.close(open, &mut out);
        }
        out
    }

    fn place(&mut self, span: Span) -> Option<Place> {
        let sources = self.sources;
        self.files
            .entry(span.file)
            .or_insert_with(|| Comments::of(&sources.get(span.file).text))
            .place(span.start)
    }

    fn close(&self, open: Open, out: &mut String) {
        if let Some(beside) = &open.beside {
            self.alone(std::slice::from_ref(beside), &open, out);
        }
        self.alone(&open.below, &open, out);
    }

    /// Comments on lines of their own.
    fn alone(&self, comments: &[Comment], open: &Open, out: &mut String) {
        let empty = |c: &&Comment| c.text.is_empty();
        let first = comments.iter().take_while(empty).count();
        let last = comments.iter().rev().take_while(empty).count();
        for comment in comments.iter().take(comments.len() - last).skip(first) {
            let span = Span::new(open.place.0, comment.start, comment.end);
            for words in self.printed(&comment.text) {
                out.push_str(&format!("{:indent$}{}{words}\n", "", mark(span), indent = open.indent));
            }
        }
    }

    fn printed(&self, text: &str) -> Vec<String> {
        comment_line(self.word(), text).iter().map(|line| self.spelled(line)).collect()
    }

    /// In the characters that the language has.
    fn spelled(&self, text: &str) -> String {
        if self.language == Language::Vhdl93 { ascii(text) } else { text.to_owned() }
    }
}

/// Lines that are printed for one statement.
struct Open {
    place: (FileId, Place),
    indent: usize,
    beside: Option<Comment>,
    below: Vec<Comment>,
}
