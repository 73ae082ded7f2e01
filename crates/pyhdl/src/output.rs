//! Files for the user.

use std::path::{Path, PathBuf};

use pyhdl_diag::Diagnostic;

use crate::codes;

/// Writes all files into a folder, or none. Returns their paths.
pub fn write_all(folder: &Path, files: &[(String, String)]) -> Result<Vec<PathBuf>, Box<Diagnostic>> {
    pyhdl_emit::write_files(folder, files).map_err(|e| {
        Box::new(
            Diagnostic::error(codes::OUTPUT, e.to_string())
                .help("choose another folder with -o, or change its permissions; nothing was written"),
        )
    })
}
