//! `pyhdl emit`: write HDL.

use std::io::Write;

use pyhdl_diag::Diagnostic;
use pyhdl_emit::{EmitOptions, Emitted, Language};
use pyhdl_ir::Design;

use crate::load::{self, Loaded};
use crate::report::Reporter;
use crate::{Stop, cli, codes, output};

pub fn run(args: &cli::Emit, reporter: &mut Reporter) -> Result<(), Stop> {
    let loaded = load::load(&args.design)?;
    let mut languages = Vec::new();
    if args.verilog || !args.vhdl {
        languages.push(Language::Verilog);
    }
    if args.vhdl {
        languages.push(Language::Vhdl);
    }
    let mut files = Vec::new();
    for (emitted, language) in
        emit(&loaded, &languages, args.name.as_deref(), reporter)?.into_iter().zip(&languages)
    {
        if let Some(name) = &args.name
            && *name != emitted.top
        {
            let message = format!("`{name}` cannot be the name of a module in {}", language.title());
            return Err(Stop::Usage(Box::new(
                Diagnostic::error(codes::BAD_NAME, message)
                    .help(format!("choose a name that is no keyword, of letters, digits and single underscores; for example `{}`", emitted.top)),
            )));
        }
        files.extend(emitted.files);
    }
    let written = output::write_all(&args.output, &files)?;
    let mut out = std::io::stdout().lock();
    for path in written {
        // A closed standard output is nobody's loss: the files are there.
        let _ = writeln!(out, "{}", path.display());
    }
    Ok(())
}

/// Checks a design and prints it in each language. What is wrong is reported; then there is no output at all.
pub fn emit(
    loaded: &Loaded,
    languages: &[Language],
    name: Option<&str>,
    reporter: &mut Reporter,
) -> Result<Vec<Emitted>, Stop> {
    let designs: Vec<Design> = languages.iter().map(|l| loaded.written_for(*l)).collect();
    loaded.report(&designs, reporter);
    if reporter.has_errors() {
        return Err(Stop::Reported);
    }
    let power_up = pyhdl_sim::power_up_values(&loaded.design);
    let options = EmitOptions {
        power_up: Some(power_up.into_iter().map(|v| v.to_bigint()).collect()),
        name: name.map(str::to_owned),
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
