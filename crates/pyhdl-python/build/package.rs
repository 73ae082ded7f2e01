//! Compiles the Python package at build time: the program would else do it at each start.

use std::path::Path;
use std::process::Command;

/// Writes the package's code objects: the magic number of this Python's byte code, then a marshalled dictionary from
/// module names. The names of the files are those that the program gives them.
const SCRIPT: &str = r#"
import importlib.util, marshal, pathlib, sys
source, target = map(pathlib.Path, sys.argv[1:])
codes = {
    file.stem: compile(file.read_text(encoding="utf-8"), f"<pyhdl>/{file.stem}.py", "exec", dont_inherit=True)
    for file in sorted(source.glob("*.py"))
}
target.write_bytes(importlib.util.MAGIC_NUMBER + marshal.dumps(codes))
"#;

/// Writes `package.bin` to the output folder; without a Python that runs, an empty one, and the program compiles the
/// sources itself.
pub fn compile(python: &str) {
    let folder = std::env::var_os("OUT_DIR").unwrap_or_default();
    let target = Path::new(&folder).join("package.bin");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../stdlib/pyhdl");
    let done = Command::new(python).args(["-I", "-c", SCRIPT]).arg(source).arg(&target).status();
    if !done.is_ok_and(|status| status.success())
        && let Err(e) = std::fs::write(&target, "")
    {
        println!("cargo::error={} cannot be written: {e}", target.display());
    }
}
