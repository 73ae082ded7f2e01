//! Memories: what each shape in `memories/` becomes in Yosys, from the Verilog and from the VHDL, on two families of
//! FPGAs, and what is said about it, is what the table in the manual says; and all simulators agree with the Python.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use pyhdl_tests::{pyhdl, run};

const FAMILIES: [(&str, &[&str]); 2] =
    [("ice40", &["SB_RAM40_4K"]), ("ecp5", &["DP16KD", "TRELLIS_DPR16X4"])];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let rows = table().unwrap_or_default();
    let shapes = shapes().unwrap_or_default();
    let (in_table, in_folder): (Vec<String>, Vec<String>) = (rows.keys().cloned().collect(), shapes.clone());
    let mut trials = vec![
        Trial::test("table_has_every_shape", move || {
            if in_table == in_folder && in_table.len() >= 40 {
                return Ok(());
            }
            Err(Failed::from(format!("the table has {in_table:?}\nthe folder has {in_folder:?}")))
        }),
        Trial::test("register_for_the_address_without_value_at_power_up_is_block_ram", || {
            Ok(address_register()?)
        }),
        Trial::test("explain_tells_of_small_memories", || Ok(explain()?)),
    ];
    for shape in shapes {
        let (row, name) = (rows.get(&shape).cloned(), shape.clone());
        trials.push(Trial::test(format!("{shape}::is_mapped_as_the_table_says"), move || {
            Ok(is_mapped(&name, row.as_ref())?)
        }));
        trials.push(Trial::test(format!("{shape}::agrees_in_every_simulator"), move || Ok(agrees(&shape)?)));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A row of the manual's table: the cells on each family, and what is said.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Row {
    cells: [String; 2],
    said: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("memories")
}

fn table() -> Result<BTreeMap<String, Row>> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/src/memories.md"))?;
    let rows = page.lines().filter_map(|line| {
        let columns: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [name, _, ice40, ecp5, said] = columns[..] else { return None };
        let name = name.strip_prefix('`')?.strip_suffix('`')?;
        let row = Row { cells: [ice40, ecp5].map(str::to_owned), said: said.to_owned() };
        Some((name.to_owned(), row))
    });
    Ok(rows.collect())
}

