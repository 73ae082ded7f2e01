//! `pyhdl emit --testbench`: the test bench in the language of the design, printed where it is convertible, else as the
//! inputs and outputs of a run in Python.

use std::collections::HashSet;

use pyhdl_diag::Diagnostic;
use pyhdl_emit::test_bench::{Tested, inconvertible, test_bench};
use pyhdl_emit::{EmitOptions, Emitted, Language};
use pyhdl_flow::{Bench, LAST_TIME, Replay, VhdlStandard};

use crate::cli::TestBench;
use crate::load::Loaded;
use crate::recorded::{self, Applied, Recorded};
use crate::report::Reporter;
use crate::{Stop, codes};

/// The files of the test benches of a design that has been emitted in some languages.
pub fn files(
    loaded: &Loaded,
    emitted: &[Emitted],
    languages: &[Language],
    kind: TestBench,
    reporter: &mut Reporter,
) -> Result<Vec<(String, String)>, Stop> {
    recorded::has_bench(loaded)?;
    // What a test bench cannot say is known before it runs, which may take long.
    let convertible: Vec<Result<(), String>> = emitted
        .iter()
        .zip(languages)
        .map(|(emitted, language)| match kind {
            TestBench::Recorded => Err(String::new()),
            _ => converted(loaded, emitted, *language, 0).map(|_| ()),
        })
        .collect();
    let mut said = Vec::new();
    for (why, language) in convertible.iter().zip(languages) {
        let Err(why) = why else { continue };
        match kind {
            TestBench::Recorded => {}
            TestBench::Auto if said.contains(why) => {}
            TestBench::Auto => {
                reporter
                    .line(&format!("note: the test bench is a recording, as it is not convertible: {why}"));
                said.push(why.clone());
            }
            TestBench::Converted => {
                return Err(Stop::Diagnostic(Box::new(
                    Diagnostic::error(
                        codes::INCONVERTIBLE_BENCH,
                        format!("the test bench is not convertible to {}: {why}", language.title()),
                    )
                    .help("leave out `=converted`: then what it does in Python is recorded"),
                )));
            }
        }
    }
    if convertible.iter().any(Result::is_err) {
        recorded::comparable(loaded, emitted, reporter)?;
    }
    loaded.interpreter.prints_on_stderr()?;
    let recorded = Recorded::of(loaded)?;
    let mut files: Vec<(String, String)> = Vec::new();
    for ((emitted, language), convertible) in emitted.iter().zip(languages).zip(convertible) {
        let made = match convertible {
            Ok(()) => converted(loaded, emitted, *language, recorded.last_step()).map_err(|why| {
                Stop::Diagnostic(Box::new(Diagnostic::error(codes::INCONVERTIBLE_BENCH, why)))
            })?,
            Err(_) => replaying(loaded, emitted, *language, &recorded)?.to_vec(),
        };
        for file in made {
            // Both languages read the same vectors, and a test bench may have black boxes of the design.
            if !files.contains(&file) && !emitted.files.contains(&file) {
                files.push(file);
            }
        }
    }
    let mut names = HashSet::new();
    let own = emitted.iter().flat_map(|e| &e.files).chain(&files);
    for (name, _) in own {
        if !names.insert(name.to_ascii_lowercase()) {
            return Err(Stop::Diagnostic(Box::new(
                Diagnostic::error(codes::SAME_FILE, format!("`{name}` would be written twice"))
                    .help("choose another name for the top with --name, or emit one language at a time"),
            )));
        }
    }
    Ok(files)
}

/// The test bench itself, or why it cannot be printed.
fn converted(
    loaded: &Loaded,
    emitted: &Emitted,
    language: Language,
    last_step: u64,
) -> Result<Vec<(String, String)>, String> {
    let lowered = &loaded.elaboration.lowered;
    let tested = Tested { scope: loaded.scope, emitted, signals: &loaded.origin.signals, last_step };
    if let Some(why) = inconvertible(&lowered.design, &tested, language) {
        return Err(why);
    }
    let (design, user_code) = test_bench(&lowered.design, &lowered.code, &tested, language, loaded.sources());
    if let Some(error) = design.check().iter().find(|d| d.is_error()) {
        return Err(error.message.clone());
    }
    let power_up = pyhdl_sim::power_up_values(&lowered.design);
    let options = EmitOptions {
        power_up: Some(power_up.into_iter().map(|v| v.to_bigint()).collect()),
        name: Some(name(emitted)),
        waits: true,
        test_bench: true,
        user_code,
        ..EmitOptions::new(loaded.sources())
    };
    match pyhdl_emit::emit(&design, language, &options) {
        Ok(bench) => Ok(bench.files),
        Err(found) => Err(found.first().map_or_else(String::new, |d| d.message.clone())),
    }
}

/// A test bench that replays a run.
fn replaying(
    loaded: &Loaded,
    emitted: &Emitted,
    language: Language,
    recorded: &Recorded,
) -> Result<[(String, String); 2], Stop> {
    if recorded.last_step() > LAST_TIME {
        return Err(Stop::Diagnostic(Box::new(
            Diagnostic::error(
                codes::LATE,
                format!(
                    "the test bench runs until time {}, and HDL simulators count to {LAST_TIME}",
                    recorded.last_step()
                ),
            )
            .help("end the recording earlier with --until, or use shorter delays"),
        )));
    }
    let Applied { ports, steps, expected } = recorded.applied(&loaded.design, emitted);
    let bench = &loaded.elaboration.lowered.design.scopes[loaded.elaboration.lowered.design.top()];
    let source = loaded.sources().get(bench.span.file);
    let file = source.path.file_name().unwrap_or_default().to_string_lossy();
    let line = source.line(bench.span.start);
    let mut about = vec![
        format!("Test bench of {} that checks by itself: what `{}` did in Python.", emitted.top, bench.block),
        format!("Generated by pyhdl from {file}, line {line}."),
    ];
    if let Some(doc) = &bench.doc {
        about.push(String::new());
        about.extend(doc.trim().lines().map(|line| line.trim().to_owned()));
    }
    // What stands in a comment ends with the line.
    for line in &mut about {
        *line = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    }
    let first_edges = recorded.first_edges(&loaded.design, emitted);
    let made = pyhdl_flow::recorded_bench(
        &Bench {
            replay: Replay {
                top: &emitted.top,
                files: &[],
                ports: &ports,
                package: emitted.package.as_deref(),
                steps: &steps,
            },
            expected: &expected,
            first_edges: &first_edges,
            name: &name(emitted),
            about: &about,
            standard: match language {
                Language::Vhdl93 => VhdlStandard::Vhdl93,
                _ => VhdlStandard::Vhdl2008,
            },
        },
        if language.is_verilog() { pyhdl_flow::Language::Verilog } else { pyhdl_flow::Language::Vhdl },
    );
    made.map_err(|e| Stop::Diagnostic(Box::new(e.diagnostic())))
}

fn name(emitted: &Emitted) -> String {
    format!("tb_{}", emitted.top)
}
