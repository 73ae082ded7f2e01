//! `pip install .` gives a package that works without the program.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use pyhdl_tests::{pyhdl, run};
use xtask::{system, workspace};

/// A design as it is written for MyHDL; `pyhdl.compat` makes it find this package.
const DESIGN: &str = r#"
import pyhdl.compat
import myhdl
from myhdl import Signal, always_comb, block, delay, instance, intbv


@block
def double(a, y):
    @always_comb
    def logic():
        y.next = a * 2

    return logic


@block
def bench():
    a, y = Signal(intbv(0)[4:]), Signal(intbv(0)[5:])
    dut = double(a, y)

    @instance
    def drive():
        for i in range(4):
            a.next = i
            yield delay(1)
            print(i, int(y))

    return dut, drive


def test_double():
    bench().run_sim(quiet=1)


if __name__ == "__main__":
    print(myhdl.__name__)
    test_double()
    double(Signal(intbv(0)[4:]), Signal(intbv(0)[5:])).convert(hdl="Verilog", testbench=False)
    print("module double" in open("double.v").read())
"#;

/// A test that says `import myhdl` and nothing of this package.
const TEST: &str = "import myhdl\n\n\ndef test_name():\n    assert myhdl.__name__ == 'pyhdl'\n    from myhdl.conversion import verify\n    assert verify.simulator == 'ghdl'\n";

fn python(folder: &Path) -> Command {
    let mut command = Command::new(folder.join("bin").join("python"));
    // Nothing else: no HDL tool, and nothing of this checkout.
    command.current_dir(folder).env("PATH", folder.join("bin")).env_remove("PYTHONPATH");
    command
}

#[test]
fn pip_installs_a_package_that_works_alone() -> Result<()> {
    let place = tempfile::tempdir()?;
    let folder = place.path().join("venv");
    run(Command::new(system::python()?).args(["-m", "venv"]).arg(&folder))?.success()?;
    let pip = ["-m", "pip", "--quiet", "--disable-pip-version-check", "install"];
    run(Command::new(folder.join("bin").join("python"))
        .args(pip)
        .args(["pytest"])
        .arg(workspace::root())
        .env("CARGO_TARGET_DIR", workspace::target()))?
    .success()?;

    run(python(&folder).args(["-c", "import pyhdl"]))?.success()?.silence()?;
    let file = folder.join("design.py");
    fs::write(&file, DESIGN)?;
    let alone = run(python(&folder).arg(&file))?.success()?.stdout();
    ensure!(alone == "pyhdl\n0 0\n1 2\n2 4\n3 6\nTrue\n", "{alone}");
    let program = run(pyhdl()?.arg("sim").arg(&file).current_dir(&folder))?.success()?.stdout();
    ensure!(program == alone, "{program}");

    // A simulation that is left has its waves up to there.
    let left = "from design import bench\nb = bench()\nb.config_sim(trace=True)\nb.run_sim(2, quiet=1)\n";
    run(python(&folder).args(["-c", left]))?.success()?;
    let waves = fs::read_to_string(folder.join("bench.vcd"))?;
    ensure!(waves.contains("\n#2\n"), "{waves}");

    fs::write(folder.join("test_name.py"), TEST)?;
    let tests =
        run(python(&folder).args(["-m", "pytest", "-q", "-p", "pyhdl.compat", "test_name.py"]))?.success()?;
    ensure!(tests.stdout().contains("1 passed"), "{}", tests.describe());

    // Without it, MyHDL's name means MyHDL, which is not there.
    let without = run(python(&folder).args(["-c", "import pyhdl, myhdl"]))?;
    ensure!(without.stderr().contains("No module named 'myhdl'"), "{}", without.describe());
    let there = "import sys, types; sys.modules['myhdl'] = types.ModuleType('myhdl')\nimport pyhdl.compat";
    let refused = run(python(&folder).args(["-c", there]))?;
    ensure!(refused.stderr().contains("import pyhdl.compat before it"), "{}", refused.describe());

    // The metadata name a package of its own.
    let name = "from importlib.metadata import version; print(version('pyhdl-lang'))";
    let version = run(python(&folder).args(["-c", name]))?.success()?.stdout();
    let expected = fs::read_to_string(workspace::root().join("Cargo.toml"))?;
    let line = format!("version = \"{}\"", version.trim());
    ensure!(expected.lines().any(|l| l == line), "the version is {version}");
    fs::remove_dir_all(&folder).context("the environment cannot be removed")?;
    Ok(())
}
