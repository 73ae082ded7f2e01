//! Emitted HDL: each design in `hdl/` is clean under the tools' lint, does in every simulator what the Python does,
//! and looks as its snapshots say (`cargo insta review` after a change that is meant).

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Failed, Trial};
use pyhdl_tests::{DIALECTS, VERILATOR, pyhdl, run};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("a_difference_is_reported_with_signal_time_values_and_line", || {
            Ok(a_difference_is_reported()?)
        }),
        Trial::test("other_order_in_one_process_gives_the_same_bytes", || {
            Ok(other_order_gives_the_same_bytes()?)
        }),
    ];
    let warned = folder().join("with_warnings").join("latch.py");
    trials.push(Trial::test("sixty_instances_of_five_blocks_are_five_modules_each_time_the_same", || {
        Ok(sixty_instances_are_five_modules()?)
    }));
    trials.push(Trial::test("declarations_and_instances_have_their_own_lines", || {
        Ok(declarations_have_lines()?)
    }));
    trials.push(Trial::test("latches_agree_in_every_simulator", move || Ok(agrees(&warned)?)));
    let designs = designs().unwrap_or_default();
    let count = designs.len();
    trials.push(Trial::test("there_are_designs", move || {
        if count >= 8 { Ok(()) } else { Err(Failed::from(format!("there are {count}"))) }
    }));
    for design in designs {
        let name = design.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let (a, b) = (design.clone(), name.clone());
        let c = design.clone();
        trials.push(Trial::test(format!("{name}::is_the_same_flat_and_in_several_files"), move || {
            Ok(flat_and_split(&c)?)
        }));
        trials.push(Trial::test(format!("{name}::is_clean_and_as_reviewed"), move || Ok(is_clean(&a, &b)?)));
        trials.push(Trial::test(format!("{name}::agrees_in_every_simulator"), move || Ok(agrees(&design)?)));
    }
    let cases = designs_in(&folder().join("cases")).unwrap_or_default();
    let count = cases.len();
    trials.push(Trial::test("there_are_forty_cases", move || {
        if count >= 40 { Ok(()) } else { Err(Failed::from(format!("there are {count}"))) }
    }));
    for case in cases {
        let name = case.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let (a, b) = (case.clone(), name.clone());
        trials.push(Trial::test(format!("cases::{name}::synthesises_and_is_as_reviewed"), move || {
            Ok(synthesises(&a, &[], &folder().join("cases"), &b)?)
        }));
        trials.push(Trial::test(format!("cases::{name}::agrees_in_every_language"), move || {
            Ok(agrees_in_every_language(&case, &[])?)
        }));
    }
    let interfaces = designs_in(&folder().join("interfaces")).unwrap_or_default();
    let count = interfaces.len();
    trials.push(Trial::test("there_are_interfaces", move || {
        if count >= 4 { Ok(()) } else { Err(Failed::from(format!("there are {count}"))) }
    }));
    let bus = folder().join("with_warnings").join("shared_bus.py");
    trials.push(Trial::test("tristate_drivers_in_blocks_agree_in_every_language", move || {
        agrees_in_every_language(&bus, &[])?;
        Ok(agrees_in_every_language(&bus, &["--flat"])?)
    }));
    let parts = folder().join("with_warnings").join("parts.py");
    trials.push(Trial::test("interfaces::parts::agrees_in_every_language", move || {
        Ok(agrees_in_every_language(&parts, &["--interfaces"])?)
    }));
    for design in interfaces {
        let name = design.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let (a, b, c) = (design.clone(), name.clone(), design.clone());
        trials.push(Trial::test(format!("interfaces::{name}::synthesises_and_is_as_reviewed"), move || {
            Ok(synthesises(&a, &["--interfaces"], &folder().join("interfaces"), &b)?)
        }));
        trials.push(Trial::test(format!("interfaces::{name}::is_taken_in_several_files"), move || {
            Ok(is_taken_in_several_files(&c)?)
        }));
        trials.push(Trial::test(format!("interfaces::{name}::agrees_in_every_language"), move || {
            agrees_in_every_language(&design, &["--interfaces"])?;
            Ok(agrees_in_every_language(&design, &["--interfaces", "--flat"])?)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hdl")
}

fn designs() -> Result<Vec<PathBuf>> {
    designs_in(&folder())
}

fn designs_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "py") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn is_clean(design: &Path, name: &str) -> Result<()> {
    let place = tempfile::tempdir()?;
    for dialect in &DIALECTS {
        let file = dialect.emit(design, &[], place.path())?;
        let text = fs::read_to_string(&file)?;
        insta::with_settings!({ snapshot_path => folder(), prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}.{}", dialect.ending), text);
        });
        dialect.lint(&file)?;
    }
    Ok(())
}

/// A case of one idea: in each language as reviewed, without a word of any tool, synthesis included.
fn synthesises(case: &Path, options: &[&str], snapshots: &Path, name: &str) -> Result<()> {
    let place = tempfile::tempdir()?;
    for dialect in &DIALECTS {
        let file = dialect.emit(case, options, place.path())?;
        let text = fs::read_to_string(&file)?;
        insta::with_settings!({ snapshot_path => snapshots, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}.{}", dialect.ending), text);
        });
        dialect.lint(&file)?;
        // A name that is a word of the language is another one in the file.
        let top = file.file_stem().context("a name")?.to_string_lossy();
        dialect.synthesise(&file, &top)?;
    }
    Ok(())
}

