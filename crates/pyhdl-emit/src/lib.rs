//! A [`pyhdl_ir::Design`] as HDL text: hierarchical, with the author's names, one printer per language.
//!
//! - `storage`: which memories are real arrays in the output;
//! - `prepare`: a copy of the design in which every statement has a form in both languages;
//! - `chains`: chains of comparisons as choices by value;
//! - `checks`: what Python refuses, as assertions;
//! - `sizing`: expressions over integers to expressions over vectors (`vector`), where the meaning is decided;
//!   `defined`: where divisions and indices have a result; `effects`: what calls do besides giving a value;
//! - `enums`: the names of enumeration types that several modules see;
//! - `bundles`: ports that are structures and arrays; `members`: what a module has of them;
//! - `plan`: what a module consists of and what everything in it is called (`naming`, `keywords`);
//! - `verilog`, `vhdl`: the printers;
//! - `output`: modules to files;
//! - `marks`, `map`: which line comes from which line of Python;
//! - `comments`: the author's comments near the lines that they are about;
//! - `constants`: constants by their names in Python;
//! - `modules`: which scopes share a module;
//! - `flat`: a design in one module;
//! - [`test_bench`]: a test bench around an emitted top, as one that checks by itself;
//! - `carried`: the files of black boxes;
//! - `files`: the texts on disk.

mod bundles;
mod carried;
mod chains;
mod checks;
pub mod codes;
mod comments;
mod constants;
mod counters;
mod defined;
mod effects;
mod enums;
mod files;
mod flat;
mod from_the_end;
mod keywords;
mod lines;
mod map;
mod marks;
mod members;
mod modules;
mod naming;
mod output;
mod own_reads;
mod plan;
mod prepare;
mod sizing;
mod storage;
pub mod test_bench;
mod user_code;
mod vector;
mod verilog;
mod vhdl;
mod wrapping;

pub use files::{WriteError, write_files};
pub use map::{MappedLines, MappedModule, MappedSource, SourceMap, digest};
pub use user_code::{UserCodes, with_user_code};
pub use verilog::cosimulation::cosimulation_frame;

use askama::Template;

use num_bigint::BigInt;
use oxc_index::IndexVec;
use pyhdl_diag::{Diagnostic, Diagnostics, SourceTable, Span};
use pyhdl_ir::{Design, Direction, EnumId, Function, SignalId};

/// An output language, in one of its standards.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Language {
    /// Verilog-2005.
    Verilog,
    /// SystemVerilog-2017.
    SystemVerilog,
    /// VHDL-2008.
    Vhdl,
    /// VHDL-93.
    Vhdl93,
}

impl Language {
    /// All of them, in the order in which they are listed everywhere.
    pub const ALL: [Language; 4] =
        [Language::Verilog, Language::SystemVerilog, Language::Vhdl, Language::Vhdl93];

    /// Its name with the year of the standard.
    pub fn title(self) -> &'static str {
        match self {
            Language::Verilog => "Verilog-2005",
            Language::SystemVerilog => "SystemVerilog-2017",
            Language::Vhdl => "VHDL-2008",
            Language::Vhdl93 => "VHDL-93",
        }
    }

    /// Verilog, of either standard.
    pub fn is_verilog(self) -> bool {
        matches!(self, Language::Verilog | Language::SystemVerilog)
    }

    /// VHDL, of either standard.
    pub fn is_vhdl(self) -> bool {
        !self.is_verilog()
    }
}

/// What the caller chooses.
#[derive(Clone, Debug)]
pub struct EmitOptions<'a> {
    /// The value that each signal shows when the design has settled at power-up; `None` for the signals' initial
    /// values. Verilog's combinational processes need it.
    pub power_up: Option<IndexVec<SignalId, BigInt>>,
    /// What is declared with a value.
    pub initial_values: InitialValues,
    /// The name of the top module and of the file; the top block's name by default.
    pub name: Option<String>,
    /// Processes that wait in the middle, as test benches have them, are printed as well. No hardware can be made of
    /// the result.
    pub waits: bool,
    /// A test bench that checks by itself: who runs it learns from the exit status that a check has failed, and what is
    /// unknown fails as well.
    pub test_bench: bool,
    /// What Python refuses is checked by assertions; Verilog becomes SystemVerilog with them.
    pub assertions: bool,
    /// Which ports stand together.
    pub interfaces: Interfaces,
    /// One module of everything.
    pub flat: bool,
    /// A file for each module, and a list of the files.
    pub split: bool,
    /// Modules, signals, processes and instances say in an attribute which Python line they come from.
    pub src: bool,
    /// The first line says where the file comes from.
    pub banner: bool,
    /// What authors wrote in the output language; [`with_user_code`] has made the design ready for it.
    pub user_code: UserCodes,
    /// Text for the top of the file.
    pub header: String,
    pub verilog: VerilogOptions,
    pub vhdl: VhdlOptions,
    /// Where spans point, for comments.
    pub sources: &'a SourceTable,
}

