//! Tells the crate which CPython it is built for, and refuses one that cannot be embedded.

fn main() {
    let config = pyo3_build_config::get();
    let executable = config.executable().map(|e| e.to_string()).unwrap_or_default();
    println!("cargo::rustc-env=PYHDL_PYTHON={executable}");
    println!("cargo::rustc-env=PYHDL_PYTHON_VERSION={}.{}", config.version().major, config.version().minor);
    if let Some(folder) = config.lib_dir() {
        println!("cargo::metadata=LIBRARY_FOLDER={folder}");
    }
    println!("cargo::rerun-if-changed=../../stdlib/pyhdl");
    if !config.shared() {
        println!(
            "cargo::error=pyhdl embeds CPython and needs its shared library, but {executable} was built without one. \
             Install a Python with a shared library (Debian: `apt install python3 libpython3-dev`; pyenv: \
             `PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install 3.11`) and build with PYO3_PYTHON pointing at it."
        );
    }
}