fn agrees_in_every_language(case: &Path, further: &[&str]) -> Result<()> {
    let place = tempfile::tempdir()?;
    for options in [&["--with", "icarus,ghdl"][..], &["--with", "icarus,ghdl", "--sv", "--std", "93"]] {
        let mut verify = pyhdl()?;
        verify.arg("verify").arg(case).args(options).args(further).current_dir(place.path());
        let outcome = run(&mut verify)?.success()?;
        ensure!(outcome.stderr().is_empty(), "{}", outcome.describe());
        for tool in ["Icarus Verilog: ", "GHDL: "] {
            ensure!(outcome.stdout().contains(tool), "{}", outcome.describe());
        }
    }
    Ok(())
}

/// Types that modules share come before the modules in the list of the files.
fn is_taken_in_several_files(design: &Path) -> Result<()> {
    let place = tempfile::tempdir()?;
    let mut emit = pyhdl()?;
    emit.arg("emit").arg(design).args(["--sv", "--vhdl", "--interfaces", "--split", "-o"]).arg(place.path());
    run(&mut emit)?.success()?;
    let top = design.file_stem().context("a name")?.to_string_lossy();
    let list = fs::read_to_string(place.path().join(format!("{top}.vhd.f")))?;
    let mut ghdl = Command::new("ghdl");
    ghdl.args(["-a", "--std=08"]).args(list.lines()).current_dir(place.path());
    run(&mut ghdl)?.silence()?;
    let mut verilator = Command::new("verilator");
    verilator.args(VERILATOR).args(["--top-module", &top, "-f", &format!("{top}.sv.f")]);
    run(verilator.current_dir(place.path()))?.silence()
}

fn agrees(design: &Path) -> Result<()> {
    let place = tempfile::tempdir()?;
    for options in [&[][..], &["--sv", "--std", "93"]] {
        let mut verify = pyhdl()?;
        verify.arg("verify").arg(design).args(["--with", "icarus,verilator,ghdl"]).args(options);
        let outcome = run(verify.current_dir(place.path()))?.success()?;
        for tool in ["Icarus Verilog: ", "Verilator: ", "GHDL: "] {
            ensure!(outcome.stdout().contains(tool), "{}", outcome.describe());
        }
    }
    Ok(())
}

