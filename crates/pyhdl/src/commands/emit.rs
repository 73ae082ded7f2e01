//! `pyhdl emit`: write HDL.

use std::io::Write;

use pyhdl_diag::Diagnostic;
use pyhdl_emit::{EmitOptions, Emitted, InitialValues, Interfaces, Language, Renamed};
use pyhdl_python::{RunOptions, set_run_options};

use super::memories;
use crate::load::{self, Loaded};
use crate::report::Reporter;
use crate::{Stop, cli, codes, output, testbench};

pub fn run(args: &cli::Emit, reporter: &mut Reporter) -> Result<(), Stop> {
    set_run_options(RunOptions { until: args.until, ..RunOptions::default() });
    let loaded = load::load(&args.design)?;
    let mut languages = Vec::new();
    if args.verilog || !(args.sv || args.vhdl) {
        languages.push(Language::Verilog);
    }
    if args.sv {
        languages.push(Language::SystemVerilog);
    }
    if args.vhdl {
        languages.push(args.std.language());
    }
    let choices = Choices {
        name: args.name.as_deref(),
        initial_values: match args.initial_values {
            cli::InitialValues::All => InitialValues::All,
            cli::InitialValues::NoZeroMemories => InitialValues::NoZeroMemories,
            cli::InitialValues::None => InitialValues::None,
        },
        assertions: args.assertions,
        interfaces: if args.interfaces { Interfaces::Everywhere } else { Interfaces::Apart },
        flat: args.flat,
        split: args.split,
        src: args.src,
    };
    let emitted = emit(&loaded, &languages, choices, reporter)?;
    let mut explained = String::new();
    for (emitted, language) in emitted.iter().zip(&languages) {
        explained.push_str(&renamed_table(emitted, *language));
        explained.push_str(&apart_table(emitted, *language));
        if let Some(name) = &args.name
            && *name != emitted.top
        {
            let message = format!("`{name}` cannot be the name of a module in {}", language.title());
            return Err(Stop::Usage(Box::new(
                Diagnostic::error(codes::BAD_NAME, message)
                    .help(format!("choose a name that is no keyword, of letters, digits and single underscores; for example `{}`", emitted.top)),
            )));
        }
    }
    let benches = match args.testbench {
        Some(kind) => testbench::files(&loaded, &emitted, &languages, kind, reporter)?,
        None => Vec::new(),
    };
    let (mut files, mut beside) = (Vec::new(), Vec::new());
    for emitted in emitted {
        files.extend(emitted.files);
        beside.extend(emitted.list);
        if !args.no_map {
            for map in emitted.maps {
                beside.push(output::map_file(map, &args.output)?);
            }
        }
    }
    files.extend(benches);
    let count = files.len();
    files.extend(beside);
    // What stands beside the HDL is not printed: what is printed is for other tools.
    let mut written = output::write_all(&args.output, &files)?;
    written.truncate(count);
    let mut out = std::io::stdout().lock();
    for path in written {
        // A closed standard output is nobody's loss: the files are there.
        let _ = writeln!(out, "{}", path.display());
    }
    if args.explain {
        explained.push_str(&memories::explained(&loaded.design, loaded.sources()));
        let _ = out.write_all(explained.as_bytes());
    }
    Ok(())
}

/// What the user chooses of how HDL looks.
#[derive(Clone, Copy, Default)]
pub struct Choices<'a> {
    /// The name of the top module.
    pub name: Option<&'a str>,
    pub initial_values: InitialValues,
    /// Checks of what Python refuses.
    pub assertions: bool,
    /// Which ports stand together.
    pub interfaces: Interfaces,
    /// One module.
    pub flat: bool,
    /// A file for each module.
    pub split: bool,
    /// Attributes that say where things come from.
    pub src: bool,
}

/// The names that differ from those in Python, a line each.
fn renamed_table(emitted: &Emitted, language: Language) -> String {
    let mut out = format!("\nNames in {}:", language.title());
    if emitted.renamed.is_empty() {
        return out + " all as in Python\n";
    }
    out.push('\n');
    let python = |r: &Renamed| match &r.block {
        Some(block) => format!("{block}.{}", r.name),
        None => r.name.clone(),
    };
    let rows: Vec<[String; 3]> = emitted
        .renamed
        .iter()
        .map(|r| [python(r), r.emitted.clone(), r.reason.text(language).to_owned()])
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    for [python, hdl, why] in &rows {
        out.push_str(&format!("  {python:<first$}  {hdl:<second$}  {why}\n"));
    }
    out
}

/// Why blocks have several modules.
fn apart_table(emitted: &Emitted, language: Language) -> String {
    if emitted.apart.is_empty() {
        return String::new();
    }
    let mut out = format!("\nBlocks with several modules in {}:\n", language.title());
    let line = |line: &str| if line.is_empty() { "nothing more".to_owned() } else { format!("`{line}`") };
    for apart in &emitted.apart {
        let (first, other) = (line(&apart.line_of_first), line(&apart.line_of_other));
        out.push_str(&format!(
            "  {}: {} has {first}, {} has {other}\n",
            apart.block, apart.first, apart.other
        ));
    }
    out
}

/// Checks a design and prints it in each language. What is wrong is reported; then there is no output at all.
pub fn emit(
    loaded: &Loaded,
    languages: &[Language],
    choices: Choices,
    reporter: &mut Reporter,
) -> Result<Vec<Emitted>, Stop> {
    let designs: Vec<_> = languages.iter().map(|l| loaded.written_for(*l)).collect();
    loaded.report(&designs, reporter);
    if reporter.has_errors() {
        return Err(Stop::Reported);
    }
    let power_up = pyhdl_sim::power_up_values(&loaded.design);
    let options = EmitOptions {
        power_up: Some(power_up.into_iter().map(|v| v.to_bigint()).collect()),
        name: choices.name.map(str::to_owned),
        initial_values: choices.initial_values,
        assertions: choices.assertions,
        interfaces: choices.interfaces,
        flat: choices.flat,
        split: choices.split,
        src: choices.src,
        user_code: loaded.user_code(),
        ..EmitOptions::new(loaded.sources())
    };
    let mut all = Vec::new();
    for (language, design) in languages.iter().zip(&designs) {
        match pyhdl_emit::emit(design, *language, &options) {
            Ok(emitted) => all.push(emitted),
            Err(diagnostics) => {
                for diagnostic in &diagnostics {
                    reporter.show(diagnostic, loaded.sources());
                }
                return Err(Stop::Reported);
            }
        }
    }
    Ok(all)
}
