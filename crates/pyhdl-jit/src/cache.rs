//! Machine code kept on disk between runs, under a hash of everything that it was made from.
//!
//! A file is written whole beside its place and then moved there, so that runs that share the folder never see half of
//! one; one that is damaged is as good as none. The files that were not used for the longest time are removed when
//! there is too much.

use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use pyhdl_sim::cycle::Plan;
use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher13};

use crate::Options;
use crate::code::{self, Blob};
use crate::passes::Pass;
use crate::sites::Sites;

pub const CACHE: Pass = Pass {
    name: "cache",
    about: "code is kept on disk for the next run",
    leave_out: |options| options.cache = false,
};

/// All files together, in bytes.
const LIMIT: u64 = 256 << 20;
const ENDING: &str = "code";

/// What is kept of a compiled design.
#[derive(Serialize, Deserialize)]
pub struct Entry {
    pub blob: Blob,
    pub sites: Sites,
}

/// Where the code of a design is kept.
pub struct Place {
    folder: PathBuf,
    name: String,
}

impl Place {
    /// `None` where there is no folder for caches.
    pub fn of(plan: &Plan, options: &Options) -> Option<Place> {
        let folder = match std::env::var_os("PYHDL_CACHE") {
            Some(folder) if folder.is_empty() => return None,
            Some(folder) => PathBuf::from(folder),
            None => dirs::cache_dir()?.join("pyhdl"),
        };
        Some(Place { folder, name: key(plan, options) })
    }

    fn file(&self) -> PathBuf {
        self.folder.join(&self.name).with_extension(ENDING)
    }

    /// The code, if it is there and whole.
    pub fn load(&self) -> Option<Entry> {
        let bytes = fs::read(self.file()).ok()?;
        let (sum, content) = bytes.split_at_checked(16)?;
        if sum != checksum(content) {
            return None;
        }
        // When it was used last counts; if that cannot be noted, it is removed sooner.
        let _ = fs::File::options()
            .append(true)
            .open(self.file())
            .and_then(|file| file.set_modified(SystemTime::now()));
        postcard::from_bytes(content).ok()
    }

    /// Keeps code. Where that fails, the next run compiles again.
    pub fn store(&self, entry: &Entry) {
        let _ = self.try_store(entry);
    }

    fn try_store(&self, entry: &Entry) -> std::io::Result<()> {
        let content = postcard::to_stdvec(entry).map_err(std::io::Error::other)?;
        let size = content.len() as u64;
        if size > LIMIT / 2 {
            return Ok(());
        }
        make_folder(&self.folder)?;
        make_room(&self.folder, LIMIT - size)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&checksum(&content))?;
        file.write_all(&content)?;
        file.persist(self.file()).map_err(|e| e.error)?;
        Ok(())
    }
}

/// A folder that nobody else can put machine code into.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Removes the oldest files until the others have at most so many bytes.
fn make_room(folder: &Path, limit: u64) -> std::io::Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        // Those that a killed run has left half written are among them.
        if metadata.is_file() {
            files.push((metadata.modified()?, metadata.len(), entry.path()));
        }
    }
    files.sort();
    let mut total: u64 = files.iter().map(|(_, size, _)| size).sum();
    for (_, size, path) in files {
        if total <= limit {
            break;
        }
        // Another run may have removed it.
        if fs::remove_file(path).is_ok() {
            total -= size;
        }
    }
    Ok(())
}

fn key(plan: &Plan, options: &Options) -> String {
    let mut hasher = SipHasher13::new();
    // These sources and this processor; see build.rs.
    env!("PYHDL_JIT_SOURCES").hash(&mut hasher);
    std::env::consts::ARCH.hash(&mut hasher);
    features().hash(&mut hasher);
    options.hash(&mut hasher);
    plan.design.hash(&mut hasher);
    if plan.terms.is_some() {
        // What guests are expected to do is no part of the design.
        plan.guest_wakes.hash(&mut hasher);
        format!("{:?}", (&plan.actions, &plan.drives, &plan.shadowed)).hash(&mut hasher);
    }
    let hash = hasher.finish128();
    format!("{:016x}{:016x}", hash.h1, hash.h2)
}

/// What the code generator knows of this processor.
fn features() -> String {
    let flags = code::target(true).map(|isa| isa.isa_flags().iter().map(ToString::to_string).collect());
    flags.unwrap_or_else(|_| Vec::new()).join(" ")
}

fn checksum(content: &[u8]) -> [u8; 16] {
    let mut hasher = SipHasher13::new();
    hasher.write(content);
    let hash = hasher.finish128();
    let mut sum = [0; 16];
    sum[..8].copy_from_slice(&hash.h1.to_le_bytes());
    sum[8..].copy_from_slice(&hash.h2.to_le_bytes());
    sum
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::time::Duration;

    use super::*;

    fn place(folder: &Path, name: &str) -> Place {
        Place { folder: folder.join("made"), name: name.to_owned() }
    }

    fn entry(size: usize) -> Entry {
        Entry { blob: Blob { bytes: vec![7; size], starts: vec![0, 3] }, sites: Vec::new() }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path(), "a");
        assert!(place.load().is_none());
        place.store(&entry(1000));
        assert_eq!(place.load().unwrap().blob, entry(1000).blob);
    }

    #[test]
    fn damaged_files_are_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let place = place(folder.path(), "a");
        place.store(&entry(1000));
        let whole = fs::read(place.file()).unwrap();
        for length in [0, 5, 16, 17, whole.len() - 1] {
            fs::write(place.file(), &whole[..length]).unwrap();
            assert!(place.load().is_none(), "{length}");
        }
        for at in [0, 15, 16, 500, whole.len() - 1] {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(place.file(), damaged).unwrap();
            assert!(place.load().is_none(), "{at}");
        }
        place.store(&entry(1000));
        assert!(place.load().is_some());
    }

    #[test]
    fn the_oldest_files_make_room() {
        let folder = tempfile::tempdir().unwrap();
        for (name, age) in [("a", 30), ("b", 20), ("c", 10)] {
            let file = folder.path().join(name);
            fs::write(&file, [0; 100]).unwrap();
            let then = SystemTime::now() - Duration::from_secs(age);
            fs::File::options().append(true).open(file).unwrap().set_modified(then).unwrap();
        }
        make_room(folder.path(), 150).unwrap();
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["c"]);
    }

    #[test]
    fn designs_and_options_have_their_own_places() {
        let mut design = pyhdl_ir::Design::default();
        let options = Options::default();
        let plan = |design: &pyhdl_ir::Design| {
            Plan::new(design.clone().into(), &options.plan, None, &Default::default())
                .expect("nothing is planned easily")
        };
        let one = key(&plan(&design), &options);
        assert_eq!(one, key(&plan(&design), &options));
        let mut other = options.clone();
        other.leave_out("wires");
        assert_ne!(one, key(&plan(&design), &other));
        design.tables.push(pyhdl_ir::Table { name: "t".to_owned(), entries: vec![1.into()] });
        assert_ne!(one, key(&plan(&design), &options));
    }
}
