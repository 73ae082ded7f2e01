//! [`Figures`]: how fast a design is on an engine. pyhdl and the other engine run in turns, and the ratio of two runs
//! that follow each other counts: whatever else the machine does meets both.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use super::design::Design;
use super::engine::{Engine, Programs};
use super::harness::Runnable;
use super::median;

/// Cycles after which all checksums are compared.
const CHECKED: u64 = 400;
/// Cycles of a run whose result one waits for.
pub const WAITED: u64 = 100_000;
/// No run is longer, however fast the engine is.
const MOST: u64 = 2_000_000_000;

/// The figures of one design on one engine.
#[derive(Clone, Default, Serialize, Deserialize, Debug)]
pub struct Figures {
    /// After [`CHECKED`] cycles.
    pub checksum: String,
    /// Seconds from HDL to something that runs.
    pub build: f64,
    /// Seconds of a run of [`CHECKED`] cycles.
    pub start: f64,
    /// Of the long runs.
    pub cycles: u64,
    pub cycles_per_second: f64,
    /// How many times as fast pyhdl is.
    pub ratio: Option<f64>,
    pub wait: Option<Wait>,
}

/// A run of [`WAITED`] cycles.
#[derive(Clone, Default, Serialize, Deserialize, Debug)]
pub struct Wait {
    /// From the command to the result, with the build.
    pub seconds: f64,
    pub checksum: String,
}

/// Figures by engine.
pub type Row = BTreeMap<String, Figures>;
/// By design, then by engine.
pub type Table = BTreeMap<String, Row>;

/// How much is run.
#[derive(Clone, Copy)]
pub struct Effort {
    /// About how long each long run takes.
    pub seconds: f64,
    /// How many pairs of runs, of which the median counts.
    pub runs: u32,
}

/// Measures a design on the engines that can run it. What fails on one of them is a problem, and it has no figures.
pub fn measure(
    design: &Design,
    engines: &[Engine],
    programs: &Programs,
    effort: Effort,
    problems: &mut Vec<String>,
) -> Result<Row> {
    let place = tempfile::tempdir()?;
    let (mut ours, mut others) = (None, Vec::new());
    for engine in engines.iter().filter(|engine| design.hdl || !engine.runs_hdl()) {
        match Timed::new(*engine, design, programs, &place.path().join(engine.name()), effort.seconds) {
            Ok(timed) if *engine == Engine::Pyhdl => ours = Some(timed),
            Ok(timed) => others.push(timed),
            Err(e) => problems.push(format!("{} on {}: {e:#}", design.name, engine.name())),
        }
    }
    for _ in 0..effort.runs {
        for timed in ours.iter_mut().chain(&mut others).filter(|timed| timed.engine.is_waited_for()) {
            timed.wait()?;
        }
    }
    for other in &mut others {
        for _ in 0..effort.runs {
            let speed = ours.as_mut().map(Timed::speed).transpose()?;
            let theirs = other.speed()?;
            other.ratios.extend(speed.map(|speed| speed / theirs));
        }
    }
    if let (Some(ours), true) = (&mut ours, others.is_empty()) {
        for _ in 0..effort.runs {
            ours.speed()?;
        }
    }
    let row: Row = ours.into_iter().chain(others).map(Timed::figures).collect();
    let short: Vec<&str> = row.values().map(|f| f.checksum.as_str()).collect();
    let long: Vec<&str> = row.values().filter_map(|f| Some(f.wait.as_ref()?.checksum.as_str())).collect();
    for (cycles, mut checksums) in [(CHECKED, short), (WAITED, long)] {
        checksums.dedup();
        if checksums.len() > 1 {
            let checksums = checksums.join(", ");
            problems
                .push(format!("{}: the checksums after {cycles} cycles differ: {checksums}", design.name));
        }
    }
    Ok(row)
}

/// A design that is ready on an engine, and what has been measured of it.
struct Timed {
    engine: Engine,
    runnable: Runnable,
    figures: Figures,
    speeds: Vec<f64>,
    ratios: Vec<f64>,
    waits: Vec<f64>,
    waited: String,
}

impl Timed {
    /// Builds it, and finds out how many cycles a run of some seconds has.
    fn new(
        engine: Engine,
        design: &Design,
        programs: &Programs,
        folder: &Path,
        seconds: f64,
    ) -> Result<Timed> {
        let runnable = Runnable::new(engine, design, programs, folder)?;
        let short = runnable.run(CHECKED)?;
        let net = |cycles| -> Result<f64> {
            Ok(runnable.run(cycles)?.time.saturating_sub(short.time).as_secs_f64())
        };
        let enough = seconds / 2.0;
        let mut cycles = 4 * CHECKED;
        let mut took = net(cycles)?;
        // A machine that was busy once does not make the design slow.
        while (took < enough || {
            took = took.min(net(cycles)?);
            took < enough
        }) && cycles < MOST
        {
            let more = (seconds / took.max(0.01)).clamp(2.0, 16.0);
            cycles = ((cycles as f64 * more) as u64).min(MOST);
            took = net(cycles)?;
        }
        let figures = Figures {
            checksum: short.checksum,
            build: runnable.build.as_secs_f64(),
            start: short.time.as_secs_f64(),
            cycles,
            ..Figures::default()
        };
        let (speeds, ratios, waits) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Timed { engine, runnable, figures, speeds, ratios, waits, waited: String::new() })
    }

    /// Cycles a second, from a short run and a long one, so that start-up cancels out.
    fn speed(&mut self) -> Result<f64> {
        let short = self.runnable.run(CHECKED)?.time;
        let long = self.runnable.run(self.figures.cycles)?.time;
        let seconds = long.saturating_sub(short).as_secs_f64().max(1e-9);
        let speed = (self.figures.cycles - CHECKED) as f64 / seconds;
        self.speeds.push(speed);
        Ok(speed)
    }

    fn wait(&mut self) -> Result<()> {
        let ran = self.runnable.run(WAITED)?;
        self.waits.push(self.figures.build + ran.time.as_secs_f64());
        self.waited = ran.checksum;
        Ok(())
    }

    fn figures(self) -> (String, Figures) {
        let cycles_per_second = median(self.speeds).unwrap_or_default();
        let ratio = median(self.ratios);
        let wait = median(self.waits).map(|seconds| Wait { seconds, checksum: self.waited });
        (self.engine.name().to_owned(), Figures { cycles_per_second, ratio, wait, ..self.figures })
    }
}
