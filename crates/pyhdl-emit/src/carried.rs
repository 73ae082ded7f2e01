//! Black boxes around the printed design: the files that they are in go with it, and modules that are in no file are
//! declared for Verilog tools.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use pyhdl_diag::{Diagnostic, Diagnostics, SourceTable};
use pyhdl_ir::{BlackBox, BoxPort, CodeBody, Design, Direction, Item, Parameter, ProcessId, ScopeId};

use crate::lines::Lines;
use crate::user_code::body;
use crate::vector::Shape;
use crate::verilog::{black_box::literal, declare::range};
use crate::{EmitOptions, Emitted, Language, codes};

/// The black boxes that are instantiated in a design, in the order of their processes.
pub(crate) fn black_boxes<'a>(
    design: &Design,
    language: Language,
    options: &'a EmitOptions<'_>,
) -> Vec<&'a BlackBox> {
    let mut reached: Vec<ProcessId> = Vec::new();
    let mut open: Vec<ScopeId> = vec![design.top()];
    while let Some(scope) = open.pop() {
        for item in &design.scopes[scope].items {
            match item {
                Item::Scope(child) => open.push(*child),
                Item::Process(id) => reached.push(*id),
            }
        }
    }
    reached.sort_unstable();
    let code = |id| match options.user_code.get(id).and_then(|code| body(code, language)) {
        Some(CodeBody::BlackBox(there)) => Some(there),
        _ => None,
    };
    reached.iter().filter_map(code).collect()
}

/// An error where the top is a module elsewhere.
pub(crate) fn refuse_as_top(
    design: &Design,
    language: Language,
    options: &EmitOptions,
) -> Result<(), Diagnostics> {
    for item in &design.scopes[design.top()].items {
        if let Item::Process(id) = item
            && let Some(CodeBody::BlackBox(there)) =
                options.user_code.get(id).and_then(|code| body(code, language))
        {
            let message = format!("`{}` is a black box: there is nothing to emit", there.module);
            return Err(vec![problem(there, message).help("choose a block around it with --top")]);
        }
    }
    Ok(())
}

/// Whether a file is for a language.
fn is_for(file: &Path, language: Language) -> bool {
    let ending = file.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    match language.is_verilog() {
        true => matches!(ending.as_str(), "v" | "sv" | "vh" | "svh"),
        false => matches!(ending.as_str(), "vhd" | "vhdl"),
    }
}

