//! Whether a CPython can be embedded: the linker's own words would not say what to install.

use std::path::Path;

/// What keeps a CPython from being embedded, and what to install; `None` where nothing does. `folder` and `name` are
/// those of its library, `name` without `lib` and ending.
pub fn problem(executable: &str, shared: bool, folder: Option<&Path>, name: Option<&str>) -> Option<String> {
    let install = "Install a Python with a shared library (Debian: `apt install python3 libpython3-dev`; pyenv: \
                   `PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install 3.11`) and build with PYO3_PYTHON pointing \
                   at it.";
    if !shared {
        return Some(format!(
            "pyhdl embeds CPython and needs its shared library, but {executable} was built without one. {install}"
        ));
    }
    let (folder, name) = (folder?, name?);
    let present = ["so", "dylib"].iter().any(|ending| folder.join(format!("lib{name}.{ending}")).is_file());
    // Elsewhere the linker finds libraries under other names.
    (cfg!(unix) && !present).then(|| {
        format!(
            "pyhdl embeds CPython and needs the shared library of {executable}, but there is no lib{name}.so in {}. \
             {install}",
            folder.display()
        )
    })
}
