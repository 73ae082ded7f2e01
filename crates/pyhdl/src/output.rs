//! Output files: written whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use pyhdl_diag::Diagnostic;

use crate::codes;

/// Writes all files into a folder, or none: first each beside its place under a temporary name, then all are moved
/// to their places. Returns their paths.
pub fn write_all(folder: &Path, files: &[(String, String)]) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    let refuse = |what: &Path, e: &std::io::Error| {
        Box::new(
            Diagnostic::error(codes::OUTPUT, format!("{} cannot be written: {e}", what.display()))
                .help("choose another folder with -o, or change its permissions; nothing was written"),
        )
    };
    std::fs::create_dir_all(folder).map_err(|e| refuse(folder, &e))?;
    let mut staged = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        let mut file = tempfile::Builder::new()
            .prefix(".pyhdl-")
            .permissions(permissions())
            .tempfile_in(folder)
            .map_err(|e| refuse(folder, &e))?;
        file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(|e| refuse(&path, &e))?;
        staged.push((file, path));
    }
    let mut written = Vec::new();
    for (file, path) in staged {
        file.persist(&path).map_err(|e| refuse(&path, &e.error))?;
        written.push(path);
    }
    Ok(written)
}

/// What the files of an ordinary program get.
#[cfg(unix)]
fn permissions() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::Permissions::from_mode(0o666)
}

#[cfg(not(unix))]
fn permissions() -> std::fs::Permissions {
    std::fs::metadata(".").map(|m| m.permissions()).expect("the current folder has permissions")
}
