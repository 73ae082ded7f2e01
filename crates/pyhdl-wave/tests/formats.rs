//! What both formats have to say, read back by an independent reader.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod reader;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use num_bigint::BigInt;
use pyhdl_wave::{Excerpt, Header, Kind, Scope, Var, VarValue, WaveError, WaveId, WaveWriter};
use reader::{Changes, read};

const FORMATS: [&str; 2] = ["waves.vcd", "waves.fst"];

/// A folder of its own, and a file in it.
fn place(name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    (folder, path)
}

fn scope(name: &str, parent: Option<usize>, vars: &[(&str, Kind, u32)]) -> Scope {
    let var = |(name, kind, signal): &(&str, Kind, u32)| Var {
        name: (*name).into(),
        kind: *kind,
        signal: WaveId(*signal),
    };
    Scope { name: name.into(), parent, vars: vars.iter().map(var).collect(), ..Scope::default() }
}

/// One signal of each kind.
fn kinds() -> Header {
    Header {
        timescale: "10 ps".parse().unwrap(),
        enums: vec![vec!["IDLE".into(), "RUN".into()]],
        scopes: vec![
            scope(
                "top",
                None,
                &[
                    ("clk", Kind::Bool, 0),
                    ("count", Kind::Vector { width: 4 }, 1),
                    ("wide", Kind::Vector { width: 70 }, 2),
                    ("number", Kind::Number, 3),
                    ("state", Kind::Enum(0), 4),
                    ("object", Kind::Text, 5),
                ],
            ),
            scope("sub[0]", Some(0), &[("clock", Kind::Bool, 0)]),
            scope("other", None, &[("one", Kind::Vector { width: 1 }, 6)]),
        ],
    }
}

fn changes(list: &[(u64, &str)]) -> Changes {
    list.iter().map(|(time, value)| (*time, (*value).to_owned())).collect()
}

#[test]
fn hierarchy_kinds_and_values_are_the_same_in_every_format() {
    for name in FORMATS {
        let (_folder, path) = place(name);
        let mut writer = WaveWriter::create(&path, kinds(), &Excerpt::default()).unwrap();
        let wide: BigInt = (BigInt::from(1) << 69) + 5;
        let initial = [
            VarValue::Bool(false),
            VarValue::Int(-3),
            VarValue::Big(&wide),
            VarValue::Int(-12),
            VarValue::Int(0),
            VarValue::Text("two words"),
            VarValue::HighZ,
        ];
        writer.initial((0..).map(WaveId).zip(initial)).unwrap();
        writer.change(3, WaveId(0), VarValue::Bool(true)).unwrap();
        writer.change(3, WaveId(1), VarValue::HighZ).unwrap();
        writer.change(3, WaveId(2), VarValue::Int(-1)).unwrap();
        writer.change(4, WaveId(3), VarValue::Int(7)).unwrap();
        writer.change(4, WaveId(4), VarValue::Int(1)).unwrap();
        writer.change(4, WaveId(5), VarValue::Text("")).unwrap();
        writer.change(4, WaveId(6), VarValue::Int(1)).unwrap();
        writer.time(9).unwrap();
        writer.finish().unwrap();
        let waves = read(&path);
        assert_eq!(waves.exponent, -11);
        assert_eq!(waves.scopes, ["top", "top.sub_0", "other"]);
        assert_eq!(waves.times, [0, 3, 4, 9]);
        let clk = changes(&[(0, "0"), (3, "1")]);
        let wide = format!("1{}101", "0".repeat(66));
        let expected = [
            ("top.clk", Some(1), clk.clone()),
            ("top.count", Some(4), changes(&[(0, "1101"), (3, "zzzz")])),
            ("top.wide", Some(70), changes(&[(0, &wide), (3, &"1".repeat(70))])),
            ("top.number", None, changes(&[(0, "-12"), (4, "7")])),
            ("top.state", None, changes(&[(0, "IDLE"), (4, "RUN")])),
            ("top.object", None, changes(&[(0, "two_words"), (4, "_")])),
            ("top.sub_0.clock", Some(1), clk),
            ("other.one", Some(1), changes(&[(0, "z"), (4, "1")])),
        ];
        let expected = expected.map(|(name, width, changes)| (name.to_owned(), (width, changes)));
        assert_eq!(waves.vars, BTreeMap::from(expected), "{name}");
    }
}

