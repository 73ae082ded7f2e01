//! `pyhdl emit --testbench`: what it writes runs in other simulators with no Python, passes, and fails when the HDL has
//! another meaning.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail, ensure};
use pyhdl_tests::{Outcome, pyhdl, run};
use xtask::examples;

fn emit(folder: &Path, file: &Path, options: &[&str]) -> Result<Outcome> {
    run(pyhdl()?
        .arg("emit")
        .arg(file)
        .args(options)
        .args(["--verilog", "--vhdl", "-o", "."])
        .current_dir(folder))
}

fn icarus(folder: &Path, top: &str) -> Result<Outcome> {
    let files = [format!("tb_{top}.v"), format!("{top}.v")];
    let mut build = Command::new("iverilog");
    build.args(["-g2005", "-s", &format!("tb_{top}"), "-o", "tb.vvp"]).args(files);
    run(build.current_dir(folder))?.success()?;
    run(Command::new("timeout").args(["60", "vvp", "-n", "tb.vvp"]).current_dir(folder))
}

fn ghdl(folder: &Path, top: &str) -> Result<Outcome> {
    let bench = format!("tb_{top}");
    let files = [format!("{top}.vhd"), format!("{bench}.vhd")];
    run(Command::new("ghdl").args(["-a", "--std=08"]).args(files).current_dir(folder))?.success()?;
    run(Command::new("ghdl").args(["-e", "--std=08", &bench]).current_dir(folder))?.success()?;
    run(Command::new("timeout").args(["60", "ghdl", "-r", "--std=08", &bench]).current_dir(folder))
}

fn verilator(folder: &Path, top: &str) -> Result<Outcome> {
    let mut build = Command::new("verilator");
    build.args(["--binary", "--timing", "-Wno-fatal", "-O0", "--Mdir", "build", "--top-module"]);
    build.args([format!("tb_{top}"), format!("tb_{top}.v"), format!("{top}.v")]);
    build.args(["-MAKEFLAGS", "OPT_FAST=-O0", "-MAKEFLAGS", "OPT_GLOBAL=-O0"]);
    run(build.current_dir(folder))?.success()?;
    run(Command::new(folder.join("build").join(format!("Vtb_{top}"))).current_dir(folder))
}

/// SystemVerilog in Icarus Verilog, whatever language the test bench is in.
fn icarus_sv(folder: &Path, top: &str) -> Result<Outcome> {
    let bench = if folder.join(format!("tb_{top}.sv")).exists() { "sv" } else { "v" };
    let files = [format!("tb_{top}.{bench}"), format!("{top}.sv")];
    let mut build = Command::new("iverilog");
    build.args(["-g2012", "-s", &format!("tb_{top}"), "-o", "tb.vvp"]).args(files);
    run(build.current_dir(folder))?.success()?;
    run(Command::new("vvp").args(["-n", "tb.vvp"]).current_dir(folder))
}

/// VHDL-93, in a library of its own.
fn ghdl_93(folder: &Path, top: &str) -> Result<Outcome> {
    let bench = format!("tb_{top}");
    let files = [format!("{top}.vhd"), format!("{bench}.vhd")];
    run(Command::new("ghdl").args(["-a", "--std=93"]).args(files).current_dir(folder))?.success()?;
    run(Command::new("ghdl").args(["-e", "--std=93", &bench]).current_dir(folder))?.success()?;
    run(Command::new("ghdl").args(["-r", "--std=93", &bench]).current_dir(folder))
}

fn passes(outcome: Outcome) -> Result<()> {
    let outcome = outcome.success()?;
    ensure!(outcome.stdout().contains("PASS: "), "{}", outcome.describe());
    Ok(())
}

/// Fails with the time and the name of an output.
fn fails(outcome: &Outcome, signal: &str) -> bool {
    let said = outcome.stdout() + &outcome.stderr();
    let named = said.lines().any(|line| line.contains("time ") && line.contains(&format!("{signal} is ")));
    outcome.code != Some(0) && named && said.contains("FAIL") && !said.contains("PASS")
}

