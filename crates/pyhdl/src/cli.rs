//! The command line: what the user can ask for.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, Parser, Subcommand, ValueEnum};
use pyhdl_emit::Language;
use pyhdl_python::Excerpt;

#[derive(Parser, Debug)]
#[command(
    name = "pyhdl",
    version,
    about = "Hardware written in Python: simulate it, and get Verilog and VHDL from it",
    after_help = "Examples:\n  pyhdl sim counter.py\n  pyhdl emit counter.py --verilog --vhdl -o rtl/\n  \
                  pyhdl verify counter.py --with verilator,ghdl,icarus\n\n\
                  Exit codes: 0 success, 1 the design or its test bench has an error, 2 the command line is wrong,\n\
                  3 something this program needs is missing, 70 a fault of pyhdl, 130 interrupted,\n\
                  141 nobody reads the output, 143 terminated."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// When to use colour in messages.
    #[arg(long, value_enum, default_value_t = When::Auto, global = true)]
    pub color: When,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run a file's test bench.
    #[command(after_help = "Examples:\n  pyhdl sim counter.py\n  pyhdl sim counter.py --until 1000\n  \
                            pyhdl sim counter.py --wave counter.vcd\n  pyhdl sim counter.py --wave counter.fst\n  \
                            pyhdl sim system.py --wave w.fst --wave-scope system.alu --wave-signals 'state*'\n  \
                            pyhdl sim system.py --wave w.fst --wave-depth 1 --wave-from 5000 --wave-to 9000\n  \
                            pyhdl sim counter.py -- --fast 20\n  \
                            pyhdl sim counter.py --seed 18 --wave counter.fst\n  \
                            pyhdl sim counter.py --seeds 1..200 --jobs 4 --junit counter.xml\n\n\
                            The file runs as `python FILE` would run it. If that starts no simulation, the test bench\n\
                            is run: the block without parameters that --top names, or else the only one there is.")]
    Sim(Sim),
    /// Write HDL.
    #[command(after_help = "Examples:\n  pyhdl emit counter.py --verilog\n  \
                            pyhdl emit counter.py --top counter --verilog --vhdl -o rtl/\n  \
                            pyhdl emit counter.py --sv\n  pyhdl emit counter.py --vhdl --std 93\n  \
                            pyhdl emit counter.py --vhdl --explain\n  \
                            pyhdl emit system.py --split -o rtl/   # and rtl/system.v.f with the list of the files\n  \
                            pyhdl emit system.py --flat\n  \
                            pyhdl emit system.py --sv --vhdl --interfaces\n  \
                            pyhdl emit counter.py --verilog --testbench -o rtl/\n  \
                            pyhdl emit counter.py --verilog --vhdl --assertions   # counter.sv and counter.vhd")]
    Emit(Emit),
    /// Run the emitted HDL in other simulators against the Python test bench.
    #[command(after_help = "Examples:\n  pyhdl verify counter.py\n  \
                            pyhdl verify counter.py --top counter --with verilator,ghdl\n  \
                            pyhdl verify counter.py --sv --std 93\n  \
                            pyhdl verify counter.py --assertions")]
    Verify(Verify),
    /// Prove that the emitted Verilog and VHDL compute the same, with GHDL and Yosys.
    #[command(after_help = "Examples:\n  pyhdl prove counter.py\n  \
                            pyhdl prove multiplier.py --top multiplier --seconds 600\n\n\
                            Needs no test bench. A design without registers is proved for all inputs; one with registers\n\
                            by induction, or else for its first clock cycles from power-up.\n\n\
                            Exit code 1 if the two are shown to differ; 0 also where something is not proved.")]
    Prove(Prove),
    /// Elaborate and check a design without writing anything.
    #[command(after_help = "Example:\n  pyhdl check counter.py")]
    Check(Check),
    /// Show what linters say of the emitted HDL, at the lines of Python.
    #[command(
        after_help = "Examples:\n  pyhdl lint counter.py\n  pyhdl lint counter.py --with verilator,yosys --sv\n\n\
                            Exit code 0 if no tool has anything to say, else 1."
    )]
    Lint(Lint),
    /// Find what an HDL line comes from, or what has become of a Python line.
    #[command(
        after_help = "Examples:\n  pyhdl where rtl/counter.v:12\n  pyhdl where rtl/counter.v:count\n  \
                            pyhdl where counter.py:14 -o rtl/\n  \
                            verilator --lint-only -Wall rtl/counter.v 2>&1 | pyhdl where -\n\n\
                            It reads the source maps that `pyhdl emit` writes beside the HDL."
    )]
    Where(Where),
    /// Show the hierarchy with ports and processes.
    #[command(after_help = "Example:\n  pyhdl tree counter.py")]
    Tree(Tree),
}

