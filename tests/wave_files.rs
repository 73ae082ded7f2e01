//! What `pyhdl sim --wave` writes: both formats, parts of a simulation, and runs that end early. The files are read by
//! the crate `wellen`; the values in them are known.

#[path = "../crates/pyhdl-wave/tests/reader/mod.rs"]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod reader;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pyhdl_tests::{Outcome, pyhdl, run};
use reader::{Changes, Waves, read};
use tempfile::TempDir;

/// A machine whose registers follow from the number of the clock's edges: they are at 5, 15, 25 and so on. The test bench
/// has 20 of them in 200 time steps.
const DESIGN: &str = "\
from myhdl import *

State = enum('IDLE', 'RUN', 'HALT')

@block
def half(clk, q):
    @always(clk.posedge)
    def flip():
        q.next = not q
    return flip

@block
def machine(clk, count):
    state = Signal(State.IDLE)
    wide = Signal(intbv(0)[70:])
    number = Signal(0)
    mem = [Signal(intbv(0)[4:]) for _ in range(2)]
    bits = [Signal(bool(0)) for _ in range(2)]
    halves = [half(clk, bits[i]) for i in range(2)]
    @always(clk.posedge)
    def run():
        count.next = count + 1
        number.next = number + 3
        wide.next = (1 << 69) + number
        mem[number % 2].next = count % 16
        if state == State.IDLE:
            state.next = State.RUN
        elif state == State.RUN:
            state.next = State.HALT
        else:
            state.next = State.IDLE
    return halves, run

@block
def bench():
    clk = Signal(bool(0))
    count = Signal(modbv(0)[8:])
    dut = machine(clk, count)
    @instance
    def stimulus():
        for i in range(40):
            yield delay(5)
            clk.next = not clk
            on_step(i)
    return dut, stimulus

def on_step(i):
    pass

";

/// A script of its own that leaves its simulation at 152 time steps.
const SUSPENDED: &str = "if __name__ == '__main__':\n    tb = bench()\n    tb.run_sim(152, quiet=1)\n";

const FORMATS: [&str; 2] = ["w.vcd", "w.fst"];

fn design(more: &str) -> Result<TempDir> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("design.py"), format!("{DESIGN}{more}"))?;
    Ok(place)
}

fn command(place: &Path, words: &str) -> Result<Command> {
    let mut command = pyhdl()?;
    command.args(["sim", "design.py"]).args(words.split_whitespace()).current_dir(place);
    Ok(command)
}

/// What a file of a run has that ends well.
fn waves(more: &str, file: &str, words: &str) -> Result<Waves> {
    let place = design(more)?;
    run(&mut command(place.path(), &format!("--wave {file} {words}"))?)?.success()?.silence()?;
    Ok(read(&place.path().join(file)))
}

/// What a signal is, at each time from one to another, after so many edges of the clock as there have been by then.
fn register(from: u64, to: u64, value: impl Fn(u64) -> String) -> Changes {
    let mut changes = vec![(from, value((from + 5) / 10))];
    changes.extend((0..).map(|edge| (5 + 10 * edge, value(edge + 1))).take_while(|(time, _)| *time <= to));
    changes.retain(|(time, _)| *time >= from);
    changes.sort_by_key(|(time, _)| *time);
    changes.dedup_by(|b, a| a.1 == b.1);
    changes
}

/// The signals of the machine, from a time to another.
fn expected(from: u64, to: u64) -> Vec<(&'static str, Changes)> {
    let signal = |value: &dyn Fn(u64) -> String| register(from, to, value);
    let element = |index: u64| {
        // The edge `n`, counted from 0, writes its number to the element of its parity.
        signal(&move |edges: u64| {
            let last = (0..edges).rev().find(|edge| edge % 2 == index);
            format!("{:04b}", last.unwrap_or(0) % 16)
        })
    };
    let wide = |edges: u64| match edges {
        0 => "0".repeat(70),
        n => format!("1{:069b}", 3 * (n - 1)),
    };
    vec![
        ("count", signal(&|edges| format!("{edges:08b}"))),
        ("number", signal(&|edges| (3 * edges).to_string())),
        ("wide", signal(&wide)),
        ("state", signal(&|edges| ["IDLE", "RUN", "HALT"][edges as usize % 3].to_owned())),
        ("mem.mem(0)", element(0)),
        ("mem.mem(1)", element(1)),
        ("halves_1.q", signal(&|edges| (edges % 2).to_string())),
    ]
}

