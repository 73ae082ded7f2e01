//! What the fuzzer starts from and what it has found goes the whole way, and so do random changes of it, each in time.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use pyhdl_fuzz::{Reached, front, mutate, splice};

/// Far more than any text of this size takes.
const LIMIT: Duration = Duration::from_secs(20);
/// What the changed texts may take together.
const BUDGET: Duration = Duration::from_secs(12);
const CHANGED: usize = 3000;
/// The stack that a program's first thread usually has.
const STACK: usize = 8 << 20;

fn texts(folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz").join(folder);
    let files = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut texts: Vec<_> = files
        .map(|file| {
            let path = file.expect("a file").path();
            let bytes = fs::read(&path).expect("its bytes");
            (path, bytes)
        })
        .collect();
    texts.sort();
    texts
}

/// Takes one text the whole way, on a thread of its own that is left behind where it does not end.
fn within_limit(bytes: &[u8]) -> Result<Reached, String> {
    let (send, receive) = mpsc::channel();
    let bytes = bytes.to_vec();
    let work = thread::Builder::new().stack_size(STACK).spawn(move || {
        let reached = front(&bytes);
        send.send(reached).ok();
    });
    let work = work.expect("a thread");
    match receive.recv_timeout(LIMIT) {
        Ok(reached) => Ok(reached),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(format!("no end after {LIMIT:?}")),
        Err(mpsc::RecvTimeoutError::Disconnected) => match work.join() {
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                Err(text.or(panic.downcast_ref::<&str>().map(|t| (*t).to_owned())).unwrap_or_default())
            }
            Ok(()) => Err("no result".to_owned()),
        },
    }
}

#[test]
fn past_findings_go_the_whole_way() {
    for (path, bytes) in texts("regressions") {
        if let Err(what) = within_limit(&bytes) {
            panic!("{}: {what}", path.display());
        }
    }
}

#[test]
fn what_the_fuzzer_starts_from_becomes_hdl() {
    let mut stopped = Vec::new();
    let corpus = texts("corpus");
    for (path, bytes) in &corpus {
        match within_limit(bytes) {
            Ok(Reached::Written) => {}
            Ok(reached) => stopped.push((path, reached)),
            Err(what) => panic!("{}: {what}", path.display()),
        }
    }
    // A few may show what is refused.
    assert!(corpus.len() > 60 && stopped.len() < 6, "{} texts, of which {stopped:?}", corpus.len());
}

#[test]
fn changed_texts_go_the_whole_way() {
    // Chance is for `cargo xtask fuzz`: what a commit's tests say does not depend on it.
    let seed = std::env::var("PYHDL_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let mut rng = Rng::with_seed(seed);
    let texts: Vec<String> = ["corpus", "regressions"]
        .iter()
        .flat_map(|folder| texts(folder))
        .map(|(_, bytes)| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    let until = Instant::now() + BUDGET;
    for _ in 0..CHANGED {
        if Instant::now() > until {
            break;
        }
        let (Some(text), Some(donor)) = (rng.choice(&texts), rng.choice(&texts)) else { return };
        let mut changed = mutate(text, donor, &mut rng);
        if rng.u8(..4) == 0 {
            changed = splice(&changed, donor, &mut rng);
        }
        let mut bytes = changed.into_bytes();
        if rng.u8(..8) == 0 && !bytes.is_empty() {
            let at = rng.usize(..bytes.len());
            bytes[at] = rng.u8(..);
        }
        if let Err(what) = within_limit(&bytes) {
            panic!("PYHDL_SEED={seed}: {what}\n{}", String::from_utf8_lossy(&bytes));
        }
    }
}