/// Which design of which file.
#[derive(Args, Debug)]
pub struct Design {
    /// The Python file.
    pub file: PathBuf,
    /// A block of the file, or an instance inside its test bench.
    #[arg(long, value_name = "NAME")]
    pub top: Option<String>,
    /// The script's own arguments (`sys.argv[1:]`).
    #[arg(last = true, value_name = "ARGS")]
    pub args: Vec<String>,
}

#[derive(Args, Debug)]
pub struct Sim {
    #[command(flatten)]
    pub design: Design,
    /// Stop every simulation after this many time steps.
    #[arg(long, value_name = "STEPS", value_parser = clap::value_parser!(u64).range(1..))]
    pub until: Option<u64>,
    /// Write waves to this file: FST if its name ends with `.fst`, else VCD. A second simulation writes to FILE_2, and so
    /// on.
    #[arg(long, value_name = "FILE")]
    pub wave: Option<PathBuf>,
    /// Waves only of this instance, or block, and of what is inside it: the end of its path, `*` for any part of a name.
    #[arg(long, value_name = "PATH", requires = "wave")]
    pub wave_scope: Vec<String>,
    /// Waves only down to so many levels inside these instances, or inside the test bench.
    #[arg(long, value_name = "LEVELS", requires = "wave")]
    pub wave_depth: Option<u32>,
    /// Waves only of these signals: a name or the end of a path, `*` for any part of a name.
    #[arg(long, value_name = "NAME", requires = "wave")]
    pub wave_signals: Vec<String>,
    /// Waves begin at this time step, with the values that all signals have then.
    #[arg(long, value_name = "TIME", requires = "wave", default_value_t = 0, hide_default_value = true)]
    pub wave_from: u64,
    /// Waves end at this time step.
    #[arg(long, value_name = "TIME", requires = "wave")]
    pub wave_to: Option<u64>,
    /// Keep every process in Python: slow, for cross-checking.
    #[arg(long)]
    pub no_lower: bool,
    /// How processes run that do not stay in Python.
    #[arg(long, value_enum, value_name = "ENGINE", default_value_t = Engine::Auto)]
    pub engine: Engine,
    /// Leave out an optimisation of compiled code, for cross-checking; `all` leaves out all of them.
    #[arg(long, value_name = "PASS", value_delimiter = ',', value_parser = passes())]
    pub without: Vec<String>,
    /// Compile, and compare all signals and variables with event mode every so many time steps; with `--engine cycle`,
    /// compare that.
    #[arg(long, value_name = "STEPS", value_parser = clap::value_parser!(u64).range(1..))]
    pub validate: Option<u64>,
    /// Say at the end how each simulation was running, and why.
    #[arg(long, conflicts_with = "seeds")]
    pub explain: bool,
    /// Say at the end what the time went into, and how many time steps a second were simulated.
    #[arg(long, conflicts_with = "seeds")]
    pub stats: bool,
    /// Say at the end which processes and lines simulations spent their time on, in all instances of a block together.
    #[arg(long, conflicts_with = "seeds")]
    pub profile: bool,
    /// Run under this seed: of Python's `random`, of numpy's global generator and of the order of sets. The script finds
    /// it in PYHDL_SEED.
    #[arg(long, value_name = "SEED", conflicts_with = "seeds")]
    pub seed: Option<u32>,
    /// Run once under each of these seeds: `1..200`, `7`, or a list as `1,5,9..20`. Seeds that fail are run again with
    /// waves.
    #[arg(long, value_name = "SEEDS", allow_hyphen_values = true)]
    pub seeds: Option<String>,
    /// How many seeds run at a time; the number of processors by default.
    #[arg(long, value_name = "N", requires = "seeds")]
    pub jobs: Option<NonZeroUsize>,
    /// Write what became of each seed to this file, as JUnit XML.
    #[arg(long, value_name = "FILE", requires = "seeds")]
    pub junit: Option<PathBuf>,
    /// Write how the run ended to this file, for the process that runs many seeds.
    #[arg(long, value_name = "FILE", requires = "seed", hide = true)]
    pub outcome: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Engine {
    /// Interpreted at first, compiled to machine code when a run lasts.
    Auto,
    /// Interpreted, delta cycle by delta cycle: the reference.
    Event,
    /// Compiled from the first time step on, where that is possible.
    Compiled,
    /// Interpreted, every process at most once in a time step where nobody can tell the difference.
    Cycle,
}

impl Sim {
    /// What the waves are to have.
    pub fn excerpt(&self) -> Excerpt {
        Excerpt {
            scopes: self.wave_scope.clone(),
            depth: self.wave_depth,
            signals: self.wave_signals.clone(),
            from: self.wave_from,
            to: self.wave_to,
        }
    }
}

#[derive(Args, Debug)]
pub struct Emit {
    #[command(flatten)]
    pub design: Design,
    /// Write Verilog-2005 (the default).
    #[arg(long)]
    pub verilog: bool,
    /// Write SystemVerilog-2017.
    #[arg(long, alias = "systemverilog")]
    pub sv: bool,
    /// Write VHDL.
    #[arg(long)]
    pub vhdl: bool,
    /// The standard of the VHDL.
    #[arg(long, value_enum, value_name = "YEAR", default_value_t = VhdlStandard::Y2008)]
    pub std: VhdlStandard,
    /// The folder to write to; it is made if it does not exist.
    #[arg(short, long, value_name = "FOLDER", default_value = ".")]
    pub output: PathBuf,
    /// Objects with signals are structures (SystemVerilog) or records (VHDL) at the ports of modules, lists of signals
    /// are arrays (VHDL) or vectors; inputs and outputs apart, and what starts processes by itself.
    #[arg(long, conflicts_with = "testbench")]
    pub interfaces: bool,
    /// One module of everything, without hierarchy.
    #[arg(long)]
    pub flat: bool,
    /// A file for each module, and NAME.v.f (.sv.f, .vhd.f) with the list of them in the order of compilation.
    #[arg(long)]
    pub split: bool,
    /// Say in attributes, `(* src = "counter.py:12" *)`, which Python line modules, signals, processes and instances
    /// come from.
    #[arg(long)]
    pub src: bool,
    /// Write no source maps: the files `*.map.json` by which `pyhdl where` finds lines.
    #[arg(long)]
    pub no_map: bool,
    /// Name of the top module and of the files; the block's name by default.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// What is declared with the value that it has in Python at power-up.
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = InitialValues::All)]
    pub initial_values: InitialValues,
    /// Print also which names had to change, why a block has several modules, and which memories can be block RAM.
    #[arg(long)]
    pub explain: bool,
    /// Check in the HDL what Python refuses: values out of bounds, indices outside of lists, failed `assert`s; the
    /// Verilog becomes SystemVerilog.
    #[arg(long)]
    pub assertions: bool,
    /// Write also a test bench in the same language that checks by itself: `tb_TOP`.
    #[arg(long, value_enum, value_name = "KIND", num_args = 0..=1, require_equals = true, default_missing_value = "auto")]
    pub testbench: Option<TestBench>,
    /// Let the test bench end after this many time steps.
    #[arg(long, value_name = "STEPS", requires = "testbench", value_parser = clap::value_parser!(u64).range(1..))]
    pub until: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum TestBench {
    /// Converted where that is possible, else recorded.
    Auto,
    /// What goes in and comes out of the design in Python: applied and compared.
    Recorded,
    /// The Python test bench, statement by statement.
    Converted,
}

