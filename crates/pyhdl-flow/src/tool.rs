//! The tools that this crate can run: their names, their language, where they are.

use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use pyhdl_diag::Diagnostic;

use crate::codes;

/// An HDL tool that somebody else wrote.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Tool {
    Verilator,
    Ghdl,
    Icarus,
    /// Proves, and does not simulate.
    Yosys,
}

/// What a tool reads.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Language {
    Verilog,
    Vhdl,
}

/// A name that is none of the tools' names.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("there is no tool `{0}`; choose from verilator, ghdl, icarus")]
pub struct UnknownTool(pub String);

impl Tool {
    /// Every simulator, in the order in which they are documented.
    pub const SIMULATORS: [Tool; 3] = [Tool::Verilator, Tool::Ghdl, Tool::Icarus];

    pub fn language(self) -> Language {
        match self {
            Tool::Verilator | Tool::Icarus | Tool::Yosys => Language::Verilog,
            Tool::Ghdl => Language::Vhdl,
        }
    }

    /// The name that its makers give it, for text.
    pub fn title(self) -> &'static str {
        match self {
            Tool::Verilator => "Verilator",
            Tool::Ghdl => "GHDL",
            Tool::Icarus => "Icarus Verilog",
            Tool::Yosys => "Yosys",
        }
    }

    /// The tool's main program, as found in `PATH`.
    pub fn find(self) -> Result<PathBuf, Diagnostic> {
        self.find_in(&std::env::var_os("PATH").unwrap_or_default())
    }

    /// The tool's main program, as found in a list of folders in the form of `PATH`.
    pub fn find_in(self, path: &OsStr) -> Result<PathBuf, Diagnostic> {
        self.find_program(self.program(), path)
    }

    /// One of the tool's programs. Tools are looked up by name only, so the current folder does not matter.
    pub(crate) fn find_program(self, program: &str, path: &OsStr) -> Result<PathBuf, Diagnostic> {
        which::which_in_global(program, Some(path)).ok().and_then(|mut found| found.next()).ok_or_else(|| {
            Diagnostic::error(codes::NOT_INSTALLED, format!("{} is not installed", self.title())).help(
                format!(
                    "apt install {}; it is installed when `{program}` runs in this shell",
                    self.package()
                ),
            )
        })
    }

    fn program(self) -> &'static str {
        match self {
            Tool::Verilator => "verilator",
            Tool::Ghdl => "ghdl",
            Tool::Icarus => "iverilog",
            Tool::Yosys => "yosys",
        }
    }

    /// The Debian package that brings the tool.
    fn package(self) -> &'static str {
        self.program()
    }
}

/// The name used on the command line.
impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Tool::Verilator => "verilator",
            Tool::Ghdl => "ghdl",
            Tool::Icarus => "icarus",
            Tool::Yosys => "yosys",
        })
    }
}

impl Tool {
    /// The tool of a name: of a simulator, or Yosys.
    pub fn named(name: &str) -> Option<Tool> {
        match name {
            "yosys" => Some(Tool::Yosys),
            other => other.parse().ok(),
        }
    }
}

impl FromStr for Tool {
    type Err = UnknownTool;

    /// The simulator of a name.
    fn from_str(name: &str) -> Result<Self, UnknownTool> {
        match name {
            "verilator" => Ok(Tool::Verilator),
            "ghdl" => Ok(Tool::Ghdl),
            "icarus" => Ok(Tool::Icarus),
            _ => Err(UnknownTool(name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tools_printed_name_reads_back() {
        for (name, tool) in [("verilator", Tool::Verilator), ("ghdl", Tool::Ghdl), ("icarus", Tool::Icarus)] {
            assert_eq!(name.parse(), Ok(tool));
            assert_eq!(tool.to_string(), name);
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let refused = "modelsim".parse::<Tool>().map_err(|e| e.to_string());
        assert_eq!(
            refused,
            Err("there is no tool `modelsim`; choose from verilator, ghdl, icarus".to_owned())
        );
    }

    #[test]
    fn a_missing_tool_is_named_with_the_way_to_install_it() {
        let Err(missing) = Tool::Verilator.find_in(OsStr::new("")) else { panic!("found in no folder") };
        assert_eq!(missing.code, codes::NOT_INSTALLED);
        assert_eq!(missing.message, "Verilator is not installed");
        assert!(missing.help.is_some_and(|h| h.contains("apt install verilator")));
    }
}
