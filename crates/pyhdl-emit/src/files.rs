//! Files on disk, whole or not at all.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file or folder that cannot be written.
#[derive(Debug)]
pub struct WriteError {
    pub path: PathBuf,
    pub source: std::io::Error,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} cannot be written: {}", self.path.display(), self.source)
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Writes all files into a folder, or none: first each beside its place under a temporary name, then all are moved
/// to their places. Makes the folder where there is none. Returns their paths.
pub fn write_files(folder: &Path, files: &[(String, String)]) -> Result<Vec<PathBuf>, WriteError> {
    let refuse = |path: &Path, source: std::io::Error| WriteError { path: path.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(|e| refuse(folder, e))?;
    let mut staged = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        if path.is_dir() {
            return Err(refuse(&path, std::io::ErrorKind::IsADirectory.into()));
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".pyhdl-");
        // What the files of an ordinary program get, less the user's mask.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(folder).map_err(|e| refuse(folder, e))?;
        file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(|e| refuse(&path, e))?;
        staged.push((file, path));
    }
    let mut written = Vec::new();
    for (file, path) in staged {
        file.persist(&path).map_err(|e| refuse(&path, e.error))?;
        written.push(path);
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_one_file_cannot_be_written_none_is() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("b.v")).expect("a folder");
        let files = [("a.v".to_owned(), "text".to_owned()), ("b.v".to_owned(), "text".to_owned())];
        let error = write_files(folder.path(), &files).expect_err("b.v is a folder");
        assert_eq!(error.path, folder.path().join("b.v"));
        let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }
}
