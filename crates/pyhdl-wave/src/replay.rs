//! [`replay`]: a batch one time step after the other, for formats that are written in the order of time.

use std::io;

use crate::batch::{Batch, Row};
use crate::columns::{Column, Columns};
use crate::format::Format;
use crate::value::{Kept, literals};

/// Writes the changes of a batch.
pub(crate) fn replay(
    file: &mut dyn Format,
    batch: &Batch,
    columns: &mut Columns,
    enums: &[Vec<String>],
) -> io::Result<()> {
    let mut rows: Vec<(u32, u32, &Row)> = Vec::new();
    for line in batch.touched() {
        let chunks = batch.rows(line as usize).flat_map(|(steps, rows)| steps.iter().zip(rows));
        rows.extend(chunks.map(|(step, row)| (*step, line, row)));
    }
    rows.sort_by_key(|(step, ..)| *step);
    let mut wide: Vec<(u32, Column, [Kept; 2])> = Vec::new();
    for signal in &mut columns.wide {
        let column = signal.column;
        signal.changes(&columns.lines, batch, |step, old, new| {
            wide.push((step, column, [old, new].map(|bytes| column.kept(bytes))));
        });
    }
    wide.sort_by_key(|(step, ..)| *step);
    let (mut rows, mut wide) = (rows.into_iter().peekable(), wide.into_iter().peekable());
    for (step, time) in (0..).zip(&batch.times) {
        if step > 0 || !batch.goes_on {
            file.time(*time)?;
        }
        while let Some((_, line, row)) = rows.next_if(|(of, ..)| *of == step) {
            let line = &mut columns.lines[line as usize];
            for column in &line.columns {
                let [old, new] = [&line.now, row].map(|row| column.bytes(row));
                if old != new {
                    write(file, column, &[old, new].map(|bytes| column.kept(bytes)), enums)?;
                }
            }
            line.now = *row;
        }
        while let Some((_, column, values)) = wide.next_if(|(of, ..)| *of == step) {
            write(file, &column, &values, enums)?;
        }
        file.pause()?;
    }
    Ok(())
}

/// Writes a value if the file shows a difference to the one before.
fn write(
    file: &mut dyn Format,
    column: &Column,
    [old, new]: &[Kept; 2],
    enums: &[Vec<String>],
) -> io::Result<()> {
    if old == new { Ok(()) } else { file.change(column.number, new.form(literals(column.kind, enums))) }
}
