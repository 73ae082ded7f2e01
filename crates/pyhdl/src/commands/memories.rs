//! What `pyhdl emit --explain` says of memories and tables.

use pyhdl_diag::SourceTable;
use pyhdl_ir::Design;

/// A line for each memory and table: its size, and whether it can be block RAM. Empty where there are none.
pub fn explained(design: &Design, sources: &SourceTable) -> String {
    let stored = design.stored();
    if stored.is_empty() {
        return String::new();
    }
    let rows: Vec<[String; 3]> = stored
        .iter()
        .map(|s| {
            let size = format!("{} x {} bit{}", s.words, s.width, if s.width == 1 { "" } else { "s" });
            let fate = match s.obstacle {
                None => "can be block RAM".to_owned(),
                Some(o) => format!("{}: {} ({})", o.reason.instead(), o.reason.text(), sources.place(o.span)),
            };
            [s.name.clone(), size, fate]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    let mut out = "\nMemories:\n".to_owned();
    for [name, size, fate] in &rows {
        out.push_str(&format!("  {name:<first$}  {size:<second$}  {fate}\n"));
    }
    out
}
