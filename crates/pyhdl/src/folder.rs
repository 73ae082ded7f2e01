//! [`Folder`]: where other tools work.

use std::path::{Path, PathBuf};

use pyhdl_diag::Diagnostic;

use crate::{Stop, codes};

/// Where the tools work: a folder that the user wants to keep, or a temporary one.
pub enum Folder {
    Kept(PathBuf),
    Temporary(tempfile::TempDir),
}

impl Folder {
    /// The folder that the user names, made if it is not there; without a name one that goes away with the value.
    pub fn new(keep: Option<&Path>) -> Result<Folder, Stop> {
        match keep {
            Some(path) => match std::fs::create_dir_all(path) {
                Ok(()) => Ok(Folder::Kept(path.to_owned())),
                Err(e) => Err(Stop::Diagnostic(Box::new(
                    Diagnostic::error(codes::OUTPUT, format!("{} cannot be made: {e}", path.display()))
                        .help("choose another folder with --keep"),
                ))),
            },
            None => tempfile::Builder::new().prefix("pyhdl-").tempdir().map(Folder::Temporary).map_err(|e| {
                Stop::Diagnostic(Box::new(
                    Diagnostic::error(codes::OUTPUT, format!("no temporary folder can be made: {e}"))
                        .help("free some space, or give a folder with --keep"),
                ))
            }),
        }
    }

    pub fn path(&self) -> &Path {
        match self {
            Folder::Kept(path) => path,
            Folder::Temporary(folder) => folder.path(),
        }
    }
}