fn compare(waves: &Waves, from: u64, to: u64) -> Result<()> {
    ensure!(waves.times.first() == Some(&from) && waves.times.last() == Some(&to), "{:?}", waves.times);
    let top = waves.scopes.first().context("there is a scope")?;
    for (name, expected) in expected(from, to) {
        let name = format!("{top}.dut.{name}");
        let (_, changes) =
            waves.vars.get(&name).with_context(|| format!("{name} in {:?}", waves.vars.keys()))?;
        ensure!(*changes == expected, "{name}: {changes:?} for {expected:?}");
    }
    Ok(())
}

#[test]
fn both_formats_have_hierarchy_kinds_and_values() -> Result<()> {
    let [vcd, fst] = FORMATS.map(|file| waves("", file, ""));
    let (vcd, fst) = (vcd?, fst?);
    compare(&vcd, 0, 200)?;
    compare(&fst, 0, 200)?;
    ensure!(vcd == fst);
    let inner = ["bits", "mem", "halves_0", "halves_1"].map(|name| format!("bench0.dut.{name}"));
    let mut scopes = vec!["bench0".to_owned(), "bench0.dut".to_owned()];
    scopes.extend(inner);
    let mut found = vcd.scopes.clone();
    found.sort();
    scopes.sort();
    ensure!(found == scopes, "{found:?}");
    ensure!(vcd.exponent == -9);
    let width = |name: &str| vcd.vars.get(name).map(|(width, _)| *width);
    ensure!(width("bench0.dut.wide") == Some(Some(70)) && width("bench0.dut.state") == Some(None));
    Ok(())
}

#[test]
fn processes_in_python_have_the_same_waves() -> Result<()> {
    for file in FORMATS {
        compare(&waves("", file, "--no-lower")?, 0, 200)?;
    }
    Ok(())
}

/// A test bench in Python beside a design that is compiled: numbers and objects that only it knows.
const BESIDE: &str = "\
@block
def beside():
    clk = Signal(bool(0))
    count = Signal(modbv(0)[8:])
    own, thing = Signal(intbv(0)[8:]), Signal([0])
    flag, wide = Signal(bool(0)), Signal(intbv(0, min=-(1 << 70), max=1 << 70))
    dut = half(clk, flag)
    @always(clk.posedge)
    def run():
        count.next = count + 1
        wide.next = (count - 100) << 60
    @always(delay(5))
    def clock():
        clk.next = not clk
    @instance
    def stimulate():
        known = {}
        for _ in range(890):
            yield clk.negedge
            own.next = (3 * count) % 256
            if count % 4 == 1:
                thing.next = [int(count)]
        raise StopSimulation
    return dut, run, clock, stimulate

if __name__ == '__main__':
    beside().run_sim(quiet=1)
";

#[test]
fn processes_in_python_beside_compiled_code_have_the_same_waves() -> Result<()> {
    for file in FORMATS {
        let event = waves(BESIDE, file, "--engine event")?;
        let place = design(BESIDE)?;
        let words = format!("--wave {file} --engine compiled --explain");
        let compiled = run(&mut command(place.path(), &words)?)?.success()?;
        ensure!(compiled.stderr().contains("compiled, cycle mode"), "{}", compiled.describe());
        let found = read(&place.path().join(file));
        ensure!(found == event, "{file}");
        let (_, changes) = event.vars.get("beside0.thing").context("the object is there")?;
        ensure!(changes.len() > 200, "{changes:?}");
    }
    Ok(())
}

#[test]
fn a_window_begins_with_all_values() -> Result<()> {
    for file in FORMATS {
        for (from, to) in [(57, 121), (55, 125), (0, 40), (193, 200)] {
            let waves = waves("", file, &format!("--wave-from {from} --wave-to {to}"))?;
            compare(&waves, from, to)?;
        }
        compare(&waves("", file, "--wave-from 60")?, 60, 200)?;
        compare(&waves("", file, "--wave-from 60 --until 100")?, 60, 100)?;
    }
    Ok(())
}

