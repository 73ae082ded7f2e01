//! Lets the program find the shared library of the CPython that it was built for.

fn main() {
    if let Ok(folder) = std::env::var("DEP_PYHDL_PYTHON_LIBRARY_FOLDER") {
        println!("cargo::rustc-link-arg-bins=-Wl,-rpath,{folder}");
    }
}
