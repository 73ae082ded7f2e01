//! Tells the crate which CPython it is built for, and refuses one that cannot be embedded.

#![expect(clippy::print_stdout, reason = "Cargo reads it")]

mod libpython;
mod package;

fn main() {
    let config = pyo3_build_config::get();
    let executable = config.executable().map(|e| e.to_string()).unwrap_or_default();
    println!("cargo::rustc-env=PYHDL_PYTHON={executable}");
    println!("cargo::rustc-env=PYHDL_PYTHON_VERSION={}.{}", config.version().major, config.version().minor);
    if let Some(folder) = config.lib_dir() {
        println!("cargo::metadata=LIBRARY_FOLDER={folder}");
    }
    println!("cargo::rerun-if-changed=build");
    if std::env::var_os("CARGO_FEATURE_EMBED").is_none() {
        return;
    }
    println!("cargo::rerun-if-changed=../../stdlib/pyhdl");
    package::compile(&executable);
    let folder = config.lib_dir().map(std::path::Path::new);
    if let Some(problem) = libpython::problem(&executable, config.shared(), folder, config.lib_name()) {
        println!("cargo::error={problem}");
    }
}
