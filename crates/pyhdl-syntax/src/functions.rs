//! [`Sources`]: source files with their parsed functions, each file read and parsed once.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use pyhdl_diag::{Diagnostic, FileId, SourceTable, Span};
use rustpython_parser::text_size::TextSize;
use rustpython_parser::{Parse, ast};

use crate::codes;

/// Files by path, functions by line and name.
#[derive(Default)]
pub struct Sources {
    files: HashMap<std::path::PathBuf, FileId>,
    parsed: HashMap<FileId, Rc<ParsedFile>>,
    functions: HashMap<(FileId, u32, Option<String>), Rc<ast::StmtFunctionDef>>,
}

struct ParsedFile {
    /// `None` where the file as a whole does not parse: then each function is parsed by itself.
    suite: Option<ast::Suite>,
}

impl Sources {
    pub fn new() -> Self {
        Self::default()
    }

    /// Enters a file into `table`, reading it from disk the first time.
    pub fn file(&mut self, path: &Path, table: &mut SourceTable) -> Result<FileId, Diagnostic> {
        if let Some(&id) = self.files.get(path) {
            return Ok(id);
        }
        let id = match table.find(path) {
            Some(id) => id,
            None => {
                let bytes = std::fs::read(path).map_err(|e| {
                    Diagnostic::error(
                        codes::SOURCE_MISSING,
                        format!("the Python source {} cannot be read: {e}", path.display()),
                    )
                    .help("hardware is read from source files: keep the file where Python loaded it from")
                })?;
                table.add(path, decode(&bytes))
            }
        };
        self.files.insert(path.to_owned(), id);
        Ok(id)
    }

    /// The function `name` whose `def`, or first decorator, is on `line` (from 1).
    pub fn function(
        &mut self,
        file: FileId,
        line: u32,
        name: &str,
        table: &SourceTable,
    ) -> Result<Rc<ast::StmtFunctionDef>, Diagnostic> {
        self.search(file, line, Some(name), table)
    }

    /// The function whose `def`, or first decorator, is on `line` (from 1), whatever it is called.
    pub fn function_at(
        &mut self,
        file: FileId,
        line: u32,
        table: &SourceTable,
    ) -> Option<Rc<ast::StmtFunctionDef>> {
        self.search(file, line, None, table).ok()
    }

    fn search(
        &mut self,
        file: FileId,
        line: u32,
        name: Option<&str>,
        table: &SourceTable,
    ) -> Result<Rc<ast::StmtFunctionDef>, Diagnostic> {
        let key = (file, line, name.map(str::to_owned));
        if let Some(found) = self.functions.get(&key) {
            return Ok(found.clone());
        }
        let source = table.get(file);
        let parsed = self
            .parsed
            .entry(file)
            .or_insert_with(|| {
                let path = source.path.to_string_lossy();
                Rc::new(ParsedFile { suite: ast::Suite::parse(&source.text, &path).ok() })
            })
            .clone();
        let starts_at = |def: &ast::StmtFunctionDef| {
            let start = def.decorator_list.first().map_or(def.range.start(), |d| {
                use ast::Ranged;
                d.range().start()
            });
            let lines = [source.line(start.to_u32()), source.line(def.range.start().to_u32())];
            lines.contains(&line) && name.is_none_or(|name| def.name.as_str() == name)
        };
        let found = match &parsed.suite {
            Some(suite) => find(suite, &starts_at).cloned(),
            None => {
                let suite = parse_one(file, line, table)?;
                find(&suite, &starts_at).cloned()
            }
        };
        let found = Rc::new(found.ok_or_else(|| {
            Diagnostic::error(
                codes::SOURCE_CHANGED,
                format!(
                    "{}:{line} does not define `{}` any more",
                    source.path.display(),
                    name.unwrap_or("a function")
                ),
            )
            .at(table.line_span(file, line), "expected here")
            .help("the file changed after Python loaded it: run again")
        })?);
        self.functions.insert(key, found.clone());
        Ok(found)
    }
}

/// The text of a source file: what is no UTF-8 is shown as unknown characters.
pub fn decode(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if !text.contains('\r') {
        return text;
    }
    // Python ends lines at a lone carriage return as well. All positions stay as they are.
    text.replace("\r\n", "\0\n").replace('\r', "\n").replace('\0', "\r")
}

