//! A hash of the sources that decide what the machine code of a design is: code that other sources made is not used.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

fn main() {
    let mut hasher = DefaultHasher::new();
    for folder in ["src", "../pyhdl-sim/src", "../pyhdl-ir/src", "../../Cargo.lock"] {
        println!("cargo::rerun-if-changed={folder}");
        add(Path::new(folder), &mut hasher);
    }
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    println!("cargo::rustc-env=PYHDL_JIT_SOURCES={:016x}", hasher.finish());
}

/// Adds the contents of a file, or of all files of a folder. What is not there, as in a published crate, adds nothing.
fn add(path: &Path, hasher: &mut DefaultHasher) {
    if let Ok(entries) = fs::read_dir(path) {
        let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
        paths.sort();
        paths.iter().for_each(|path| add(path, hasher));
    } else if let Ok(content) = fs::read(path) {
        content.hash(hasher);
    }
}
