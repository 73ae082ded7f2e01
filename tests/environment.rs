//! The program uses the Python around it as `python` would.

use std::fs;

use anyhow::{Result, ensure};
use pyhdl_tests::{pyhdl, run};
use xtask::scratch::{self, Purpose};

/// A test bench that prints `TEXT`, which the lines before it define, and ends.
const BENCH: &str = "\
from myhdl import block, delay, instance


@block
def bench():
    @instance
    def stimulus():
        yield delay(1)
        print(TEXT)

    return stimulus


bench().run_sim()
";

#[test]
fn packages_of_the_activated_environment_can_be_imported() -> Result<()> {
    let environment = scratch::ensure(Purpose::Compare)?;
    let place = tempfile::tempdir()?;
    let file = place.path().join("uses_package.py");
    fs::write(&file, format!("import vcdvcd\n\nTEXT = vcdvcd.__file__\n{BENCH}"))?;
    let mut sim = pyhdl()?;
    sim.arg("sim").arg(&file).env("VIRTUAL_ENV", &environment.folder);
    let outcome = run(&mut sim)?.success()?;
    ensure!(outcome.stdout().starts_with(&*environment.folder.to_string_lossy()), "{}", outcome.describe());
    Ok(())
}

#[test]
fn the_installed_myhdl_does_not_stand_in_for_pyhdl() -> Result<()> {
    let environment = scratch::ensure(Purpose::Compare)?;
    let place = tempfile::tempdir()?;
    let file = place.path().join("which_myhdl.py");
    fs::write(
        &file,
        format!("import myhdl\nimport pyhdl\n\nTEXT = str(myhdl.Signal is pyhdl.Signal)\n{BENCH}"),
    )?;
    let mut sim = pyhdl()?;
    sim.arg("sim").arg(&file).env("VIRTUAL_ENV", &environment.folder);
    let outcome = run(&mut sim)?.success()?;
    ensure!(outcome.stdout() == "True\n", "{}", outcome.describe());
    Ok(())
}

#[test]
fn modules_beside_the_design_can_be_imported_from_any_folder() -> Result<()> {
    let (place, elsewhere) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let file = place.path().join("uses_module.py");
    fs::write(place.path().join("own_module.py"), "TEXT = 'from beside'\n")?;
    fs::write(&file, format!("from own_module import TEXT\n{BENCH}"))?;
    let outcome = run(pyhdl()?.arg("sim").arg(&file).current_dir(elsewhere.path()))?.success()?;
    ensure!(outcome.stdout() == "from beside\n", "{}", outcome.describe());
    Ok(())
}

#[test]
fn what_follows_two_dashes_is_the_scripts_own() -> Result<()> {
    let place = tempfile::tempdir()?;
    let file = place.path().join("arguments.py");
    fs::write(&file, format!("import sys\n\nTEXT = sys.argv[1:]\n{BENCH}"))?;
    let outcome = run(pyhdl()?.arg("sim").arg(&file).args(["--", "1000", "--fast"]))?.success()?;
    ensure!(outcome.stdout() == "['1000', '--fast']\n", "{}", outcome.describe());
    Ok(())
}
