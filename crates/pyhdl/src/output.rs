//! Files for the user.

use std::path::{Path, PathBuf};

use pyhdl_diag::Diagnostic;
use pyhdl_emit::SourceMap;

use crate::codes;

/// A source map as a file for a folder: the Python files in it are relative to the folder, so that both can be moved
/// together.
pub fn map_file(mut map: SourceMap, folder: &Path) -> Result<(String, String), Box<Diagnostic>> {
    let folder = resolved(folder);
    for source in &mut map.sources {
        let path = resolved(Path::new(&source.path));
        if let Some(relative) = pathdiff::diff_paths(&path, &folder) {
            source.path = relative.to_string_lossy().replace('\\', "/");
        }
    }
    let text = map
        .to_json()
        .map_err(|e| Box::new(Diagnostic::error(codes::OUTPUT, format!("{}: {e}", map.file_name()))))?;
    Ok((map.file_name(), text))
}

/// A path without links and `..`, as far as it exists.
pub fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut rest = Vec::new();
    let mut known = absolute.as_path();
    loop {
        if let Ok(real) = known.canonicalize() {
            return rest.iter().rev().fold(real, |path: PathBuf, name| path.join(name));
        }
        match (known.parent(), known.file_name()) {
            (Some(parent), Some(name)) => {
                rest.push(name.to_owned());
                known = parent;
            }
            _ => return absolute,
        }
    }
}

/// Writes all files into a folder, or none. Returns their paths.
pub fn write_all(folder: &Path, files: &[(String, String)]) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    pyhdl_emit::write_files(folder, files).map_err(|e| {
        Box::new(
            Diagnostic::error(codes::OUTPUT, e.to_string())
                .help("choose another folder with -o, or change its permissions; nothing was written"),
        )
    })
}