/// Adds to an emitted design what its black boxes need.
pub(crate) fn carry(
    design: &Design,
    language: Language,
    options: &EmitOptions,
    emitted: &mut Emitted,
) -> Result<(), Diagnostics> {
    let boxes = black_boxes(design, language, options);
    let mut problems = Diagnostics::new();
    let mut known: BTreeMap<String, &BlackBox> = BTreeMap::new();
    // What is in the output already, by its name in lower case: many file systems compare like this.
    let mut taken: BTreeMap<String, Option<PathBuf>> =
        emitted.files.iter().map(|(name, _)| (name.to_ascii_lowercase(), None)).collect();
    let mut files = Vec::new();
    let mut missing: Vec<&BlackBox> = Vec::new();
    let mut seen = HashSet::new();
    for there in boxes {
        let key = match language.is_verilog() {
            true => there.module.clone(),
            false => format!("{}.{}", there.library, there.module).to_ascii_lowercase(),
        };
        let other = *known.entry(key).or_insert(there);
        if language.is_vhdl() {
            for (name, value) in &there.parameters {
                if let Parameter::Int(value) = value
                    && i32::try_from(value).is_err()
                {
                    problems.push(
                        problem(
                            there,
                            format!("the generic `{name}` is {value}: VHDL's integers have 32 bits"),
                        )
                        .help("pass it in parts, or as a string of bits"),
                    );
                }
            }
        }
        if other.files != there.files {
            problems.push(
                problem(
                    there,
                    format!("two black boxes are called `{}`, and are in different files", there.module),
                )
                .help("give one of them another name, or both the same files"),
            );
            continue;
        }
        if !there.known && !there.files.iter().any(|file| is_for(file, language)) {
            missing.push(there);
        }
        for path in &there.files {
            let known = is_for(path, Language::Verilog) || is_for(path, Language::Vhdl);
            if !seen.insert(path.clone()) || (known && !is_for(path, language)) {
                continue;
            }
            match read(path, known) {
                Err(why) => problems.push(
                    problem(there, format!("the file `{}` of `{}` {why}", shown(path, there, options.sources), there.module))
                        .help("files= has paths relative to the Python file, of Verilog (.v, .sv, .vh, .svh) or VHDL (.vhd, .vhdl)"),
                ),
                Ok(text) => {
                    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    if taken.insert(name.to_ascii_lowercase(), Some(path.clone())).is_some() {
                        problems.push(
                            problem(there, format!("the output would have two files called `{name}`"))
                                .help("give one of the files, or the top (--name), another name"),
                        );
                    }
                    files.push((name, text));
                }
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if language.is_vhdl() {
        // What is used comes before its user.
        files.append(&mut emitted.files);
        emitted.files = files;
    } else {
        emitted.files.extend(files);
        if !missing.is_empty() {
            emitted.files.push((format!("{}_blackboxes.v", emitted.top), stubs(design, &missing)));
        }
    }
    if let Some((_, list)) = &mut emitted.list {
        *list = emitted.files.iter().map(|(name, _)| format!("{name}\n")).collect();
    }
    let mut outside: Vec<String> = missing.iter().map(|there| there.module.clone()).collect();
    outside.sort();
    outside.dedup();
    emitted.outside = outside;
    Ok(())
}

fn problem(there: &BlackBox, message: String) -> Diagnostic {
    Diagnostic::error(codes::BLACK_BOX, message).at(there.span, "this black box")
}

/// A path as it is seen from the Python file: that does not differ between machines.
fn shown(path: &Path, there: &BlackBox, sources: &SourceTable) -> String {
    let python = std::path::absolute(&sources.get(there.span.file).path).unwrap_or_default();
    let folder = python.parent().unwrap_or(Path::new(""));
    let shown = match path.strip_prefix(folder) {
        Ok(inside) if inside.as_os_str().is_empty() => Path::new("."),
        Ok(inside) => inside,
        Err(_) => Path::new(path.file_name().unwrap_or_default()),
    };
    shown.display().to_string()
}

fn read(path: &Path, known: bool) -> Result<String, String> {
    if path.is_dir() {
        return Err("is a folder".to_owned());
    }
    if !known {
        return Err("is of no known language".to_owned());
    }
    match std::fs::read(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err("does not exist".to_owned()),
        Err(e) => Err(format!("cannot be read: {e}")),
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| "is no text in UTF-8".to_owned()),
    }
}

/// Modules without contents, which synthesis and lint tools know by their attribute.
fn stubs(design: &Design, boxes: &[&BlackBox]) -> String {
    let mut modules: BTreeMap<&str, (BTreeMap<&str, String>, Vec<&BoxPort>)> = BTreeMap::new();
    for there in boxes {
        let (parameters, ports) = modules.entry(&there.module).or_default();
        for (name, value) in &there.parameters {
            parameters.entry(name).or_insert_with(|| literal(value));
        }
        for port in &there.ports {
            if !ports.iter().any(|p| p.name == port.name) {
                ports.push(port);
            }
        }
    }
    let mut out = Lines::at(0);
    out.line("// Modules that come from elsewhere: what is known of their ports. Synthesis leaves them as they are.");
    out.line("// Leave this file out where the tool has them.");
    out.line("// verilator lint_off DECLFILENAME");
    out.line("// verilator lint_off UNDRIVEN");
    out.line("// verilator lint_off UNUSED");
    for (name, (parameters, ports)) in modules {
        out.line("");
        out.line("(* blackbox *)");
        if parameters.is_empty() {
            out.open(format!("module {name} ("));
        } else {
            out.open(format!("module {name} #("));
            for (i, (parameter, value)) in parameters.iter().enumerate() {
                let comma = if i + 1 < parameters.len() { "," } else { "" };
                out.line(format!("parameter {parameter} = {value}{comma}"));
            }
            out.turn(") (");
        }
        for (i, port) in ports.iter().enumerate() {
            let comma = if i + 1 < ports.len() { "," } else { "" };
            let kind = match port.direction {
                Direction::In => "input  wire",
                Direction::Out => "output wire",
                Direction::InOut => "inout  wire",
            };
            let range = Shape::of_storage(&design.signals[port.signal].ty).map(|s| range(s, design));
            out.line(format!("{kind} {}{}{comma}", range.unwrap_or_default(), port.name));
        }
        out.close(");");
        out.line("endmodule");
    }
    out.into_text()
}