#[test]
fn scopes_levels_and_signals_are_chosen() -> Result<()> {
    let halves = [
        "bench0.dut.halves_0.clk",
        "bench0.dut.halves_0.q",
        "bench0.dut.halves_1.clk",
        "bench0.dut.halves_1.q",
    ];
    let cases: [(&str, &[&str]); 5] = [
        ("--wave-scope bench.dut.halves_*", &halves),
        ("--wave-scope half", &halves),
        ("--wave-scope halves_0 --wave-scope halves_1", &halves),
        ("--wave-depth 0", &["bench0.clk", "bench0.count"]),
        (
            "--wave-signals dut.c* --wave-signals mem(0)",
            &["bench0.dut.clk", "bench0.dut.count", "bench0.dut.mem.mem(0)"],
        ),
    ];
    for file in FORMATS {
        for (words, names) in cases {
            let found: Vec<String> = waves("", file, words)?.vars.into_keys().collect();
            ensure!(found == names, "{words}: {found:?}");
        }
    }
    // `q*` is not in the chosen scope.
    let place = design("")?;
    let words = "--wave w.fst --wave-scope dut --wave-depth 0 --wave-signals q* --wave-signals state";
    refused(&run(&mut command(place.path(), words)?)?, "no signal `q*`")
}

fn refused(outcome: &Outcome, text: &str) -> Result<()> {
    let said = outcome.stderr();
    ensure!(
        outcome.code == Some(1) && said.contains("PH0115") && said.contains(text),
        "{}",
        outcome.describe()
    );
    ensure!(said.contains("help: ") && !said.contains("panicked"), "{}", outcome.describe());
    Ok(())
}

#[test]
fn what_chooses_nothing_is_an_error_that_names_what_there_is() -> Result<()> {
    let cases = [
        ("--wave-scope dut.half_1", "`bench0.dut.halves_1`"),
        ("--wave-scope dut --wave-signals cuont", "`bench0.dut.count`"),
        ("--wave-scope dut --wave-scope missing", "no scope `missing`"),
        ("--wave-from 30 --wave-to 20", "they would begin at 30 and end at 20"),
        ("--wave-from 201", "the simulation ends at 200"),
        ("--wave-from 60 --until 50", "the simulation ends at 50"),
    ];
    for file in FORMATS {
        for (words, text) in cases {
            for more in ["", SUSPENDED] {
                let place = design(more)?;
                let outcome = run(&mut command(place.path(), &format!("--wave {file} {words}"))?)?;
                let text = if more == SUSPENDED { text.replace("200", "152") } else { text.to_owned() };
                refused(&outcome, &text)?;
                ensure!(!place.path().join(file).exists(), "{words} left a file");
            }
        }
    }
    for words in ["--wave-from 1", "--wave-to 1", "--wave-scope a", "--wave-depth 1", "--wave-signals a"] {
        let place = design("")?;
        ensure!(run(&mut command(place.path(), words)?)?.code == Some(2), "{words} without --wave");
    }
    Ok(())
}

#[test]
fn help_has_examples() -> Result<()> {
    let place = design("")?;
    let outcome = run(&mut command(place.path(), "--help")?)?.success()?;
    for words in ["--wave counter.vcd", "--wave counter.fst", "--wave-scope system.alu", "--wave-from 5000"] {
        ensure!(outcome.stdout().contains(words), "{}", outcome.describe());
    }
    Ok(())
}

#[test]
fn every_simulation_of_a_script_has_its_part() -> Result<()> {
    let place = design(&format!("{SUSPENDED}    bench().run_sim(quiet=1)\n"))?;
    run(&mut command(place.path(), "--wave w.fst --wave-from 20 --wave-to 90")?)?.success()?;
    compare(&read(&place.path().join("w.fst")), 20, 90)?;
    compare(&read(&place.path().join("w_2.fst")), 20, 90)
}

#[test]
fn a_simulation_that_is_left_has_its_waves_up_to_there() -> Result<()> {
    for file in FORMATS {
        compare(&waves(SUSPENDED, file, "")?, 0, 152)?;
    }
    // The script's own waves, too.
    let place = design(&SUSPENDED.replace("    tb.run", "    tb.config_sim(trace=True)\n    tb.run"))?;
    run(&mut command(place.path(), "")?)?.success()?.silence()?;
    let found = read(&place.path().join("bench.vcd"));
    ensure!(found.times.last() == Some(&152), "{:?}", found.times);
    Ok(())
}