/// One module of everything behaves as the hierarchy does; a file for each module, in the order of the list, is what
/// tools take.
fn flat_and_split(design: &Path) -> Result<()> {
    let place = tempfile::tempdir()?;
    let flat = place.path().join("flat");
    let mut emit = pyhdl()?;
    emit.arg("emit").arg(design).args(["--verilog", "--sv", "--flat", "-o"]).arg(&flat);
    for file in run(&mut emit)?.success()?.stdout().lines() {
        let text = fs::read_to_string(file)?;
        let modules = text.lines().filter(|line| line.starts_with("module ")).count();
        ensure!(modules == 1, "{file} has {modules} modules");
        run(Command::new("verilator").args(VERILATOR).arg(file).current_dir(&flat))?.silence()?;
    }
    let mut verify = pyhdl()?;
    verify.arg("verify").arg(design).args(["--flat", "--with", "icarus,ghdl"]);
    run(verify.current_dir(place.path()))?.success()?;

    let split = place.path().join("split");
    let mut emit = pyhdl()?;
    emit.arg("emit").arg(design).args(["--verilog", "--vhdl", "--split", "-o"]).arg(&split);
    let written = run(&mut emit)?.success()?.stdout();
    let list = |ending: &str| -> Result<(String, Vec<String>)> {
        let mut lists = fs::read_dir(&split)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let list = lists.find(|name| name.ends_with(ending)).context("a list of files")?;
        let files: Vec<String> = fs::read_to_string(split.join(&list))?.lines().map(str::to_owned).collect();
        ensure!(files.iter().all(|file| written.contains(file.as_str())), "{files:?} in {written}");
        Ok((list, files))
    };
    let (verilog, files) = list(".v.f")?;
    let top = verilog.trim_end_matches(".v.f");
    for file in &files {
        let text = fs::read_to_string(split.join(file))?;
        let modules: Vec<&str> = text.lines().filter(|line| line.starts_with("module ")).collect();
        let name = file.trim_end_matches(".v");
        ensure!(modules.len() == 1 && modules[0].contains(name), "{file} has {modules:?}");
    }
    let tool = |program: &str, arguments: &[&str]| -> Result<()> {
        run(Command::new(program).args(arguments).current_dir(&split))?.silence()
    };
    tool("verilator", &[VERILATOR, &["--top-module", top, "-f", &verilog]].concat())?;
    tool("iverilog", &["-g2005", "-Wall", "-t", "null", "-s", top, "-c", &verilog])?;
    let (_, files) = list(".vhd.f")?;
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    tool("ghdl", &[&["-a", "--std=08"][..], &files].concat())
}

/// Three levels: 4 lanes of 10 instances, and 20 registers around them.
const SIXTY: &str = "\
from myhdl import *
import sys

@block
def register(clk, d, q):
    @always(clk.posedge)
    def keep():
        q.next = d
    return keep

@block
def add(clk, a, q, step):
    total = Signal(intbv(0)[8:])
    @always_comb
    def sum_up():
        total.next = (a + step) % 256
    kept = register(clk, total, q)
    return sum_up, kept

@block
def turn(clk, a, q):
    turned = Signal(intbv(0)[8:])
    @always_comb
    def swap():
        turned.next = concat(a[4:], a[8:4])
    kept = register(clk, turned, q)
    return swap, kept

@block
def lane(clk, a, q):
    m = [Signal(intbv(0)[8:]) for _ in range(4)]
    parts = [add(clk, a, m[0], 3), turn(clk, m[0], m[1]), add(clk, m[1], m[2], 3), turn(clk, m[2], m[3])]
    last = register(clk, m[3], q)
    return parts, last

@block
def system(clk, a, q):
    links = [Signal(intbv(0)[8:]) for _ in range(5)]
    first = register(clk, a, links[0])
    lanes = [lane(clk, links[i], links[i + 1]) for i in range(4)]
    late = [links[4]] + [Signal(intbv(0)[8:]) for _ in range(18)]
    delays = [register(clk, late[i], late[i + 1]) for i in range(18)]
    last = register(clk, late[18], q)
    return first, lanes, delays, last

