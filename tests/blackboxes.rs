//! `@blackbox`: blocks that are modules elsewhere, in the HDL that goes with them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use pyhdl_tests::{pyhdl, run};

/// The cases with their sources in a folder of their own.
fn place() -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("blackboxes");
    fs::create_dir(folder.path().join("rtl"))?;
    for inside in ["", "rtl"] {
        for entry in fs::read_dir(cases.join(inside))? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), folder.path().join(inside).join(entry.file_name()))?;
            }
        }
    }
    Ok(folder)
}

fn command(folder: &Path, words: &[&str]) -> Result<String> {
    Ok(run(pyhdl()?.args(words).current_dir(folder))?.success()?.stdout())
}

#[test]
fn the_model_is_simulated_by_every_engine() -> Result<()> {
    let folder = place()?;
    for file in ["files.py", "primitives.py"] {
        for engine in ["event", "cycle", "compiled"] {
            command(folder.path(), &["sim", file, "--engine", engine])?;
        }
    }
    Ok(())
}

#[test]
fn files_go_with_the_design_in_the_order_in_which_tools_read_them() -> Result<()> {
    let folder = place()?;
    let named =
        command(folder.path(), &["emit", "files.py", "--verilog", "--vhdl", "--testbench", "-o", "out"])?;
    let names: Vec<&str> = named.lines().map(|line| line.trim_start_matches("out/")).collect();
    ensure!(
        names == ["top.v", "accumulate.v", "accumulate.vhd", "top.vhd", "tb_top.v", "tb_top.vhd"],
        "{names:?}"
    );
    let out = folder.path().join("out");
    let mut build = Command::new("iverilog");
    build.args(["-g2005", "-s", "tb_top", "-o", "tb.vvp", "top.v", "accumulate.v", "tb_top.v"]);
    run(build.current_dir(&out))?.success()?;
    let outcome = run(Command::new("vvp").args(["-n", "tb.vvp"]).current_dir(&out))?.success()?;
    ensure!(outcome.stdout().contains("PASS"), "{}", outcome.describe());
    let mut analyse = Command::new("ghdl");
    analyse.args(["-a", "--std=08", "accumulate.vhd", "top.vhd", "tb_top.vhd"]);
    run(analyse.current_dir(&out))?.success()?;
    run(Command::new("ghdl").args(["-e", "--std=08", "tb_top"]).current_dir(&out))?.success()?;
    let outcome =
        run(Command::new("ghdl").args(["-r", "--std=08", "tb_top"]).current_dir(&out))?.success()?;
    ensure!(outcome.stdout().contains("PASS"), "{}", outcome.describe());
    Ok(())
}

#[test]
fn files_are_verified_and_proved_with_the_design() -> Result<()> {
    let folder = place()?;
    let said = command(folder.path(), &["verify", "files.py"])?;
    ensure!(
        said.lines().filter(|line| line.contains("3 outputs equal at 800 time steps")).count() == 3,
        "{said}"
    );
    let said = command(folder.path(), &["prove", "files.py"])?;
    ensure!(said.contains("3 of 3 outputs proved equal"), "{said}");
    // The file, not the model, is what is verified.
    let file = folder.path().join("rtl/accumulate.v");
    fs::write(&file, fs::read_to_string(&file)?.replace("a + STEP", "a - STEP"))?;
    let outcome = run(pyhdl()?.args(["verify", "files.py", "--with", "icarus"]).current_dir(folder.path()))?;
    ensure!(
        outcome.code == Some(1) && outcome.stderr().contains("differs at time"),
        "{}",
        outcome.describe()
    );
    Ok(())
}

#[test]
fn primitives_are_declared_for_tools() -> Result<()> {
    let folder = place()?;
    command(folder.path(), &["emit", "primitives.py", "--verilog", "--vhdl", "-o", "out"])?;
    let out = folder.path().join("out");
    let files = ["top.v", "top_blackboxes.v"];
    run(Command::new("verilator").args(["--lint-only", "-Wall"]).args(files).current_dir(&out))?.silence()?;
    run(Command::new("iverilog").args(["-g2005", "-Wall", "-t", "null"]).args(files).current_dir(&out))?
        .silence()?;
    run(Command::new("ghdl").args(["-a", "--std=08", "top.vhd"]).current_dir(&out))?.silence()?;
    let script = "read_verilog top.v top_blackboxes.v; synth -top top; select -assert-count 1 t:PLL_BASE";
    run(Command::new("yosys").args(["-q", "-p", script]).current_dir(&out))?.success()?;
    let verilog = fs::read_to_string(out.join("top.v"))?;
    for text in [
        ".MULT   (3)",
        ".SIM    (\"FAST\")",
        ".DUTY   (0.5)",
        ".LOCKED (1)",
        ".NEG    (-3)",
        ".CLKOUT (fast)",
    ] {
        ensure!(verilog.contains(text), "no {text}:\n{verilog}");
    }
    let vhdl = fs::read_to_string(out.join("top.vhd"))?;
    for text in ["MULT   => 3", "SIM    => \"FAST\"", "DUTY   => 0.5", "LOCKED => true", "CLKOUT => fast"] {
        ensure!(vhdl.contains(text), "no {text}:\n{vhdl}");
    }
    Ok(())
}

#[test]
fn a_file_with_the_name_of_an_emitted_one_is_refused() -> Result<()> {
    let folder = place()?;
    let script = folder.path().join("files.py");
    fs::rename(folder.path().join("rtl/accumulate.v"), folder.path().join("rtl/Top.v"))?;
    fs::write(&script, fs::read_to_string(&script)?.replace("rtl/accumulate.v\"", "rtl/Top.v\""))?;
    let outcome = run(pyhdl()?.args(["emit", "files.py", "-o", "out"]).current_dir(folder.path()))?;
    ensure!(outcome.code == Some(1), "{}", outcome.describe());
    ensure!(outcome.stderr().contains("two files called `Top.v`"), "{}", outcome.describe());
    ensure!(!folder.path().join("out").exists(), "something was written");
    Ok(())
}
