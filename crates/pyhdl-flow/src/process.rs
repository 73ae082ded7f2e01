//! Running one program of a tool: its output is kept in a file, and it is stopped when it takes too long.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use wait_timeout::ChildExt;

use crate::{FlowError, Tool};

/// How long one program of a tool may run.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(300);

/// Lines of output that an error shows from the start and from the end each.
const SHOWN_LINES: usize = 20;

/// Characters that an error shows of one line.
const SHOWN_COLUMNS: usize = 400;

/// How often a running program is looked at.
const POLL: Duration = Duration::from_millis(100);

/// When to stop waiting for a tool.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// How long each of the tool's programs may run.
    pub timeout: Duration,
    /// Asked now and then; true stops the program.
    pub interrupted: &'a dyn Fn() -> bool,
}

impl Default for Limits<'_> {
    fn default() -> Self {
        Limits { timeout: DEFAULT_TIMEOUT, interrupted: &|| false }
    }
}

/// What a program did, however it ended.
pub(crate) struct Finished {
    pub status: ExitStatus,
    pub command: String,
    /// Standard output and standard error as they came.
    pub output: String,
}

/// A program to run for a tool, in its work folder.
pub(crate) struct Program<'a> {
    pub tool: Tool,
    /// The current folder of the program; the output is kept here too.
    pub folder: &'a Path,
    pub limits: Limits<'a>,
}

impl Program<'_> {
    /// Runs one of the tool's programs, named as in `PATH`, and requires that it succeeds.
    pub fn run(&self, name: &str, args: Vec<OsString>) -> Result<Finished, FlowError> {
        let finished = self.try_run(name, args)?;
        if finished.status.success() {
            return Ok(finished);
        }
        Err(FlowError::Failed {
            tool: self.tool,
            command: finished.command,
            output: shortened(&finished.output),
        })
    }

    /// Runs one of the tool's programs, named as in `PATH`, whatever its exit code.
    pub fn try_run(&self, name: &str, args: Vec<OsString>) -> Result<Finished, FlowError> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let program = self.tool.find_program(name, &path).map_err(FlowError::NotInstalled)?;
        self.try_run_file(&program, args)
    }

    /// Runs one of the tool's programs, requires that it succeeds, and keeps its standard output in a file.
    pub fn run_into(&self, name: &str, args: Vec<OsString>, path: &Path) -> Result<(), FlowError> {
        let search = std::env::var_os("PATH").unwrap_or_default();
        let program = self.tool.find_program(name, &search).map_err(FlowError::NotInstalled)?;
        let file = File::create(path).map_err(|e| FlowError::files(path, e))?;
        let finished = self.start(&program, args, Some(file))?;
        if finished.status.success() {
            return Ok(());
        }
        Err(FlowError::Failed {
            tool: self.tool,
            command: finished.command,
            output: shortened(&finished.output),
        })
    }

    /// Runs a program file.
    pub fn try_run_file(&self, program: &Path, args: Vec<OsString>) -> Result<Finished, FlowError> {
        self.start(program, args, None)
    }

    /// Runs a program file; its standard output goes to `into`, or where its standard error goes.
    fn start(&self, program: &Path, args: Vec<OsString>, into: Option<File>) -> Result<Finished, FlowError> {
        let log_path = self.folder.join("output.log");
        let log = File::create(&log_path).map_err(|e| FlowError::files(&log_path, e))?;
        let output = match into {
            Some(file) => file,
            None => log.try_clone().map_err(|e| FlowError::files(&log_path, e))?,
        };
        let command = command_line(program, &args);
        let mut child = in_own_group(
            Command::new(program)
                .args(args)
                .current_dir(self.folder)
                // What tools print is parsed, so it must not be translated.
                .env("LC_ALL", "C")
                .stdin(Stdio::null())
                .stdout(output)
                .stderr(log),
        )
        .spawn()
        .map_err(|e| FlowError::files(program, e))?;
        let ended = self.wait(&mut child);
        if !matches!(ended, Ok(Some(_))) {
            stop(&mut child);
        }
        let output = std::fs::read(&log_path).map_err(|e| FlowError::files(&log_path, e))?;
        let output = String::from_utf8_lossy(&output).into_owned();
        match ended.map_err(|e| FlowError::files(program, e))? {
            Some(status) => Ok(Finished { status, command, output }),
            None if (self.limits.interrupted)() => Err(FlowError::Interrupted),
            None => Err(FlowError::TimedOut {
                tool: self.tool,
                command,
                seconds: self.limits.timeout.as_secs(),
                output: shortened(&output),
            }),
        }
    }

    /// Waits until the program has ended; `None` where that took too long, or the user does not want to wait.
    fn wait(&self, child: &mut Child) -> std::io::Result<Option<ExitStatus>> {
        let start = Instant::now();
        loop {
            let left = self.limits.timeout.saturating_sub(start.elapsed());
            match child.wait_timeout(POLL.min(left))? {
                Some(status) => return Ok(Some(status)),
                None if left.is_zero() || (self.limits.interrupted)() => return Ok(None),
                None => {}
            }
        }
    }
}