/// Where the members of an object, or the elements of a list, are one port.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Interfaces {
    /// Nowhere: each has a port of its own.
    #[default]
    Apart,
    /// At all modules but the top.
    BelowTop,
    Everywhere,
}

/// Which signals and memories are declared with the value that they have at power-up.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum InitialValues {
    #[default]
    All,
    /// Not memories that are all zero.
    NoZeroMemories,
    /// Only what nothing drives.
    None,
}

/// What a time step of a Verilog file is where nothing is chosen.
pub const TIMESCALE: &str = "1ns/10ps";

/// What the caller chooses for Verilog.
#[derive(Clone, Debug)]
pub struct VerilogOptions {
    /// What a time step is, for the `timescale` line. `None` for [`TIMESCALE`], in files that wait for time only.
    pub timescale: Option<String>,
    /// Combinational processes assign at once.
    pub blocking: bool,
    /// Combinational processes list what they react to.
    pub sensitivity_lists: bool,
}

/// What the caller chooses for VHDL.
#[derive(Clone, Debug)]
pub struct VhdlOptions {
    pub architecture: String,
    /// The library that the design is compiled into.
    pub library: String,
    /// Further context for each entity.
    pub use_clauses: String,
    /// Further declarations for the top's architecture.
    pub declarations: String,
    /// The top's vector ports are `std_logic_vector`.
    pub std_logic_ports: bool,
}

impl<'a> EmitOptions<'a> {
    /// What is done where nothing is chosen.
    pub fn new(sources: &'a SourceTable) -> EmitOptions<'a> {
        EmitOptions {
            power_up: None,
            initial_values: InitialValues::All,
            name: None,
            waits: false,
            test_bench: false,
            assertions: false,
            interfaces: Interfaces::Apart,
            flat: false,
            split: false,
            src: false,
            banner: true,
            user_code: UserCodes::new(),
            header: String::new(),
            verilog: VerilogOptions { timescale: None, blocking: true, sensitivity_lists: false },
            vhdl: VhdlOptions {
                architecture: "rtl".to_owned(),
                library: "work".to_owned(),
                use_clauses: String::new(),
                declarations: String::new(),
                std_logic_ports: false,
            },
            sources,
        }
    }
}

/// Emitted HDL.
#[derive(Clone, PartialEq, Debug)]
pub struct Emitted {
    /// File names and texts, in an order in which tools can read them.
    pub files: Vec<(String, String)>,
    /// For a design in several files, the name and the text of a list of them.
    pub list: Option<(String, String)>,
    /// The maps of the files, in their order.
    pub maps: Vec<SourceMap>,
    /// The top module's name as emitted.
    pub top: String,
    /// The top's ports in order.
    pub ports: Vec<EmittedPort>,
    /// The VHDL package with the enumeration types, if there is one.
    pub package: Option<String>,
    /// What has another name than in Python, in the order of blocks and names.
    pub renamed: Vec<Renamed>,
    /// Where a block has several modules, and why.
    pub apart: Vec<Apart>,
    /// The modules that are instances in it and in none of its files.
    pub outside: Vec<String>,
}

/// A name that the output language does not allow, or that something else has there already.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Renamed {
    /// The block that the name belongs to; `None` for blocks, types and literals, which belong to the file.
    pub block: Option<String>,
    /// As in Python, with `_` for the dots of interfaces.
    pub name: String,
    pub emitted: String,
    pub reason: RenameReason,
}

/// A second module of a block, and the first line in which it differs from the first one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Apart {
    pub block: String,
    /// The modules' names.
    pub first: String,
    pub other: String,
    /// Empty where that module has ended.
    pub line_of_first: String,
    pub line_of_other: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RenameReason {
    Keyword,
    /// The name is one of those that helper functions have.
    Helper,
    /// Characters that the language does not allow.
    Characters,
    LeadingUnderscore,
    TrailingUnderscore,
    DoubleUnderscore,
    /// Something else has the name; in VHDL, where upper and lower case are the same, perhaps in another case.
    Taken,
}