/// The first function definition that `wanted` accepts, searched in document order without recursion over nesting.
fn find<'a>(
    suite: &'a [ast::Stmt],
    wanted: &impl Fn(&ast::StmtFunctionDef) -> bool,
) -> Option<&'a ast::StmtFunctionDef> {
    let mut open: Vec<&'a [ast::Stmt]> = vec![suite];
    while let Some(stmts) = open.pop() {
        for stmt in stmts {
            match stmt {
                ast::Stmt::FunctionDef(def) => {
                    if wanted(def) {
                        return Some(def);
                    }
                    open.push(&def.body);
                }
                ast::Stmt::AsyncFunctionDef(def) => open.push(&def.body),
                ast::Stmt::ClassDef(def) => open.push(&def.body),
                ast::Stmt::If(s) => open.extend([&s.body[..], &s.orelse[..]]),
                ast::Stmt::For(s) => open.extend([&s.body[..], &s.orelse[..]]),
                ast::Stmt::While(s) => open.extend([&s.body[..], &s.orelse[..]]),
                ast::Stmt::With(s) => open.push(&s.body),
                ast::Stmt::Try(s) => {
                    open.extend([&s.body[..], &s.orelse[..], &s.finalbody[..]]);
                    for ast::ExceptHandler::ExceptHandler(handler) in &s.handlers {
                        open.push(&handler.body);
                    }
                }
                ast::Stmt::Match(s) => open.extend(s.cases.iter().map(|c| &c.body[..])),
                _ => {}
            }
        }
    }
    None
}

/// Parses the lines of one function: from `line` to the last line that is indented deeper than its `def`.
///
/// An indented function is put under an `if 1:` that is parsed as if it stood before the function, so that the
/// positions stay those of the file.
fn parse_one(file: FileId, line: u32, table: &SourceTable) -> Result<ast::Suite, Diagnostic> {
    const WRAPPER: &str = "if 1:\n";
    let source = table.get(file);
    let indent_of = |text: &str| text.len() - text.trim_start().len();
    let indent = indent_of(source.line_text(line));
    let last_line = source.line(source.text.len() as u32);
    let mut end = line;
    let mut in_body = false;
    for at in line + 1..=last_line {
        let text = source.line_text(at);
        if text.trim().is_empty() {
            continue;
        }
        let deeper = indent_of(text) > indent;
        if in_body && !deeper && !text.trim_start().starts_with([')', '#']) {
            break;
        }
        in_body |= deeper;
        end = at;
    }
    let start = source.line_start(line);
    let text = &source.text[start as usize..source.line_start(end + 1) as usize];
    let parsed = if indent == 0 || (start as usize) < WRAPPER.len() {
        ast::Suite::parse_starts_at(text, "", TextSize::from(start))
    } else {
        let offset = TextSize::from(start - WRAPPER.len() as u32);
        ast::Suite::parse_starts_at(&format!("{WRAPPER}{text}"), "", offset)
    };
    parsed.map_err(|e| {
        let at = (e.offset.to_u32()).min(source.text.len() as u32);
        Diagnostic::error(
            codes::SOURCE_SYNTAX,
            format!("this Python cannot be read as hardware: {}", e.error),
        )
        .at(Span::new(file, at, at + 1), "here")
        .help("write it in the syntax of Python 3.11 or older")
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn function(text: &str, line: u32, name: &str) -> Result<(u32, String), Diagnostic> {
        let mut table = SourceTable::new();
        let file = table.add("d.py", text);
        let def = Sources::new().function(file, line, name, &table)?;
        let start = def.range.start().to_u32();
        Ok((start, table.get(file).text[start as usize..def.range.end().to_usize()].to_owned()))
    }

    const NESTED: &str = "def top(a):\n    @dec(a)\n    def inner():\n        return 1\n    return inner\n";

    #[test]
    fn finds_a_nested_function_by_decorator_or_def_line() {
        for line in [2, 3] {
            let (start, text) = function(NESTED, line, "inner").unwrap();
            assert_eq!(start, 28);
            assert_eq!(text, "def inner():\n        return 1");
        }
        assert!(function(NESTED, 1, "inner").is_err());
    }

    #[test]
    fn parses_one_function_of_a_file_with_newer_syntax_elsewhere() {
        let text = format!("{NESTED}type Alias[T] = = T\n");
        let (start, body) = function(&text, 2, "inner").unwrap();
        assert_eq!((start, body.as_str()), (28, "def inner():\n        return 1"));
    }

    #[test]
    fn a_function_that_does_not_parse_is_a_diagnostic() {
        let error = function("def f():\n    print 'x'\n", 1, "f").unwrap_err();
        assert_eq!(error.code, codes::SOURCE_SYNTAX);
    }
}
