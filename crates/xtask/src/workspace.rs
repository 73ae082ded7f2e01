//! Where things are in this checkout.

use std::path::{Path, PathBuf};

/// The top folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Cargo's output folder.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// The `cargo` that runs us, so that its toolchain stays the same.
pub fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_root_is_where_the_map_of_the_project_is() {
        assert!(super::root().join("ARCHITECTURE.md").is_file());
    }
}
