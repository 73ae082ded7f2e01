//! `cargo xtask kills`: ends simulations at random moments, and looks at what they leave: exit codes, wave files, machine
//! code on disk.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use xtask::{process, workspace};

#[derive(Args)]
pub struct Options {
    /// How many simulations are ended.
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    count: u32,
    /// Decides the moments; a fresh one by default.
    #[arg(long)]
    seed: Option<u64>,
}

/// What comes to an end, with the code that a shell shows for it.
const SIGNALS: [(Signal, i32); 3] = [(Signal::SIGINT, 130), (Signal::SIGTERM, 143), (Signal::SIGKILL, 137)];

/// A file of waves and the independent reader that makes VCD of it; none is needed for VCD.
const FORMATS: [(&str, Option<&str>); 2] = [("waves.fst", Some("fst2vcd")), ("waves.vcd", None)];

/// The longest run. After a kill, waves may end this much before.
const LONGEST: Duration = Duration::from_millis(4000);
const FLUSHED: Duration = Duration::from_millis(3000);

/// Compiled beside a process in Python that says how far it is. With an argument it ends after so many clock cycles.
const DESIGN: &str = r#"
import sys
import time

from myhdl import *

CYCLES = int(sys.argv[1]) if len(sys.argv) > 1 else None


@block
def counter(clk, step, q):
    @always(clk.posedge)
    def count():
        q.next = (q + step) % 2**16

    return count


@block
def bench():
    clk = Signal(bool(0))
    outs = [Signal(intbv(i)[16:]) for i in range(60)]
    counters = [counter(clk, i + 1, outs[i]) for i in range(60)]

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def tell():
        told = {}
        while CYCLES is None or now() < 10 * CYCLES:
            yield delay(200)
            told[now()] = int(outs[7])
            if CYCLES is None:
                time.sleep(0.0005)
                print("at", now(), flush=True)
        print("sum", sum(told.values()) + sum(int(out) for out in outs))
        raise StopSimulation

    return counters, clock, tell


bench().run_sim(quiet=1)
"#;

pub fn run(options: &Options) -> Result<ExitCode> {
    super::bench::release(&["pyhdl"])?;
    let seed = options.seed.unwrap_or_else(|| fastrand::u64(..1 << 40));
    process::note(&format!("seed {seed}"));
    let mut random = fastrand::Rng::with_seed(seed);
    let place = tempfile::tempdir()?;
    let lab = Lab { program: workspace::target().join("release").join("pyhdl"), place: place.path().into() };
    fs::write(lab.design(), DESIGN)?;
    let expected = lab.finite("event")?;
    let mut counts = [0; SIGNALS.len()];
    for round in 0..options.count {
        let which = random.usize(..SIGNALS.len());
        counts[which] += 1;
        let (file, reader) = FORMATS[random.usize(..FORMATS.len())];
        if random.u8(..3) == 0 {
            // Code is made again, and may be killed while that is written.
            let _ = fs::remove_dir_all(lab.cache());
        }
        let after = Duration::from_millis(random.u64(1..=LONGEST.as_millis() as u64));
        lab.kill(SIGNALS[which], file, reader, after)
            .with_context(|| format!("round {round}: {} after {after:?}, {file}", SIGNALS[which].0))?;
        let found = lab.finite("compiled")?;
        ensure!(found == expected, "round {round}: then `{found}` is printed, and `{expected}` before");
    }
    let names: Vec<String> =
        SIGNALS.iter().zip(counts).map(|((signal, _), count)| format!("{count} {signal}")).collect();
    process::note(&format!("{} simulations ended as they should: {}", options.count, names.join(", ")));
    Ok(ExitCode::SUCCESS)
}

/// A folder in which a design is simulated again and again.
struct Lab {
    program: PathBuf,
    place: PathBuf,
}

impl Lab {
    fn design(&self) -> PathBuf {
        self.place.join("counters.py")
    }

    fn cache(&self) -> PathBuf {
        self.place.join("cache")
    }

    fn sim(&self, options: &[&str]) -> Command {
        let mut sim = Command::new(&self.program);
        sim.arg("sim").arg(self.design()).args(options).current_dir(&self.place);
        sim.env("PYHDL_CACHE", self.cache()).stdin(Stdio::null());
        sim
    }

    /// What a run prints that ends by itself.
    fn finite(&self, engine: &str) -> Result<String> {
        let output = self.sim(&["--engine", engine, "--", "3000"]).output()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let problem = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success() && said.starts_with("sum "), "{}\n{said}{problem}", output.status);
        Ok(said)
    }

    /// One run that is ended by a signal after some time.
    fn kill(
        &self,
        (signal, code): (Signal, i32),
        file: &str,
        reader: Option<&str>,
        after: Duration,
    ) -> Result<()> {
        let waves = self.place.join(file);
        let _ = fs::remove_file(&waves);
        let start = Instant::now();
        let mut sim = self.sim(&["--wave", file]);
        let mut child = sim.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let lines = BufReader::new(child.stdout.take().context("a pipe")?).lines();
        let (tell, told) = mpsc::channel();
        let listener = thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(time) = line.strip_prefix("at ").and_then(|time| time.parse::<u64>().ok()) {
                    let _ = tell.send((start.elapsed(), time));
                }
            }
        });
        thread::sleep(after.saturating_sub(start.elapsed()));
        kill(Pid::from_raw(child.id().try_into()?), signal)?;
        let killed = start.elapsed();
        let status = child.wait()?;
        listener.join().map_err(|_| anyhow::anyhow!("the listener has failed"))?;
        ensure!(shown(status) == Some(code), "it ended with {status}");
        let recent = match signal {
            Signal::SIGKILL => killed.saturating_sub(FLUSHED),
            // What was told a moment before may still be on its way to the file.
            _ => killed.saturating_sub(Duration::from_millis(20)),
        };
        let wanted = told.iter().take_while(|(at, _)| *at < recent).last().map(|(_, time)| time);
        let Some(wanted) = wanted else { return Ok(()) };
        let end = last_time(&waves, reader)?;
        ensure!(end >= wanted, "the waves end at {end}, and {wanted} was told before");
        Ok(())
    }
}

/// The code that a shell shows.
fn shown(status: ExitStatus) -> Option<i32> {
    status.code().or_else(|| status.signal().map(|signal| 128 + signal))
}

/// The last time in a file of waves, as another program reads it.
fn last_time(waves: &Path, reader: Option<&str>) -> Result<u64> {
    let Some(reader) = reader else {
        return last_time_of(BufReader::new(fs::File::open(waves)?));
    };
    let mut child = Command::new(reader)
        .arg(waves)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{reader} cannot be started"))?;
    let end = last_time_of(BufReader::new(child.stdout.take().context("a pipe")?));
    let status = child.wait()?;
    if !status.success() {
        bail!("{reader}: {status}");
    }
    end
}

/// Times are lines as `#25`. A line that was not written to its end is none.
fn last_time_of(mut vcd: impl BufRead) -> Result<u64> {
    let (mut line, mut last) = (Vec::new(), None);
    while vcd.read_until(b'\n', &mut line)? > 0 {
        if let Some(time) = line.strip_prefix(b"#").and_then(|time| time.strip_suffix(b"\n")) {
            last = Some(std::str::from_utf8(time)?.trim().parse()?);
        }
        line.clear();
    }
    last.context("no time is in the waves")
}