for i in range(int(sys.argv[2])):
    clk = Signal(bool(0))
    a, q = [Signal(intbv(0)[8:]) for _ in range(2)]
    design = system(clk, a, q)
    for hdl in 'Verilog', 'VHDL':
        design.convert(hdl=hdl, path=sys.argv[1], name='system')
        text = open(sys.argv[1] + '/system.' + ('v' if hdl == 'Verilog' else 'vhd')).read()
        if i == 0:
            first = dict(globals().get('first', {}), **{hdl: text})
        assert text == first[hdl], (i, hdl)
";

/// Declarations, ports, instances and comments lead to their own lines of Python.
fn declarations_have_lines() -> Result<()> {
    const LINES: [&str; 8] = [
        "// Holds everything",
        "// back to zero",
        "// what it counts in",
        "q0; // the first",
        "counter one (",
        "counter others_0 (",
        "// At each edge.",
        "// wraps",
    ];
    let python = "\
from myhdl import *

@block
def counter(
    clk,
    # Holds everything
    reset,  # back to zero
    q,
):
    level = Signal(modbv(0)[4:])  # what it counts in

    # At each edge.
    @always_seq(clk.posedge, reset=reset)
    def count():
        level.next = level + 1  # wraps

    @always_comb
    def show():
        q.next = level

    return count, show

@block
def top(clk, reset, r, s):
    q0, q1 = [
        Signal(modbv(0)[4:]) for _ in range(2)]  # the first
    one = counter(clk, reset, q0)
    others = [
        counter(clk, reset, q1)]

    @always_comb
    def outputs():
        r.next = q0
        s.next = q1

    return one, others, outputs

@block
def bench():
    clk = Signal(bool(0))
    reset = ResetSignal(0, active=1, isasync=False)
    r, s = [Signal(modbv(0)[4:]) for _ in range(2)]
    dut = top(clk, reset, r, s)
    return dut
";
    // From reasoning: the statement that has the name, or the comment's own line.
    let expected: [&[usize]; 8] = [&[6], &[7], &[10], &[25], &[27], &[28], &[12], &[15]];
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("lines.py"), python)?;
    for (option, file) in [("--verilog", "top.v"), ("--sv", "top.sv"), ("--vhdl", "top.vhd")] {
        let mut emit = pyhdl()?;
        emit.args(["emit", "lines.py", "--top", "top", option]).current_dir(place.path());
        run(&mut emit)?.success()?;
        let hdl = fs::read_to_string(place.path().join(file))?;
        for (words, lines) in LINES.iter().zip(expected) {
            // In VHDL there are other words around the same names and comments.
            let words = match (option, *words) {
                ("--vhdl", "q0; // the first") => "signal q0 ",
                ("--vhdl", "counter one (") => "one : entity work.counter",
                ("--vhdl", "counter others_0 (") => "others_0 : entity work.counter",
                ("--vhdl", words) => &words.replace("//", "--"),
                (_, words) => words,
            };
            let line = hdl.lines().position(|line| line.contains(words));
            let line = line.with_context(|| format!("no `{words}` in {hdl}"))? + 1;
            let mut asked = pyhdl()?;
            asked.args(["where", &format!("{file}:{line}")]).current_dir(place.path());
            let answer = String::from_utf8(run(&mut asked)?.success()?.stdout)?;
            let found: Vec<usize> =
                answer.lines().filter_map(|l| l.split(':').nth(1)?.parse().ok()).collect();
            ensure!(found.first().is_some_and(|l| lines.contains(l)), "{file}:{line} `{words}`: {answer}");
        }
    }
    Ok(())
}