#[test]
fn an_exception_leaves_the_waves_up_to_there() -> Result<()> {
    for file in FORMATS {
        for words in ["", "--no-lower"] {
            let place = design("def on_step(i):\n    if i == 11:\n        raise RuntimeError('no more')\n")?;
            let outcome = run(&mut command(place.path(), &format!("--wave {file} {words}"))?)?;
            let raised = outcome.stderr().contains("RuntimeError: no more");
            ensure!(outcome.code == Some(1) && raised, "{}", outcome.describe());
            compare(&read(&place.path().join(file)), 0, 60)?;
        }
    }
    Ok(())
}

/// A simulation that never ends, with `step N` printed at the time `5 * N` about every hundredth of a second.
const ENDLESS: &str = "\
import time
@block
def endless():
    clk = Signal(bool(0))
    count = Signal(modbv(0)[8:])
    dut = machine(clk, count)
    @instance
    def stimulus():
        step = 0
        while True:
            yield delay(5)
            step += 1
            clk.next = not clk
            time.sleep(0.01)
            print('step', step, flush=True)
    return dut, stimulus
";

/// Ends such a simulation with a signal when it has run for some time: how the process ended, the time step that was
/// printed first after half a second, and the last one.
fn ended(place: &Path, file: &str, signal: Signal, after: Duration) -> Result<(Child, u64, u64)> {
    let mut command = command(place, &format!("--top endless --wave {file}"))?;
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let id = Pid::from_raw(child.id().try_into()?);
    let lines = BufReader::new(child.stdout.take().context("a pipe")?).lines();
    let steps =
        lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("step ")?.parse::<u64>().ok());
    let (mut early, mut last, mut start) = (None, 0, None);
    for step in steps {
        let elapsed = start.get_or_insert_with(Instant::now).elapsed();
        last = 5 * step;
        if elapsed > Duration::from_millis(500) {
            early.get_or_insert(last);
        }
        if elapsed > after {
            kill(id, signal)?;
            // What it still prints is of no interest.
            thread::sleep(Duration::from_millis(1));
            break;
        }
    }
    Ok((child, early.context("it ended by itself")?, last))
}

#[test]
fn a_signal_leaves_the_waves_up_to_there() -> Result<()> {
    for file in FORMATS {
        for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
            let place = design(ENDLESS)?;
            let (mut child, _, last) = ended(place.path(), file, signal, Duration::from_millis(700))?;
            let status = child.wait()?;
            ensure!(status.code() == Some(code), "{signal}: {status}");
            let waves = read(&place.path().join(file));
            let end = *waves.times.last().context("there are times")?;
            // The step that is printed has not been reported yet.
            ensure!(end + 5 >= last, "{signal}: {end}, and {last} was printed");
        }
    }
    Ok(())
}

