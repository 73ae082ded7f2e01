//! Lets the program find the shared library of the CPython that it was built for.

fn main() {
    let config = pyo3_build_config::get();
    if let (Some(folder), true) = (config.lib_dir(), config.shared()) {
        println!("cargo::rustc-link-arg-bins=-Wl,-rpath,{folder}");
    }
}