/// Puts one fault after the other into the HDL, until the test bench names a time and a signal.
fn tells_a_fault(
    folder: &Path,
    top: &str,
    ending: &str,
    simulate: fn(&Path, &str) -> Result<Outcome>,
) -> Result<()> {
    let file = folder.join(format!("{top}.{ending}"));
    let text = fs::read_to_string(&file)?;
    let body = text.find(if ending == "v" { "always" } else { "process" }).unwrap_or(0);
    let faults = [
        (" + ", " - "),
        (" ^ ", " | "),
        (" xor ", " or "),
        (" <= '1'", " <= '0'"),
        ("1'b1;", "1'b0;"),
        (" <= ", " <= ~"),
        (" <= ", " <= not "),
    ];
    for (from, to) in faults {
        for (place, _) in text.match_indices(from).filter(|(place, _)| *place > body) {
            // A loop that counts the other way would not end.
            let line = text[..place].lines().next_back().unwrap_or_default();
            if line.contains("for (") || line.contains("while") {
                continue;
            }
            fs::write(&file, format!("{}{to}{}", &text[..place], &text[place + from.len()..]))?;
            // Some are no HDL, or are no fault.
            if simulate(folder, top).is_ok_and(|outcome| fails(&outcome, "")) {
                return Ok(fs::write(&file, &text)?);
            }
        }
    }
    bail!("no fault in {top}.{ending} was told")
}

/// Changes the first place in a file.
fn change(file: &Path, from: &str, to: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    ensure!(text.contains(from), "{} has no `{from}`:\n{text}", file.display());
    Ok(fs::write(file, text.replacen(from, to, 1))?)
}

fn case(name: &str, options: &[&str]) -> Result<(tempfile::TempDir, Outcome)> {
    let folder = tempfile::tempdir()?;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("testbenches").join(name);
    fs::copy(file, folder.path().join(name))?;
    let outcome = emit(folder.path(), Path::new(name), options)?.success()?;
    Ok((folder, outcome))
}

/// The examples have test benches that only Python can run; their HDL passes, and one with a fault does not.
#[test]
fn every_example_has_a_recorded_test_bench() -> Result<()> {
    for example in examples::all()? {
        let place = tempfile::tempdir()?;
        let example = example.copy_to(place.path())?;
        let readme = fs::read_to_string(example.folder.join("README.md"))?;
        let mut options = vec!["--testbench"];
        let top = readme.split("--top ").nth(1).and_then(|rest| rest.split_whitespace().next());
        options.extend(top.map(|top| ["--top", top.trim_matches('`')]).into_iter().flatten());
        let said = emit(&example.folder, &example.file, &options)?.success()?.stdout();
        let bench =
            said.lines().find_map(|l| l.trim_start_matches("./").strip_prefix("tb_")?.strip_suffix(".v"));
        let top = bench.unwrap_or_default();
        passes(icarus(&example.folder, top)?)?;
        passes(ghdl(&example.folder, top)?)?;
        // The same in the two other languages, in a folder of their own: both VHDLs have files of one name.
        let newer = example.folder.join("newer");
        fs::create_dir(&newer)?;
        let mut emit = pyhdl()?;
        emit.arg("emit").arg(&example.file).args(&options).args(["--sv", "--vhdl", "--std", "93", "-o"]);
        run(emit.arg(&newer).current_dir(&example.folder))?.success()?;
        passes(icarus_sv(&newer, top)?)?;
        passes(ghdl_93(&newer, top)?)?;
        tells_a_fault(&example.folder, top, "v", icarus)?;
        tells_a_fault(&example.folder, top, "vhd", ghdl)?;
    }
    Ok(())
}

