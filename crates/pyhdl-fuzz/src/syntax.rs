//! [`syntax`]: finding functions by line and name where Python says that they are, in any text.

use pyhdl_diag::SourceTable;
use pyhdl_syntax::{Sources, ast::Ranged};

/// Each is a parse of its own where the text as a whole is no Python.
const MOST: usize = 6;

/// Looks for functions at lines of the text that mention one, and at its ends.
pub fn syntax(text: &str) {
    let mut table = SourceTable::new();
    let file = table.add("any.py", text);
    let mut wanted = vec![(0, ""), (1, "f"), (i32::MAX as u32, "f")];
    for (index, line) in text.split('\n').enumerate() {
        let Some((_, header)) = line.split_once("def ") else { continue };
        let name = header.split('(').next().unwrap_or("").trim();
        wanted.push((index as u32 + 1, name));
        if wanted.len() == MOST {
            break;
        }
    }
    let mut sources = Sources::new();
    for (line, name) in wanted {
        if let Ok(found) = sources.function(file, line, name, &table) {
            let range = found.range();
            assert!(text.get(range.start().to_usize()..range.end().to_usize()).is_some(), "a span outside");
        }
    }
}