#[test]
fn a_kill_leaves_the_waves_up_to_a_moment_before() -> Result<()> {
    for file in FORMATS {
        let place = design(ENDLESS)?;
        let (mut child, early, _) = ended(place.path(), file, Signal::SIGKILL, Duration::from_millis(3500))?;
        child.wait()?;
        let waves = read(&place.path().join(file));
        let end = *waves.times.last().context("there are times")?;
        ensure!(end >= early, "{file}: {end}, and {early} was printed three seconds before");
        let (_, count) = &waves.vars["endless0.dut.count"];
        let complete = (0..).map(|n| (if n == 0 { 0 } else { 10 * n - 5 }, format!("{:08b}", n % 256)));
        ensure!(*count == complete.take(count.len()).collect::<Changes>(), "{count:?}");
        ensure!(count.len() as u64 >= early / 10, "{count:?}");
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_error() -> Result<()> {
    for file in FORMATS {
        for more in ["", SUSPENDED] {
            let place = design(more)?;
            std::os::unix::fs::symlink("/dev/full", place.path().join(file))?;
            let outcome = run(&mut command(place.path(), &format!("--wave {file}"))?)?;
            let said = outcome.stderr();
            ensure!(outcome.code == Some(1) && said.matches("PH0112").count() == 1, "{}", outcome.describe());
            ensure!(said.contains(file) && !said.contains("panicked"), "{}", outcome.describe());
        }
    }
    Ok(())
}

/// A design that is compiled with its test bench, with signals of every kind: some change all the time, some rarely, some
/// once, some never; some are equal to others for some time, or always.
const COMPILED: &str = "\
from myhdl import *

State = enum('IDLE', 'RUN', 'HALT')

@block
def machine(clk, out, seen):
    state = Signal(State.IDLE)
    count = Signal(modbv(0)[11:])
    same = Signal(modbv(0)[11:])
    below = Signal(intbv(-3, min=-3000, max=3000))
    wide = Signal(intbv(0, min=-(2**90), max=2**90))
    wider = Signal(modbv(1)[200:])
    number = Signal(-5)
    rare = Signal(bool(0))
    once = Signal(intbv(0)[4:])
    never = Signal(intbv(9)[70:])
    mem = [Signal(intbv(0)[9:]) for _ in range(40)]

    @always(clk.posedge)
    def run():
        count.next = count + 1
        # As `count`, most of the time.
        same.next = count + 1
        if count == 1500:
            same.next = 7
        number.next = -number + (1 if count > 100 else -1)
        wide.next = -wide + count
        wider.next = wider * 3 + 1
        mem[count % 37].next = (count * 5) % 512
        below.next = 2999 - count if count[0] else -3000 + count
        if count % 512 == 3:
            rare.next = not rare
        if seen > 4000:
            once.next = 11
        if state == State.IDLE:
            state.next = State.RUN
        elif state == State.RUN and count % 64 == 0:
            state.next = State.HALT
        elif state == State.HALT:
            state.next = State.IDLE

    @always_comb
    def copy():
        out.next = count

    return run, copy

@block
def bench():
    clk = Signal(bool(0))
    out = Signal(modbv(0)[11:])
    seen = Signal(intbv(0, min=0, max=20100))
    dut = machine(clk, out, seen)

    @always(delay(5))
    def clock():
        clk.next = not clk

    @instance
    def stimulus():
        for i in range(20000):
            yield clk.posedge
            seen.next = seen + 1
        ENDING

    return dut, clock, stimulus
";

/// How the test bench ends, options, and the exit code.
const ENDINGS: [(&str, &str, i32); 5] = [
    ("raise StopSimulation", "", 0),
    ("raise StopSimulation", "--wave-from 1003 --wave-to 180007", 0),
    ("yield delay(7)\n        seen.next = 20200", "", 1),
    (
        "raise ValueError('no more')",
        "--wave-from 170000 --wave-scope dut --wave-signals 'mem(1*)' --wave-signals out",
        1,
    ),
    (
        "yield delay(0)\n        seen.next = 3\n        yield delay(0)\n        seen.next = 4",
        "--until 210000",
        0,
    ),
];

#[test]
fn compiled_runs_have_the_waves_of_event_mode() -> Result<()> {
    for (ending, words, code) in ENDINGS {
        for file in FORMATS {
            let place = tempfile::tempdir()?;
            fs::write(place.path().join("design.py"), COMPILED.replace("ENDING", ending))?;
            let waves = |options: &str| -> Result<Waves> {
                let options = format!("--wave {file} --explain {options}");
                let mut command = command(place.path(), &options)?;
                let outcome = run(command.args(shlex::split(words).context("words")?))?;
                ensure!(outcome.code == Some(code), "{}", outcome.describe());
                let compiled = outcome.stderr().contains("compiled, cycle mode");
                ensure!(compiled == options.contains("compiled"), "{}", outcome.describe());
                Ok(read(&place.path().join(file)))
            };
            let expected = waves("--engine event")?;
            ensure!(expected.times.len() > 3000);
            for options in ["--engine compiled", "--engine compiled --without all"] {
                let found = waves(options)?;
                ensure!(found.vars.len() == expected.vars.len() && found.scopes == expected.scopes);
                for (name, (width, changes)) in &expected.vars {
                    let (found_width, found) = &found.vars[name];
                    let at = found.iter().zip(changes).take_while(|(a, b)| a == b).count();
                    ensure!(
                        found_width == width && found == changes,
                        "{file}, {ending}, {options}, {name}, change {at}: {:?} for {:?}",
                        found.get(at),
                        changes.get(at)
                    );
                }
                ensure!(found.times == expected.times, "{file}, {ending}, {options}");
            }
        }
    }
    Ok(())
}

/// A compiled simulation that never ends, of some ten thousand time steps a second.
const LONG: &str = "\
from myhdl import *

@block
def endless():
    clk = Signal(bool(0))
    count = Signal(intbv(0)[40:])
    noise = Signal(modbv(1)[64:])

    @instance
    def stimulus():
        while True:
            yield delay(5)
            clk.next = not clk
            count.next = count + 1
            value = intbv(0)[64:]
            value[:] = noise
            for i in range(20000):
                value[:] = (value * 5 + i) % 2**64
            noise.next = value
            if count % 1000 == 0:
                print('step', count)

    return stimulus
";

#[test]
fn signals_end_compiled_runs_with_waves_up_to_there() -> Result<()> {
    for file in FORMATS {
        for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGKILL] {
            let place = tempfile::tempdir()?;
            fs::write(place.path().join("design.py"), LONG)?;
            let mut command = pyhdl()?;
            let options = ["sim", "design.py", "--engine", "compiled", "--wave", file];
            command.args(options).env("PYTHONUNBUFFERED", "1").current_dir(place.path());
            let mut child =
                command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
            let id = Pid::from_raw(child.id().try_into()?);
            let output = BufReader::new(child.stdout.take().context("a pipe")?).lines();
            let mut seen: Vec<(Instant, u64)> = Vec::new();
            let steps = output
                .map_while(Result::ok)
                .filter_map(|line| line.strip_prefix("step ")?.parse::<u64>().ok());
            for step in steps {
                seen.push((Instant::now(), step));
                if seen[0].0.elapsed() > Duration::from_millis(3500) {
                    kill(id, signal)?;
                    break;
                }
            }
            let status = child.wait()?;
            ensure!(status.code() != Some(0) && seen.len() > 3, "{status}, {seen:?}");
            let (end, last) = seen.last().context("steps")?;
            // What is killed may lack what was not written.
            let wanted = match signal {
                Signal::SIGKILL => {
                    let early = |(at, _): &&(Instant, u64)| *end - *at > Duration::from_millis(2500);
                    seen.iter().rfind(early).map_or(0, |(_, step)| *step)
                }
                _ => *last,
            };
            let waves = read(&place.path().join(file));
            let (_, count) = &waves.vars["endless0.count"];
            ensure!(count.len() as u64 > wanted && wanted > 0, "{signal}: {} of {wanted}", count.len());
            let right =
                |(n, (time, value)): (u64, &(u64, String))| *time == 5 * n && *value == format!("{n:040b}");
            ensure!((0..).zip(count).all(right), "{signal}");
        }
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_later_is_one_error() -> Result<()> {
    for file in FORMATS {
        let place = tempfile::tempdir()?;
        fs::write(
            place.path().join("design.py"),
            COMPILED.replace("ENDING", "print('the end')\n        raise StopSimulation"),
        )?;
        let mut command = Command::new("sh");
        // A file of more than some ten thousand bytes has no room.
        command.arg("-c").arg("trap '' XFSZ; ulimit -f 40; exec \"$0\" \"$@\"").arg(pyhdl()?.get_program());
        command.args(["sim", "design.py", "--engine", "compiled", "--wave", file]).current_dir(place.path());
        // Only the file of waves is written.
        let outcome = run(command.env("PYHDL_CACHE", "").env("PYTHONDONTWRITEBYTECODE", "1"))?;
        let said = outcome.stderr();
        ensure!(outcome.code == Some(1) && said.matches("PH0112").count() == 1, "{}", outcome.describe());
        ensure!(outcome.stdout().contains("the end") && !said.contains("panicked"), "{}", outcome.describe());
        let size = fs::metadata(place.path().join(file))?.len();
        ensure!(size <= 40 << 10, "{size}");
        if file == "w.fst" {
            ensure!(read(&place.path().join(file)).vars.contains_key("bench0.dut.count"));
        }
    }
    Ok(())
}
