//! Running a program to its end, with a limit: a simulation that never ends fails its test and no more.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use wait_timeout::ChildExt;
use xtask::process::describe;

/// Far more than any program of the suites takes, also on a busy machine and unoptimised.
const LIMIT: Duration = Duration::from_secs(600);

/// How a program ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was run, as one would type it.
    pub command: String,
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Outcome {
    /// Everything about it as text, for a message.
    pub fn describe(&self) -> String {
        format!(
            "`{}` ended with exit code {:?}\n--- standard output\n{}--- standard error\n{}",
            self.command,
            self.code,
            self.stdout(),
            self.stderr()
        )
    }

    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// Exit code 0, or an error that shows everything.
    pub fn success(self) -> Result<Outcome> {
        if self.code == Some(0) { Ok(self) } else { bail!("{}", self.describe()) }
    }

    /// Exit code 0 and not a word, as tools do that have nothing to object to.
    pub fn silence(self) -> Result<()> {
        if self.code == Some(0) && self.stdout.trim_ascii().is_empty() && self.stderr.trim_ascii().is_empty()
        {
            Ok(())
        } else {
            bail!("{}", self.describe())
        }
    }
}

/// Runs a program without input.
pub fn run(command: &mut Command) -> Result<Outcome> {
    let text = describe(command);
    let folder = tempfile::tempdir()?;
    let (stdout, stderr) = (folder.path().join("stdout"), folder.path().join("stderr"));
    // Files, because a full pipe would stop the program.
    let mut child = command
        .stdin(Stdio::null())
        .stdout(fs::File::create(&stdout)?)
        .stderr(fs::File::create(&stderr)?)
        .spawn()
        .with_context(|| format!("`{text}` cannot be started"))?;
    let Some(status) = child.wait_timeout(LIMIT)? else {
        child.kill()?;
        child.wait()?;
        bail!("`{text}` did not end within {} s", LIMIT.as_secs());
    };
    Ok(Outcome { command: text, code: status.code(), stdout: fs::read(stdout)?, stderr: fs::read(stderr)? })
}
