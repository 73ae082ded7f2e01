//! The source-file table: every file that a span can point into, with its text and line starts.

use std::path::{Path, PathBuf};

use oxc_index::{IndexVec, define_nonmax_u32_index_type};

define_nonmax_u32_index_type! {
    /// A file of a [`SourceTable`].
    pub struct FileId;
}

/// A half-open range of bytes in one file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Span {
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Span { file, start, end: end.max(start) }
    }

    /// The smallest span that covers both; `self` where they are in different files.
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span::new(self.file, self.start.min(other.start), self.end.max(other.end))
    }
}

/// One file: its path as the user should see it, and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub path: PathBuf,
    pub text: String,
    line_starts: Vec<u32>,
}

impl SourceFile {
    fn new(path: PathBuf, text: String) -> Self {
        let mut line_starts = vec![0];
        line_starts.extend(text.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1));
        SourceFile { path, text, line_starts }
    }

    /// The line of a byte offset, counted from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.line_starts.partition_point(|&s| s <= offset) as u32
    }

    /// The column of a byte offset in characters, counted from 1.
    pub fn column(&self, offset: u32) -> u32 {
        let start = self.line_starts[self.line(offset) as usize - 1] as usize;
        let end = (offset as usize).min(self.text.len());
        self.text.get(start..end).map_or(1, |s| s.chars().count() as u32 + 1)
    }

    /// The byte offset at which a line (counted from 1) starts; the end of the text for a line past the last.
    pub fn line_start(&self, line: u32) -> u32 {
        let index = (line as usize).saturating_sub(1);
        self.line_starts.get(index).copied().unwrap_or(self.text.len() as u32)
    }

    /// A line's text without its line ending; empty for a line past the last.
    pub fn line_text(&self, line: u32) -> &str {
        let (start, end) = (self.line_start(line) as usize, self.line_start(line + 1) as usize);
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }
}

/// Every source file of one run. A file is entered once; its id stays valid.
#[derive(Clone, Debug, Default)]
pub struct SourceTable {
    files: IndexVec<FileId, SourceFile>,
}

impl SourceTable {
    pub fn new() -> Self {
        Self::default()
    }

    /// Enters a file, or returns the id it already has.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> FileId {
        let path = path.into();
        match self.find(&path) {
            Some(id) => id,
            None => self.files.push(SourceFile::new(path, text.into())),
        }
    }

    pub fn find(&self, path: &Path) -> Option<FileId> {
        self.files.iter_enumerated().find(|(_, f)| f.path == path).map(|(id, _)| id)
    }

    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id]
    }

    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter_enumerated()
    }

    /// `path:line` of a span's start.
    pub fn place(&self, span: Span) -> String {
        let file = self.get(span.file);
        format!("{}:{}", file.path.display(), file.line(span.start))
    }

    /// The span of one line (counted from 1) without its indentation.
    pub fn line_span(&self, file: FileId, line: u32) -> Span {
        let source = self.get(file);
        let text = source.line_text(line);
        let start = source.line_start(line) + (text.len() - text.trim_start().len()) as u32;
        Span::new(file, start, source.line_start(line) + text.trim_end().len() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_optional_id_costs_nothing() {
        assert_eq!(size_of::<Option<FileId>>(), size_of::<FileId>());
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        let mut table = SourceTable::new();
        let id = table.add("a.py", "x\n  é = 1\n");
        let file = table.get(id);
        assert_eq!((file.line(0), file.column(0)), (1, 1));
        assert_eq!((file.line(4), file.column(4)), (2, 3));
        assert_eq!(file.column(6), 4);
        assert_eq!(file.line_text(2), "  é = 1");
        assert_eq!(file.line_text(9), "");
        assert_eq!(table.line_span(id, 2), Span::new(id, 4, 10));
    }
}