fn sixty_instances_are_five_modules() -> Result<()> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("sixty.py"), SIXTY)?;
    let mut sim = pyhdl()?;
    sim.args(["sim", "sixty.py", "--", ".", "100"]).current_dir(place.path());
    run(&mut sim)?.success()?;
    let verilog = fs::read_to_string(place.path().join("system.v"))?;
    let vhdl = fs::read_to_string(place.path().join("system.vhd"))?;
    let blocks = ["system", "lane", "add", "turn", "register"];
    let modules: Vec<&str> =
        verilog.lines().filter_map(|line| line.strip_prefix("module ")?.strip_suffix(" (")).collect();
    let mut entities: Vec<&str> =
        vhdl.lines().filter_map(|line| line.strip_prefix("entity ")?.strip_suffix(" is")).collect();
    entities.reverse();
    // The block called `register` has the name of a word of VHDL.
    ensure!(modules == blocks, "{modules:?}");
    ensure!(entities == ["system", "lane", "add", "turn", "register_1"], "{entities:?}");
    Ok(())
}

/// A simulator that is given other Verilog than was emitted: what `verify` is there to notice.
fn a_difference_is_reported() -> Result<()> {
    let place = tempfile::tempdir()?;
    let tools = place.path().join("tools");
    fs::create_dir(&tools)?;
    let real = which("iverilog")?;
    let script = format!(
        "#!/bin/sh\nfor f in \"$@\"; do case \"$f\" in */counter.v) \
         sed -i \"s/count + 4'd1/count + 4'd2/\" \"$f\" ;; esac; done\nexec '{}' \"$@\"\n",
        real.display()
    );
    let fake = tools.join("iverilog");
    fs::write(&fake, script)?;
    fs::set_permissions(&fake, fs::Permissions::from_mode(0o755))?;
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/counter/counter.py");
    let mut verify = pyhdl()?;
    verify.arg("verify").arg(example).args(["--with", "icarus"]);
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default());
    let outcome = run(verify.env("PATH", path))?;
    let text = outcome.stderr();
    ensure!(outcome.code == Some(1), "{}", outcome.describe());
    // The counter counts first at time 25, from 0.
    for part in [
        "PH0750",
        "`dut.count` differs at time",
        "the Python has 1 (0001)",
        "has 2 (0010)",
        "counter.py:",
        "driven here",
    ] {
        ensure!(text.contains(part), "no {part:?} in\n{}", outcome.describe());
    }
    Ok(())
}

fn which(tool: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").context("a PATH")?;
    std::env::split_paths(&path).map(|p| p.join(tool)).find(|p| p.is_file()).context("the tool is installed")
}

/// Two designs that share a block, converted in one process in both orders.
const TWO_DESIGNS: &str = "\
from myhdl import *
import sys

@block
def inverter(a, q):
    @always_comb
    def invert():
        q.next = not a
    return invert

@block
def first(a, q):
    middle = Signal(bool(0))
    one, two = inverter(a, middle), inverter(middle, q)
    return one, two

@block
def second(a, b, q):
    low = Signal(bool(0))
    only = inverter(a, low)
    @always_comb
    def both():
        q.next = low and b
    return only, both

def convert(name, folder):
    a, b, q = [Signal(bool(0)) for _ in range(3)]
    design = first(a, q) if name == 'first' else second(a, b, q)
    for hdl in 'Verilog', 'VHDL':
        design.convert(hdl=hdl, path=folder)

for name in sys.argv[2:]:
    convert(name, sys.argv[1])
";

fn other_order_gives_the_same_bytes() -> Result<()> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("two.py"), TWO_DESIGNS)?;
    let orders: [&[&str]; 3] =
        [&["first", "second"], &["second", "first"], &["second", "first", "second", "first"]];
    for (i, order) in orders.iter().enumerate() {
        let out = place.path().join(i.to_string());
        fs::create_dir(&out)?;
        let mut sim = pyhdl()?;
        sim.args(["sim", "two.py", "--", &i.to_string()]).args(*order).current_dir(place.path());
        run(&mut sim)?.success()?;
    }
    for file in ["first.v", "second.v", "first.vhd", "second.vhd"] {
        let texts: Vec<Vec<u8>> = (0..3)
            .map(|i| fs::read(place.path().join(i.to_string()).join(file)))
            .collect::<Result<_, _>>()?;
        ensure!(!texts[0].is_empty() && texts.iter().all(|t| *t == texts[0]), "{file} depends on the order");
    }
    Ok(())
}