#[test]
fn a_recorded_test_bench_tells_hdl_with_a_fault() -> Result<()> {
    let (folder, said) = case("recorded.py", &["--testbench"])?;
    let at = folder.path();
    ensure!(said.stderr().contains("not convertible: `stimulus`"), "{}", said.describe());
    passes(icarus(at, "device")?)?;
    passes(ghdl(at, "device")?)?;
    change(&at.join("device.v"), "total + ", "total - ")?;
    change(&at.join("device.vhd"), "total + ", "total - ")?;
    for outcome in [icarus(at, "device")?, ghdl(at, "device")?] {
        ensure!(fails(&outcome, "total"), "{}", outcome.describe());
        ensure!(
            (outcome.stdout() + &outcome.stderr()).contains("time 5 ns: total is"),
            "{}",
            outcome.describe()
        );
    }
    let (newer, _) = case("recorded.py", &["--testbench", "--sv", "--std", "93"])?;
    let at_newer = newer.path();
    passes(icarus_sv(at_newer, "device")?)?;
    passes(ghdl_93(at_newer, "device")?)?;
    change(&at_newer.join("device.sv"), "total + ", "total - ")?;
    change(&at_newer.join("device.vhd"), "total_inside + ", "total_inside - ")?;
    for outcome in [icarus_sv(at_newer, "device")?, ghdl_93(at_newer, "device")?] {
        ensure!(fails(&outcome, "total"), "{}", outcome.describe());
    }
    fs::remove_file(at.join("tb_device.txt"))?;
    for outcome in [icarus(at, "device")?, ghdl(at, "device")?] {
        let said = outcome.stdout() + &outcome.stderr();
        ensure!(outcome.code != Some(0) && said.contains("tb_device.txt cannot be read"), "{said}");
    }
    Ok(())
}

/// What Python has drawn is in the recording.
#[test]
fn a_test_bench_that_draws_at_random_is_recorded() -> Result<()> {
    let (folder, said) = case("by_chance.py", &["--testbench"])?;
    let at = folder.path();
    let why = "not convertible: `stimulus` draws numbers at random";
    ensure!(said.stderr().contains(why), "{}", said.describe());
    passes(icarus(at, "device")?)?;
    passes(ghdl(at, "device")?)?;
    let refused = emit(at, Path::new("by_chance.py"), &["--testbench=converted"])?;
    ensure!(
        refused.code == Some(1) && refused.stderr().contains("draws numbers at random"),
        "{}",
        refused.describe()
    );
    Ok(())
}

#[test]
fn a_converted_test_bench_is_what_the_author_wrote() -> Result<()> {
    let (folder, said) = case("converted.py", &["--testbench"])?;
    let at = folder.path();
    ensure!(said.stderr().is_empty(), "{}", said.describe());
    ensure!(!at.join("tb_counter.txt").exists(), "it is a recording");
    passes(icarus(at, "counter")?)?;
    passes(ghdl(at, "counter")?)?;
    passes(verilator(at, "counter")?)?;
    let (newer, said) = case("converted.py", &["--testbench", "--sv", "--std", "93"])?;
    // VHDL-93 cannot end a simulation whose clock goes on.
    ensure!(said.stderr().contains("VHDL-93 cannot end a simulation"), "{}", said.describe());
    passes(icarus_sv(newer.path(), "counter")?)?;
    passes(ghdl_93(newer.path(), "counter")?)?;
    change(&at.join("counter.v"), "count + 4'd1", "count + 4'd2")?;
    change(&at.join("counter.vhd"), "count + 1", "count + 2")?;
    for outcome in [icarus(at, "counter")?, ghdl(at, "counter")?] {
        ensure!(fails(&outcome, "count"), "{}", outcome.describe());
        let said = outcome.stdout() + &outcome.stderr();
        ensure!(said.contains("FAIL at time 20, converted.py:37: wrong count: count is 2"), "{said}");
    }
    Ok(())
}

#[test]
fn a_convertible_test_bench_is_recorded_on_request() -> Result<()> {
    let (folder, said) = case("converted.py", &["--testbench=recorded"])?;
    ensure!(said.stderr().is_empty(), "{}", said.describe());
    passes(icarus(folder.path(), "counter")?)?;
    passes(ghdl(folder.path(), "counter")?)?;
    passes(verilator(folder.path(), "counter")?)
}

#[test]
fn a_test_bench_without_end_ends_where_it_is_told() -> Result<()> {
    for kind in ["--testbench=converted", "--testbench=recorded"] {
        let (folder, _) = case("endless.py", &[kind, "--until", "20"])?;
        passes(icarus(folder.path(), "inverter")?)?;
        passes(ghdl(folder.path(), "inverter")?)?;
    }
    Ok(())
}
