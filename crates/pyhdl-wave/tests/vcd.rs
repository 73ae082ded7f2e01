//! VCD files to the letter, read back with the parser of the `vcd` crate.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::BufReader;
use std::path::{Path, PathBuf};

use num_bigint::BigInt;
use pyhdl_wave::{Excerpt, Header, Kind, Scope, Var, VarValue, WaveId, WaveWriter};
use vcd::{Command, Parser, Value, VarType};

const CLK: WaveId = WaveId(0);
const COUNT: WaveId = WaveId(1);
const STATE: WaveId = WaveId(2);
const NUMBER: WaveId = WaveId(3);
const WIDE: WaveId = WaveId(4);
const OBJECT: WaveId = WaveId(5);

fn var(name: &str, kind: Kind, signal: WaveId) -> Var {
    Var { name: name.into(), kind, signal }
}

fn scope(name: &str, parent: Option<usize>, vars: Vec<Var>) -> Scope {
    Scope { name: name.into(), parent, vars, ..Scope::default() }
}

fn header() -> Header {
    Header {
        timescale: "10 ps".parse().unwrap(),
        enums: vec![vec!["IDLE".into(), "RUN".into()]],
        scopes: vec![
            scope(
                "top",
                None,
                vec![
                    var("clk", Kind::Bool, CLK),
                    var("count", Kind::Vector { width: 4 }, COUNT),
                    var("state", Kind::Enum(0), STATE),
                    var("i", Kind::Number, NUMBER),
                    var("wide", Kind::Vector { width: 70 }, WIDE),
                    var("object", Kind::Text, OBJECT),
                ],
            ),
            scope("sub[0]", Some(0), vec![var("clock", Kind::Bool, CLK)]),
            scope("other", None, vec![]),
            scope("deep", Some(1), vec![var("m(1)", Kind::Vector { width: 4 }, COUNT)]),
        ],
    }
}

fn file() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("wave.vcd");
    (dir, path)
}

fn commands(path: &Path) -> Vec<Command> {
    let file = std::fs::File::open(path).unwrap();
    Parser::new(BufReader::new(file)).collect::<Result<_, _>>().unwrap()
}

fn parsed_header(path: &Path) -> vcd::Header {
    Parser::new(BufReader::new(std::fs::File::open(path).unwrap())).parse_header().unwrap()
}

#[test]
fn one_signal_has_one_code_in_every_scope() {
    let (_dir, path) = file();
    WaveWriter::create(&path, header(), &Excerpt::default()).unwrap().finish().unwrap();
    let header = parsed_header(&path);
    assert_eq!(header.timescale, Some((10, vcd::TimescaleUnit::PS)));
    assert_eq!(header.date, None);
    let code = |path: &[&str]| header.find_var(path).unwrap().code;
    assert_eq!(code(&["top", "clk"]), code(&["top", "sub_0", "clock"]));
    assert_eq!(code(&["top", "count"]), code(&["top", "sub_0", "deep", "m(1)"]));
    assert_ne!(code(&["top", "clk"]), code(&["top", "count"]));
    assert_eq!(header.find_var(&["top", "wide"]).unwrap().size, 70);
    assert_eq!(header.find_var(&["top", "state"]).unwrap().var_type, VarType::String);
    assert_eq!(header.find_var(&["top", "i"]).unwrap().var_type, VarType::Real);
    assert!(header.find_scope(&["other"]).is_some());
}

fn bits(text: &str) -> vcd::Vector {
    text.parse().unwrap()
}

#[test]
fn values_are_written_in_the_form_of_their_kind() {
    let (_dir, path) = file();
    let mut wave = WaveWriter::create(&path, header(), &Excerpt::default()).unwrap();
    let wide: BigInt = (BigInt::from(1) << 69) + 5;
    wave.initial([
        (CLK, VarValue::Bool(false)),
        (COUNT, VarValue::Int(-3)),
        (STATE, VarValue::Int(0)),
        (NUMBER, VarValue::Int(-12)),
        (WIDE, VarValue::Big(&wide)),
        (OBJECT, VarValue::Text("")),
    ])
    .unwrap();
    wave.change(3, OBJECT, VarValue::Text("two words")).unwrap();
    wave.change(3, STATE, VarValue::Int(1)).unwrap();
    wave.change(3, COUNT, VarValue::HighZ).unwrap();
    wave.change(3, WIDE, VarValue::Int(-1)).unwrap();
    wave.change(3, CLK, VarValue::Int(1)).unwrap();
    wave.finish().unwrap();
    let header = parsed_header(&path);
    let code = |name: &str| header.find_var(&["top", name]).unwrap().code;
    let commands = commands(&path);
    let start = commands.iter().position(|c| *c == Command::Enddefinitions).unwrap() + 1;
    assert_eq!(
        commands[start..],
        [
            Command::Timestamp(0),
            Command::Begin(vcd::SimulationCommand::Dumpvars),
            Command::ChangeScalar(code("clk"), Value::V0),
            Command::ChangeVector(code("count"), bits("1101")),
            Command::ChangeString(code("state"), "IDLE".into()),
            Command::ChangeReal(code("i"), -12.0),
            Command::ChangeVector(code("wide"), bits(&format!("1{}101", "0".repeat(66)))),
            Command::ChangeString(code("object"), "_".into()),
            Command::End(vcd::SimulationCommand::Dumpvars),
            Command::Timestamp(3),
            Command::ChangeString(code("object"), "two_words".into()),
            Command::ChangeString(code("state"), "RUN".into()),
            Command::ChangeVector(code("count"), bits("zzzz")),
            Command::ChangeVector(code("wide"), bits(&"1".repeat(70))),
            Command::ChangeScalar(code("clk"), Value::V1),
        ]
    );
}

#[test]
fn the_last_value_of_a_time_step_wins_and_what_stays_is_not_repeated() {
    let (_dir, path) = file();
    let mut wave = WaveWriter::create(&path, header(), &Excerpt::default()).unwrap();
    wave.initial([(CLK, VarValue::Bool(false)), (COUNT, VarValue::Int(0))]).unwrap();
    wave.change(5, COUNT, VarValue::Int(7)).unwrap();
    wave.change(5, CLK, VarValue::Bool(true)).unwrap();
    wave.change(5, COUNT, VarValue::Int(1)).unwrap();
    wave.time(8).unwrap();
    wave.time(8).unwrap();
    wave.change(10, CLK, VarValue::Bool(false)).unwrap();
    wave.change(10, CLK, VarValue::Bool(true)).unwrap();
    wave.finish().unwrap();
    let commands = commands(&path);
    let first = commands.iter().position(|c| *c == Command::Timestamp(5)).unwrap();
    let header = parsed_header(&path);
    let code = |name: &str| header.find_var(&["top", name]).unwrap().code;
    assert_eq!(
        commands[first..],
        [
            Command::Timestamp(5),
            Command::ChangeVector(code("count"), bits("0001")),
            Command::ChangeScalar(code("clk"), Value::V1),
            Command::Timestamp(8),
            Command::Timestamp(10),
        ]
    );
}
