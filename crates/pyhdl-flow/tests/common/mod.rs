//! Where the designs of this crate's tests are.

use std::path::PathBuf;

use pyhdl_flow::{Language, Tool};

/// A file in `tests/designs`.
pub fn design(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/designs").join(name)
}

/// The design `name` in the tool's language.
pub fn design_for(tool: Tool, name: &str) -> Vec<PathBuf> {
    let suffix = match tool.language() {
        Language::Verilog => "v",
        Language::Vhdl => "vhd",
    };
    vec![design(&format!("{name}.{suffix}"))]
}
