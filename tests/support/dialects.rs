//! The languages that HDL is emitted in, and what other tools have to say of it: nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail, ensure};

use crate::{Outcome, pyhdl, run};

/// One of the languages.
pub struct Dialect {
    /// How snapshots end.
    pub ending: &'static str,
    /// What `pyhdl emit` is given for it.
    pub options: &'static [&'static str],
    /// The tools with all their warnings.
    lint: &'static [(&'static str, &'static [&'static str])],
    synthesis: Synthesis,
}

enum Synthesis {
    /// Yosys with an option for the language.
    Verilog(&'static str),
    /// GHDL with a standard, then Yosys.
    Vhdl(&'static str),
}

/// Verilator 5.006 takes a loop over the elements of a memory only if it unrolls it.
pub const VERILATOR: &[&str] = &["--lint-only", "-Wall", "--unroll-count", "4096"];

pub const DIALECTS: [Dialect; 4] = [
    Dialect {
        ending: "v",
        options: &["--verilog"],
        lint: &[("verilator", VERILATOR), ("iverilog", &["-g2005", "-Wall", "-t", "null"])],
        synthesis: Synthesis::Verilog(""),
    },
    Dialect {
        ending: "sv",
        options: &["--sv"],
        lint: &[("verilator", VERILATOR), ("iverilog", &["-g2012", "-Wall", "-t", "null"])],
        synthesis: Synthesis::Verilog("-sv "),
    },
    Dialect {
        ending: "vhd",
        options: &["--vhdl"],
        lint: &[("ghdl", &["-a", "--std=08"])],
        synthesis: Synthesis::Vhdl("--std=08"),
    },
    Dialect {
        ending: "93.vhd",
        options: &["--vhdl", "--std", "93"],
        lint: &[("ghdl", &["-a", "--std=93"])],
        synthesis: Synthesis::Vhdl("--std=93"),
    },
];

impl Dialect {
    /// Emits a design into a folder of its own below `place`, which is one file.
    pub fn emit(&self, design: &Path, top: &[&str], place: &Path) -> Result<PathBuf> {
        let folder = place.join(self.ending);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let mut emit = pyhdl()?;
        emit.arg("emit").arg(design).args(top).args(self.options).arg("--output").arg(&folder);
        let files: Vec<PathBuf> = run(&mut emit)?.success()?.stdout().lines().map(PathBuf::from).collect();
        let [file] = &files[..] else { bail!("one file expected: {files:?}") };
        Ok(file.clone())
    }

    /// All tools that read the language have nothing to say.
    pub fn lint(&self, file: &Path) -> Result<()> {
        let folder = file.parent().unwrap_or(Path::new("."));
        for (program, arguments) in self.lint {
            quiet(&run(Command::new(program).args(*arguments).arg(file).current_dir(folder))?, program)?;
        }
        Ok(())
    }

    /// Synthesis to gates has nothing to say either.
    pub fn synthesise(&self, file: &Path, top: &str) -> Result<()> {
        let folder = file.parent().unwrap_or(Path::new("."));
        let (read, netlist) = match self.synthesis {
            Synthesis::Verilog(option) => (format!("read_verilog {option}"), file.to_owned()),
            Synthesis::Vhdl(standard) => {
                let mut ghdl = Command::new("ghdl");
                // GHDL analyses what it synthesises once more, in the library of the current folder.
                ghdl.args(["--synth", standard, "--out=verilog"])
                    .arg(file)
                    .args(["-e", top])
                    .current_dir(folder);
                let outcome = run(&mut ghdl)?;
                // Notes say which memories it has found. The codes of an enumeration are for other tools.
                let warning = |line: &str| line.contains(":warning") && !line.contains("enum_encoding");
                let warned = outcome.stderr().lines().any(warning);
                ensure!(outcome.code == Some(0) && !warned, "{}", outcome.describe());
                let netlist = folder.join("netlist.v");
                fs::write(&netlist, outcome.stdout().lines().map(as_verilog).collect::<String>())?;
                ("read_verilog ".to_owned(), netlist)
            }
        };
        let script = format!("{read}{}; synth -top {top}; check", netlist.display());
        quiet(&run(Command::new("yosys").args(["-q", "-p", &script]).current_dir(folder))?, "yosys")
    }
}

/// GHDL 2.0 writes the smaller and the larger of two numbers into its Verilog as VHDL has them.
fn as_verilog(line: &str) -> String {
    let choice = line.trim().strip_suffix(';').and_then(|line| {
        let (target, rest) = line.split_once(" <= ")?;
        let (then, rest) = rest.split_once(" when ")?;
        let (condition, otherwise) = rest.rsplit_once(" else ")?;
        Some(format!("assign {target} = {condition} ? {then} : {otherwise};\n"))
    });
    choice.unwrap_or_else(|| format!("{line}\n"))
}

/// What Icarus Verilog 11 is sorry for is its own: it ignores `unique`, and takes all bits of a vector where
/// `always_comb` reads some. Yosys says which arrays are registers.
fn quiet(said: &Outcome, program: &str) -> Result<()> {
    let sorry = |line: &&str| match program {
        "iverilog" => !line.contains("sorry: "),
        // A list of registers is what the author wrote.
        "yosys" => !line.contains("Warning: Replacing memory"),
        _ => true,
    };
    let (out, err) = (said.stdout(), said.stderr());
    let left = out.lines().chain(err.lines()).filter(sorry).any(|line| !line.trim().is_empty());
    ensure!(said.code == Some(0) && !left, "{}", said.describe());
    Ok(())
}