impl RenameReason {
    /// What is to be said about a name.
    pub fn text(self, language: Language) -> &'static str {
        match (self, language) {
            (RenameReason::Keyword, _) => "a word of the language",
            (RenameReason::Helper, _) => "helper functions are called like this",
            (RenameReason::Characters, _) => "only letters, digits and underscores are allowed",
            (RenameReason::LeadingUnderscore, _) => "no underscore is allowed at the start",
            (RenameReason::TrailingUnderscore, _) => "no underscore is allowed at the end",
            (RenameReason::DoubleUnderscore, _) => "no two underscores are allowed together",
            (RenameReason::Taken, Language::Verilog | Language::SystemVerilog) => {
                "something else has this name"
            }
            (RenameReason::Taken, Language::Vhdl | Language::Vhdl93) => {
                "something else has this name, in this or another case"
            }
        }
    }
}

/// A port of the emitted top.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EmittedPort {
    /// As emitted.
    pub name: String,
    /// As in Python.
    pub python_name: String,
    pub signal: SignalId,
    pub direction: Direction,
    /// Number of bits; of an enumeration, of its code.
    pub width: u32,
    pub signed: bool,
    /// One bit without a range: `std_logic` in VHDL.
    pub is_bool: bool,
    /// For an enumeration: the type, the type's name and the literals' names as emitted.
    pub enumeration: Option<(EnumId, String, Vec<String>)>,
}

/// Prints a design whose signals have been placed. Fails with at least one error where a process has no meaning in
/// hardware; then there is no output at all.
pub fn emit(design: &Design, language: Language, options: &EmitOptions) -> Result<Emitted, Diagnostics> {
    carried::refuse_as_top(design, language, options)?;
    let bundles = bundles::Bundles::of(design, language, options);
    // In one module of everything, what was inside of others is not inside of a port's list.
    let arrays = storage::arrays(design, if options.flat { None } else { Some(&bundles) });
    let checks = options.assertions.then_some((language, options.sources));
    let mut prepared = prepare::prepare(design, &arrays, options.waits, checks)?;
    wrapping::wrap_values(&mut prepared.design)?;
    if options.flat {
        prepared.paths = paths(&prepared.design);
        flat::flatten(&mut prepared.design, |design, scope| {
            user_code::external(design, &options.user_code, language, scope).is_some()
        });
    }
    let mut emitted = match language {
        Language::Verilog | Language::SystemVerilog => {
            verilog::emit(prepared, &arrays, &bundles, language, options)
        }
        Language::Vhdl | Language::Vhdl93 => vhdl::emit(prepared, &arrays, &bundles, language, options),
    }?;
    carried::carry(design, language, options, &mut emitted)?;
    Ok(emitted)
}

/// What each signal is called in Python, below the top.
fn paths(design: &Design) -> Vec<String> {
    let top = format!("{}.", design.path(design.top()));
    let below = |path: String| path.strip_prefix(&top).map_or(path.clone(), str::to_owned);
    design.signals.indices().map(|signal| below(design.signal_path(signal))).collect()
}

/// The name of the file that the top comes from, without its folder: that differs between machines.
fn source_name(design: &Design, sources: &SourceTable) -> String {
    file_name(sources, design.scopes[design.top()].span)
}

/// The name of a file, for a comment or a string.
fn file_name(sources: &SourceTable, span: Span) -> String {
    let path = &sources.get(span.file).path;
    let name = path.file_name().map_or("Python".into(), |name| name.to_string_lossy());
    // A comment ends with the line, a string with a quote.
    name.chars().map(|c| if c.is_control() || matches!(c, '"' | '\\') { ' ' } else { c }).collect()
}

fn render(template: &impl Template) -> Result<String, Diagnostic> {
    match template.render() {
        // A template's last line end is not part of what it renders.
        Ok(text) => Ok(text.trim_end_matches('\n').to_owned() + "\n"),
        Err(e) => Err(Diagnostic::error(codes::STATEMENT, format!("the text cannot be made: {e}"))),
    }
}

/// An edge of a signal with several bits.
fn wide_edge(name: &str, span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            codes::STATEMENT,
            format!("`{name}` has several bits: hardware knows edges of one bit"),
        )
        .at(span, "this process waits for its edge")
        .help("wait for the edge of a bool signal, or for any change and compare"),
    )
}

/// A function that returns a value and drives signals as well.
fn driving_function(function: &Function) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            codes::STATEMENT,
            format!(
                "`{}` returns a value and drives signals: hardware functions do one of both",
                function.name
            ),
        )
        .at(function.span, "this function")
        .help("return the value and assign the signal in the process, or return nothing"),
    )
}