#[test]
fn random_changes_are_read_back() {
    const WIDTHS: [u32; 12] = [1, 2, 7, 8, 9, 31, 63, 64, 65, 100, 128, 200];
    for seed in 0..20 {
        let mut random = fastrand::Rng::with_seed(seed);
        let vars: Vec<(String, u32)> = WIDTHS.iter().map(|width| (format!("w{width}"), *width)).collect();
        let vars: Vec<(&str, Kind, u32)> = (0..)
            .zip(&vars)
            .map(|(i, (name, width))| (name.as_str(), Kind::Vector { width: *width }, i))
            .collect();
        let header = || Header { scopes: vec![scope("top", None, &vars)], ..Header::default() };
        let files = FORMATS.map(place);
        let mut writers: Vec<WaveWriter> = files
            .iter()
            .map(|(_, path)| WaveWriter::create(path, header(), &Excerpt::default()).unwrap())
            .collect();
        let zero = || (0..WIDTHS.len() as u32).map(|i| (WaveId(i), VarValue::Int(0)));
        writers.iter_mut().for_each(|w| w.initial(zero()).unwrap());
        let mut expected: Vec<Changes> =
            WIDTHS.iter().map(|width| vec![(0, "0".repeat(*width as usize))]).collect();
        let mut time = 0;
        for _ in 0..300 {
            time += random.u64(..4) * random.u64(..1000);
            let signal = random.usize(..WIDTHS.len());
            let width = WIDTHS[signal];
            // Digits of either half, so that words differ from each other.
            let digits: String = (0..width).map(|_| if random.bool() { '1' } else { '0' }).collect();
            let unsigned = BigInt::parse_bytes(digits.as_bytes(), 2).unwrap();
            let negative = &unsigned - (BigInt::from(1) << width);
            let big = if random.bool() { &unsigned } else { &negative };
            let value = match i64::try_from(big) {
                Ok(small) => VarValue::Int(small),
                Err(_) => VarValue::Big(big),
            };
            for writer in &mut writers {
                writer.change(time, WaveId(signal as u32), value).unwrap();
            }
            let known = &mut expected[signal];
            known.pop_if(|(last, _)| *last == time);
            known.push((time, digits));
            known.dedup_by(|b, a| a.1 == b.1);
        }
        writers.into_iter().for_each(|w| w.finish().unwrap());
        for (_folder, path) in &files {
            let waves = read(path);
            for (width, expected) in WIDTHS.iter().zip(&expected) {
                assert_eq!(
                    waves.vars[&format!("top.w{width}")].1,
                    *expected,
                    "seed {seed} {}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn a_dropped_writer_leaves_a_valid_file_up_to_there() {
    for name in FORMATS {
        let (_folder, path) = place(name);
        let mut writer = WaveWriter::create(&path, kinds(), &Excerpt::default()).unwrap();
        writer.initial([(WaveId(0), VarValue::Bool(false))]).unwrap();
        writer.change(4, WaveId(0), VarValue::Bool(true)).unwrap();
        drop(writer);
        assert_eq!(read(&path).vars["top.clk"].1, changes(&[(0, "0"), (4, "1")]), "{name}");
    }
}

#[test]
fn a_run_that_ends_where_it_begins_is_read() {
    for name in FORMATS {
        let (_folder, path) = place(name);
        let mut writer = WaveWriter::create(&path, kinds(), &Excerpt::default()).unwrap();
        writer.initial([(WaveId(0), VarValue::Bool(false))]).unwrap();
        writer.change(0, WaveId(0), VarValue::Bool(true)).unwrap();
        writer.time(0).unwrap();
        writer.finish().unwrap();
        assert_eq!(read(&path).vars["top.clk"].1, changes(&[(0, "1")]), "{name}");
    }
}

#[test]
fn a_very_deep_hierarchy_and_very_long_names_are_declared() {
    for name in FORMATS {
        let (_folder, path) = place(name);
        let long = "n".repeat(1000);
        let mut scopes: Vec<Scope> =
            (0..5_000).map(|i| scope(&format!("u{i}"), usize::checked_sub(i, 1), &[])).collect();
        scopes.push(scope(&long, None, &[(&long, Kind::Bool, 0), (&long, Kind::Bool, 1)]));
        let header = Header { scopes, ..Header::default() };
        let mut writer = WaveWriter::create(&path, header, &Excerpt::default()).unwrap();
        writer.initial([]).unwrap();
        writer.finish().unwrap();
        let waves = read(&path);
        assert_eq!(waves.scopes.len(), 5_001, "{name}");
        assert_eq!(waves.vars.len(), 2, "{name}");
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    for name in FORMATS {
        let (folder, path) = place(name);
        let kind = |path: &Path| match WaveWriter::create(path, kinds(), &Excerpt::default()).err().unwrap() {
            WaveError::Io { path: named, error } => {
                assert_eq!(named, path);
                error.kind()
            }
            other => panic!("{other}"),
        };
        assert_eq!(kind(&folder.path().join("missing").join(name)), std::io::ErrorKind::NotFound);
        std::fs::create_dir(&path).unwrap();
        assert_eq!(kind(&path), std::io::ErrorKind::IsADirectory);
    }
}