/// Lets the program lead a process group, so that what it starts (make, a compiler) can be stopped with it.
fn in_own_group(command: &mut Command) -> &mut Command {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command
}

/// Stops a program that [`in_own_group`] prepared. An error only means that it has ended by itself.
fn stop(child: &mut Child) {
    #[cfg(unix)]
    if let Ok(group) = i32::try_from(child.id()) {
        let _ =
            nix::sys::signal::killpg(nix::unistd::Pid::from_raw(group), nix::sys::signal::Signal::SIGKILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// The command as one would type it.
fn command_line(program: &Path, args: &[OsString]) -> String {
    let name = program.file_name().unwrap_or(program.as_os_str());
    let mut line = name.to_string_lossy().into_owned();
    for arg in args {
        let arg = arg.to_string_lossy();
        line.push(' ');
        if arg.contains([' ', '\\', '"', '\'', '$']) {
            line.push_str(&format!("'{}'", arg.replace('\'', "'\\''")));
        } else {
            line.push_str(&arg);
        }
    }
    line
}

/// Output for an error: the start says what went wrong first, the end says how the tool gave up.
pub(crate) fn shortened(output: &str) -> String {
    let lines: Vec<&str> = output.trim().lines().map(str::trim_end).collect();
    let cut = |line: &&str| match line.char_indices().nth(SHOWN_COLUMNS) {
        Some((end, _)) => format!("{} ...", &line[..end]),
        None => (*line).to_owned(),
    };
    if lines.len() <= 2 * SHOWN_LINES + 1 {
        return lines.iter().map(cut).collect::<Vec<_>>().join("\n");
    }
    let mut shown: Vec<String> = lines[..SHOWN_LINES].iter().map(cut).collect();
    shown.push(format!("... {} more lines ...", lines.len() - 2 * SHOWN_LINES));
    shown.extend(lines[lines.len() - SHOWN_LINES..].iter().map(cut));
    shown.join("\n")
}

/// Makes a folder with all its parents and returns its absolute path.
pub(crate) fn make_folder(folder: &Path) -> Result<PathBuf, FlowError> {
    std::fs::create_dir_all(folder).map_err(|e| FlowError::files(folder, e))?;
    std::fs::canonicalize(folder).map_err(|e| FlowError::files(folder, e))
}

/// Absolute paths, since a tool runs in another folder.
pub(crate) fn absolute(files: &[PathBuf]) -> Result<Vec<PathBuf>, FlowError> {
    files.iter().map(|f| std::fs::canonicalize(f).map_err(|e| FlowError::files(f, e))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_output_keeps_its_start_and_its_end() {
        let output: String = (1..=100).map(|i| format!("line {i}\n")).collect();
        let shown = shortened(&output);
        assert!(shown.starts_with("line 1\n"));
        assert!(shown.contains("line 20\n... 60 more lines ...\nline 81\n"), "{shown}");
        assert!(shown.ends_with("line 100"));
    }

    #[test]
    fn a_command_line_can_be_typed_again() {
        let args = vec![OsString::from("-o"), OsString::from("a b"), OsString::from("\\x ")];
        assert_eq!(command_line(Path::new("/usr/bin/tool"), &args), "tool -o 'a b' '\\x '");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_takes_too_long_is_stopped_with_what_it_started() {
        let folder = tempfile::tempdir().expect("a folder");
        let limits = Limits { timeout: Duration::from_millis(200), ..Limits::default() };
        let program = Program { tool: Tool::Icarus, folder: folder.path(), limits };
        let args = ["-c", "echo waiting; (sleep 1; touch late) & wait"].map(OsString::from).to_vec();
        let stopped = program.try_run_file(Path::new("/bin/sh"), args);
        let Err(FlowError::TimedOut { output, .. }) = stopped else { panic!("it was not stopped") };
        assert_eq!(output, "waiting");
        std::thread::sleep(Duration::from_millis(1500));
        assert!(!folder.path().join("late").exists(), "the inner program went on");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_is_stopped_when_the_user_does_not_want_to_wait() {
        let folder = tempfile::tempdir().expect("a folder");
        let asked = std::cell::Cell::new(0);
        let interrupted = || {
            asked.set(asked.get() + 1);
            asked.get() > 2
        };
        let limits = Limits { interrupted: &interrupted, ..Limits::default() };
        let program = Program { tool: Tool::Icarus, folder: folder.path(), limits };
        let start = Instant::now();
        let stopped = program.try_run_file(Path::new("/bin/sh"), vec!["-c".into(), "sleep 60".into()]);
        assert!(matches!(stopped, Err(FlowError::Interrupted)));
        assert!(start.elapsed() < Duration::from_secs(30));
    }
}
