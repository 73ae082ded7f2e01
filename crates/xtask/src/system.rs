//! What has to be on the machine besides Rust, and getting it with apt where that is possible.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process;

/// Something that a test runs, and the Debian packages that bring it.
struct Need {
    present: fn() -> bool,
    packages: &'static [&'static str],
}

const NEEDS: &[Need] = &[
    Need { present: || found("verilator"), packages: &["verilator"] },
    // Verilator writes C++ and a makefile.
    Need { present: || found("g++") && found("make"), packages: &["g++", "make"] },
    Need { present: || found("ghdl"), packages: &["ghdl"] },
    Need { present: || found("iverilog") && found("vvp"), packages: &["iverilog"] },
    Need { present: || found("yosys"), packages: &["yosys"] },
    Need { present: || python().is_ok(), packages: &["python3"] },
    Need { present: || python_says("import ensurepip, venv"), packages: &["python3-venv"] },
    Need { present: || python_says(LIBPYTHON), packages: &["libpython3-dev"] },
];

/// Ends with an error where Python comes from Debian and the library that a program embeds is not there. What another
/// Python lacks, apt cannot bring.
const LIBPYTHON: &str = "
import os, sys, sysconfig
get = sysconfig.get_config_var
library = os.path.join(get('LIBDIR'), get('LDLIBRARY'))
debian = sys.base_prefix == '/usr'
sys.exit(1 if debian and not os.path.exists(library) else 0)
";

fn found(program: &str) -> bool {
    which::which(program).is_ok()
}

/// The Python that pyhdl is built with: `PYO3_PYTHON`, or else the first `python3` in `PATH`.
pub fn python() -> Result<PathBuf> {
    match std::env::var_os("PYO3_PYTHON") {
        Some(python) => Ok(PathBuf::from(python)),
        None => which::which("python3").context("python3 is not installed"),
    }
}

fn python_says(script: &str) -> bool {
    let Ok(python) = python() else { return false };
    Command::new(python)
        .args(["-c", script])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Installs what is missing, with apt, as root or through sudo. Where that cannot be done, the error says what to
/// install by hand.
pub fn install_missing() -> Result<()> {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    process::note(&format!("missing: {packages}"));
    let by_hand = format!("install these by hand (Debian, Ubuntu: `apt install {packages}`)");
    if !found("apt-get") {
        bail!("there is no apt-get on this machine; {by_hand}");
    }
    let Some(prefix) = root_prefix() else { bail!("neither root nor sudo is available; {by_hand}") };
    process::run(&mut apt(&prefix, &["update"])).context(by_hand.clone())?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(&missing);
    process::run(&mut apt(&prefix, &arguments)).context(by_hand.clone())?;
    let still = self::missing();
    if !still.is_empty() {
        bail!("still missing after the installation: {}", still.join(" "));
    }
    Ok(())
}

fn missing() -> Vec<&'static str> {
    NEEDS.iter().filter(|need| !(need.present)()).flat_map(|need| need.packages.iter().copied()).collect()
}

/// What to put in front of a command that only root may run; `None` where nothing helps.
fn root_prefix() -> Option<Vec<&'static str>> {
    let id = Command::new("id").arg("-u").output().ok()?;
    if String::from_utf8_lossy(&id.stdout).trim() == "0" {
        Some(Vec::new())
    } else {
        found("sudo").then(|| vec!["sudo"])
    }
}

fn apt(prefix: &[&str], arguments: &[&str]) -> Command {
    let mut words = prefix.to_vec();
    words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    words.extend(arguments);
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    command
}