fn shapes() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "py") {
            names.push(path.file_stem().context("a name")?.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Emits a shape; gives the netlists' files, the VHDL's made by GHDL, and what was said.
fn emitted(shape: &str, out: &Path, options: &[&str]) -> Result<([PathBuf; 2], String)> {
    let mut emit = pyhdl()?;
    emit.arg("emit").arg(folder().join(format!("{shape}.py"))).args(["--top", shape, "--verilog", "--vhdl"]);
    let outcome = run(emit.args(options).arg("-o").arg(out))?.success()?;
    let (verilog, vhdl) = (out.join(format!("{shape}.v")), out.join(format!("{shape}.vhd")));
    run(Command::new("ghdl").args(["-a", "--std=08"]).arg(&vhdl).current_dir(out))?.silence()?;
    let synthesise = ["--synth", "--std=08", "--out=verilog", shape];
    let netlist = run(Command::new("ghdl").args(synthesise).current_dir(out))?.success()?.stdout().to_owned();
    let gates = out.join("from_vhdl.v");
    fs::write(&gates, netlist)?;
    Ok(([verilog, gates], outcome.stderr().to_owned()))
}

/// The memory cells that Yosys makes for a family: `2 DP16KD`, or `logic`.
fn cells(file: &Path, top: &str, (family, known): (&str, &[&str])) -> Result<String> {
    let script = format!(
        "read_verilog -sv {}; synth_{family} -top {top} -run begin:map_ffram; tee -o cells stat",
        file.display()
    );
    let place = tempfile::tempdir()?;
    run(Command::new("yosys").args(["-q", "-p", &script]).current_dir(place.path()))?.success()?;
    let counted = fs::read_to_string(place.path().join("cells"))?;
    let mut found = Vec::new();
    for line in counted.lines() {
        if let [cell, count] = line.split_whitespace().collect::<Vec<_>>()[..]
            && known.contains(&cell)
        {
            found.push(format!("{count} {cell}"));
        }
    }
    Ok(if found.is_empty() { "logic".to_owned() } else { found.join(", ") })
}

fn is_mapped(shape: &str, row: Option<&Row>) -> Result<()> {
    let place = tempfile::tempdir()?;
    let ([verilog, vhdl], stderr) = emitted(shape, place.path(), &[])?;
    let mut got = Row { cells: Default::default(), said: String::new() };
    for (cell, family) in got.cells.iter_mut().zip(FAMILIES) {
        let (one, other) = (cells(&verilog, shape, family)?, cells(&vhdl, shape, family)?);
        *cell = if one == other { one } else { format!("{one}; from VHDL {other}") };
    }
    if stderr.contains("PH0411") {
        // Long messages go on in the next line, behind a bar.
        let words: Vec<&str> = stderr.split_whitespace().filter(|w| *w != "|").collect();
        let text = words.join(" ");
        let (_, reason) = text.split_once("not block RAM: ").context("a reason")?;
        let (reason, _) = reason.split_once(" ,-[").context("a place")?;
        ensure!(text.contains(&format!("{shape}.py:")), "no line in\n{stderr}");
        got.said = reason.to_owned();
    }
    match row {
        Some(row) if *row == got => Ok(()),
        _ => bail!(
            "`{shape}`: the table has {row:?}, the tools give {got:?}\n| `{shape}` | | {} | {} | {} |",
            got.cells[0],
            got.cells[1],
            got.said
        ),
    }
}

fn address_register() -> Result<()> {
    for shape in ["registered_address", "registered_address_rom"] {
        let place = tempfile::tempdir()?;
        let ([verilog, _], _) = emitted(shape, place.path(), &["--initial-values", "none"])?;
        let got = [cells(&verilog, shape, FAMILIES[0])?, cells(&verilog, shape, FAMILIES[1])?];
        ensure!(got == ["1 SB_RAM40_4K", "1 DP16KD"], "{shape}: {got:?}");
    }
    Ok(())
}

/// Nobody is warned of a register file, but who asks is told.
fn explain() -> Result<()> {
    let place = tempfile::tempdir()?;
    let mut emit = pyhdl()?;
    emit.arg("emit").arg(folder().join("register_file.py")).args(["--top", "register_file", "--explain"]);
    let outcome = run(emit.arg("-o").arg(place.path()))?.success()?;
    ensure!(!outcome.stderr().contains("PH0411"), "{}", outcome.describe());
    let line = "  dut.registers  16 x 16 bits  distributed RAM or logic: it is read without a clock";
    ensure!(outcome.stdout().contains(line), "{}", outcome.describe());
    ensure!(outcome.stdout().contains("register_file.py:18"), "{}", outcome.describe());
    Ok(())
}

fn agrees(shape: &str) -> Result<()> {
    let place = tempfile::tempdir()?;
    let mut verify = pyhdl()?;
    verify.arg("verify").arg(folder().join(format!("{shape}.py"))).args(["--top", shape]);
    verify.args(["--with", "icarus,ghdl"]).current_dir(place.path());
    let outcome = run(&mut verify)?.success()?;
    for tool in ["Icarus Verilog: ", "GHDL: "] {
        ensure!(outcome.stdout().contains(tool), "{}", outcome.describe());
    }
    // The other languages. Verilator's models take long to build; `tests/hdl` has memories for it.
    let mut verify = pyhdl()?;
    verify.arg("verify").arg(folder().join(format!("{shape}.py"))).args(["--top", shape]);
    verify.args(["--with", "icarus,ghdl", "--sv", "--std", "93"]).current_dir(place.path());
    run(&mut verify)?.success()?;
    Ok(())
}