/// A standard of VHDL.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum VhdlStandard {
    /// VHDL-93, for tools that know nothing newer.
    #[value(name = "93")]
    Y93,
    #[value(name = "2008", alias = "08")]
    Y2008,
}

impl VhdlStandard {
    pub fn language(self) -> Language {
        match self {
            VhdlStandard::Y93 => Language::Vhdl93,
            VhdlStandard::Y2008 => Language::Vhdl,
        }
    }
}

/// The language that tools for Verilog get.
pub fn verilog(sv: bool) -> Language {
    if sv { Language::SystemVerilog } else { Language::Verilog }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum InitialValues {
    /// Every register and memory.
    All,
    /// Not memories that are all zero.
    NoZeroMemories,
    /// Only what nothing drives: for targets without power-up values, where a reset does it.
    None,
}

#[derive(Args, Debug)]
pub struct Verify {
    #[command(flatten)]
    pub design: Design,
    /// Simulators to compare with.
    #[arg(long, value_name = "TOOLS", value_delimiter = ',', default_value = "verilator,ghdl,icarus")]
    pub with: Vec<String>,
    /// Stop the recording after this many time steps.
    #[arg(long, value_name = "STEPS", value_parser = clap::value_parser!(u64).range(1..))]
    pub until: Option<u64>,
    /// Keep the HDL, the stimulus and the tools' output in this folder.
    #[arg(long, value_name = "FOLDER")]
    pub keep: Option<PathBuf>,
    /// Emit with `--assertions`; one that fails is an error.
    #[arg(long)]
    pub assertions: bool,
    /// Emit with `--flat`: the module of everything against the same test bench.
    #[arg(long)]
    pub flat: bool,
    /// Emit with `--interfaces`, but for the top, whose ports the simulators connect one by one.
    #[arg(long)]
    pub interfaces: bool,
    /// Verify SystemVerilog instead of Verilog.
    #[arg(long, alias = "systemverilog")]
    pub sv: bool,
    /// The standard of the VHDL.
    #[arg(long, value_enum, value_name = "YEAR", default_value_t = VhdlStandard::Y2008)]
    pub std: VhdlStandard,
}

#[derive(Args, Debug)]
pub struct Prove {
    #[command(flatten)]
    pub design: Design,
    /// Prove SystemVerilog instead of Verilog.
    #[arg(long, alias = "systemverilog")]
    pub sv: bool,
    /// The standard of the VHDL.
    #[arg(long, value_enum, value_name = "YEAR", default_value_t = VhdlStandard::Y2008)]
    pub std: VhdlStandard,
    /// How long the solver may think about one output.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    pub seconds: u32,
    /// Keep the HDL, the scripts and the tools' output in this folder.
    #[arg(long, value_name = "FOLDER")]
    pub keep: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Lint {
    #[command(flatten)]
    pub design: Design,
    /// Tools to ask: verilator, icarus, ghdl, yosys.
    #[arg(long, value_name = "TOOLS", value_delimiter = ',', default_value = "verilator,icarus,ghdl,yosys")]
    pub with: Vec<String>,
    /// Emit with `--interfaces`.
    #[arg(long)]
    pub interfaces: bool,
    /// SystemVerilog instead of Verilog.
    #[arg(long, alias = "systemverilog")]
    pub sv: bool,
    /// The standard of the VHDL.
    #[arg(long, value_enum, value_name = "YEAR", default_value_t = VhdlStandard::Y2008)]
    pub std: VhdlStandard,
    /// Keep the HDL and the tools' output in this folder.
    #[arg(long, value_name = "FOLDER")]
    pub keep: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Where {
    /// FILE:LINE or FILE:NAME, of an HDL file or of a Python file; `-` for messages of other tools on the standard
    /// input.
    pub place: String,
    /// The folder with the HDL, for places in Python.
    #[arg(short, long, value_name = "FOLDER", default_value = ".")]
    pub output: PathBuf,
}

#[derive(Args, Debug)]
pub struct Check {
    #[command(flatten)]
    pub design: Design,
    /// Say also what MyHDL would not convert.
    #[arg(long)]
    pub portable: bool,
}

#[derive(Args, Debug)]
pub struct Tree {
    #[command(flatten)]
    pub design: Design,
    /// Print the whole lowered design instead: every statement and expression with its type and place.
    #[arg(long)]
    pub ir: bool,
}

/// The passes of compiled code that can be left out.
fn passes() -> clap::builder::PossibleValuesParser {
    let known = pyhdl_python::jit::PASSES.iter().map(|pass| PossibleValue::new(pass.name).help(pass.about));
    let others = [
        PossibleValue::new("all").help("all of them"),
        PossibleValue::new(pyhdl_python::jit::LEFT_OUT).hide(true),
    ];
    known.chain(others).collect::<Vec<_>>().into()
}
