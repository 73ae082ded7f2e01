//! What `cargo xtask bench engines` prints.

use super::engine::Engine;
use super::measure::{Row, Table, WAITED};
use super::median;

/// How many times as fast as the engines that ran pyhdl is, and how many times it was.
pub fn ratios(table: &Table, before: Option<&Table>) -> String {
    let ratio = |row: &Row, engine: Engine| row.get(engine.name())?.ratio;
    let engines = Engine::ALL.into_iter().filter(|e| table.values().any(|row| ratio(row, *e).is_some()));
    let engines: Vec<Engine> = engines.collect();
    let mut lines = vec![vec!["design".to_owned(), "pyhdl, cycles/s".to_owned()]];
    lines[0].extend(engines.iter().map(|engine| format!("/ {}", engine.title())));
    for (design, row) in table {
        let Some(ours) = row.get(Engine::Pyhdl.name()) else { continue };
        let mut line = vec![design.clone(), format!("{:.0}", ours.cycles_per_second)];
        let then = before.and_then(|table| table.get(design));
        line.extend(engines.iter().map(|e| cell(ratio(row, *e), then.and_then(|row| ratio(row, *e)))));
        lines.push(line);
    }
    if !engines.is_empty() {
        let mut last = vec!["median".to_owned(), String::new()];
        last.extend(engines.iter().map(|engine| {
            let of = |table: &Table| median(table.values().filter_map(|row| ratio(row, *engine)).collect());
            cell(of(table), before.and_then(of))
        }));
        lines.push(last);
    }
    grid(&lines)
}

/// How many seconds pass from the command to the result, on the engines of which one waits for it.
pub fn waits(table: &Table) -> String {
    let wait = |row: &Row, engine: Engine| Some(row.get(engine.name())?.wait.as_ref()?.seconds);
    let engines = Engine::ALL.into_iter().filter(|e| table.values().any(|row| wait(row, *e).is_some()));
    let engines: Vec<Engine> = engines.collect();
    let mut lines = vec![vec![format!("seconds to the result of {WAITED} cycles")]];
    lines[0].extend(engines.iter().map(|engine| engine.title().to_owned()));
    for (design, row) in table {
        let mut line = vec![design.clone()];
        line.extend(engines.iter().map(|e| wait(row, *e).map(|s| format!("{s:.2}")).unwrap_or_default()));
        lines.push(line);
    }
    grid(&lines)
}

fn cell(now: Option<f64>, then: Option<f64>) -> String {
    match (now, then) {
        (Some(now), Some(then)) => format!("{} (was {})", shown(now), shown(then)),
        (Some(now), None) => shown(now),
        (None, _) => String::new(),
    }
}

/// Two significant digits, or whole numbers.
fn shown(ratio: f64) -> String {
    let digits = if ratio >= 10.0 { 0 } else { (1.0 - ratio.log10().floor()).clamp(0.0, 9.0) as usize };
    format!("{ratio:.digits$}")
}

/// A table in Markdown, of which the first line is the head; all columns but the first are numbers.
fn grid(lines: &[Vec<String>]) -> String {
    let mut lines = lines.iter().map(|cells| format!("| {} |\n", cells.join(" | ")));
    let head = lines.next().unwrap_or_default();
    let rule = format!("|---{}|\n", "|---:".repeat(head.matches(" | ").count()));
    head + &rule + &lines.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::super::measure::{Figures, Wait};
    use super::*;

    fn figures(ratio: Option<f64>, seconds: Option<f64>) -> Figures {
        let wait = seconds.map(|seconds| Wait { seconds, ..Wait::default() });
        Figures { cycles_per_second: 1234.5, ratio, wait, ..Figures::default() }
    }

    fn table(ratios: [f64; 3]) -> Table {
        let row = |ratio| {
            let ours = ("pyhdl".to_owned(), figures(None, Some(0.5)));
            Row::from([ours, ("icarus".to_owned(), figures(Some(ratio), None))])
        };
        Table::from(
            [("a", ratios[0]), ("b", ratios[1]), ("c", ratios[2])].map(|(d, r)| (d.to_owned(), row(r))),
        )
    }

    #[test]
    fn ratios_have_two_digits() {
        assert_eq!([0.001_234, 0.5, 1.0, 9.94, 123.4].map(shown), ["0.0012", "0.50", "1.0", "9.9", "123"]);
    }

    #[test]
    fn columns_are_the_engines_that_ran_and_the_last_row_is_their_median() {
        let text = "| design | pyhdl, cycles/s | / Icarus |\n|---|---:|---:|\n\
                    | a | 1234 | 20 |\n| b | 1234 | 3.0 |\n| c | 1234 | 5.0 |\n| median |  | 5.0 |\n";
        assert_eq!(ratios(&table([20.0, 3.0, 5.0]), None), text);
    }

    #[test]
    fn what_was_stands_beside_what_is() {
        let text = ratios(&table([20.0, 3.0, 5.0]), Some(&table([10.0, 6.0, 0.5])));
        assert!(text.contains("| a | 1234 | 20 (was 10) |"), "{text}");
        assert!(text.contains("| median |  | 5.0 (was 6.0) |"), "{text}");
    }

    #[test]
    fn one_waits_for_some_engines_only() {
        let mut table = table([1.0, 1.0, 1.0]);
        table.retain(|design, _| design != "c");
        table
            .entry("b".to_owned())
            .or_default()
            .insert("verilator".to_owned(), figures(Some(1.0), Some(4.25)));
        let text = "| seconds to the result of 100000 cycles | pyhdl | Verilator |\n|---|---:|---:|\n\
                    | a | 0.50 |  |\n| b | 0.50 | 4.25 |\n";
        assert_eq!(waits(&table), text);
    }
}
