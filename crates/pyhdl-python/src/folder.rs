//! Where relative paths start: the folder in which the program was started, also after a script has changed it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

static START: OnceLock<PathBuf> = OnceLock::new();

/// Remembers the current folder.
pub fn remember() {
    if let Ok(folder) = std::env::current_dir() {
        START.get_or_init(|| folder);
    }
}

/// A path that a source file was read from, as it can be found now: unchanged, as long as nobody changed the folder.
pub fn resolve(path: &Path) -> PathBuf {
    match START.get() {
        Some(start) if path.is_relative() && std::env::current_dir().ok().as_ref() != Some(start) => {
            start.join(path)
        }
        _ => path.to_owned(),
    }
}
