//! Waves of memory: what an independent reader finds is what was in it, whatever the memory looks like.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod reader;

use std::fs;
use std::path::Path;

use fastrand::Rng;
use num_bigint::BigInt;
use pyhdl_wave::{Excerpt, Header, Kind, Sampling, Scope, Spot, Var, VarValue, WaveId, WaveWriter};
use reader::{Changes, read};

const FORMATS: [&str; 2] = ["waves.vcd", "waves.fst"];

/// A signal in the memory.
#[derive(Clone)]
struct Field {
    kind: Kind,
    at: usize,
    bytes: usize,
    signed: bool,
    /// Its values have so many bits, with the sign.
    bits: u32,
    /// One that it is equal to most of the time.
    of: Option<usize>,
}

struct Memory {
    fields: Vec<Field>,
    bytes: Vec<u8>,
    values: Vec<BigInt>,
}

impl Memory {
    /// Signals of all kinds and sizes, with holes in between; so many of each.
    fn new(random: &mut Rng, rounds: usize) -> Memory {
        let mut fields: Vec<Field> = Vec::new();
        let mut end = 0;
        for _ in 0..rounds {
            let vector =
                |width: u32, bytes: usize, signed: bool| (Kind::Vector { width }, bytes, signed, width);
            let some = [
                (Kind::Bool, 1, false, 1),
                vector(1, 1, false),
                vector(5, 1, true),
                vector(8, 1, false),
                vector(13, 2, false),
                vector(16, 2, true),
                vector(27, 4, false),
                vector(31, 4, true),
                vector(47, 8, false),
                vector(64, 8, false),
                vector(64, 8, true),
                // Stored in fewer bytes than they have bits.
                (Kind::Vector { width: 12 }, 1, true, 8),
                vector(70, 16, true),
                vector(200, 32, false),
                vector(600, 80, false),
                (Kind::Enum(0), 1, false, 2),
                (Kind::Number, 8, true, 50),
                (Kind::Number, 2, false, 16),
            ];
            for (kind, bytes, signed, bits) in some {
                end = (end + random.usize(..20)).next_multiple_of(bytes.min(8));
                let twins: Vec<usize> = (0..fields.len())
                    .filter(|i| {
                        let of: &Field = &fields[*i];
                        (of.kind, of.bytes, of.signed) == (kind, bytes, signed)
                    })
                    .collect();
                let of = random.choice(twins).filter(|_| random.bool());
                fields.push(Field { kind, at: end, bytes, signed, bits, of });
                end += bytes;
            }
        }
        let values = vec![BigInt::ZERO; fields.len()];
        Memory { fields, bytes: vec![0; end.max(64)], values }
    }

    fn set(&mut self, field: usize, value: BigInt) {
        let Field { at, bytes, .. } = self.fields[field];
        let fill = if value < BigInt::ZERO { 0xff } else { 0 };
        let mut stored = value.to_signed_bytes_le();
        stored.resize(bytes.max(stored.len()), fill);
        self.bytes[at..at + bytes].copy_from_slice(&stored[..bytes]);
        self.values[field] = value;
    }

    /// Some signals get other values.
    fn step(&mut self, random: &mut Rng, change: impl Fn(&mut Rng, usize) -> bool) {
        for number in 0..self.fields.len() {
            let field = self.fields[number].clone();
            if let Some(of) = field.of.filter(|_| random.u32(..300) > 0) {
                self.set(number, self.values[of].clone());
            } else if change(random, number) {
                let mut value = BigInt::ZERO;
                for _ in 0..field.bits.div_ceil(32) {
                    value = (value << 32) + random.u32(..);
                }
                value %= BigInt::from(1) << field.bits;
                if field.signed {
                    value -= BigInt::from(1) << (field.bits - 1);
                }
                if matches!(field.kind, Kind::Enum(_)) {
                    value %= 3;
                }
                self.set(number, value);
            }
        }
    }

    fn spots(&self) -> Vec<Spot> {
        let spot = |(number, field): (u32, &Field)| {
            let Field { at, bytes, signed, .. } = *field;
            Spot { signal: WaveId(number), at, bytes, signed, copied: None }
        };
        (0..).zip(&self.fields).map(spot).collect()
    }

    /// How readers show a value.
    fn shown(&self, number: usize) -> String {
        let value = &self.values[number];
        match self.fields[number].kind {
            Kind::Bool => value.to_string(),
            Kind::Enum(_) => ["IDLE", "RUN", "HALT"][usize::try_from(value).unwrap()].to_owned(),
            Kind::Vector { width } => {
                let all = BigInt::from(1) << width;
                let bits = ((value % &all) + &all) % &all;
                format!("{:0>width$}", bits.to_str_radix(2), width = width as usize)
            }
            _ => value.to_string(),
        }
    }

    fn create(&self, path: &Path, excerpt: &Excerpt) -> WaveWriter {
        let var = |(number, field): (u32, &Field)| Var {
            name: format!("s{number}"),
            kind: field.kind,
            signal: WaveId(number),
        };
        let vars = (0..).zip(&self.fields).map(var).collect();
        let scopes = vec![Scope { name: "top".into(), vars, ..Scope::default() }];
        let enums = vec![["IDLE", "RUN", "HALT"].map(String::from).to_vec()];
        let mut writer =
            WaveWriter::create(path, Header { scopes, enums, ..Header::default() }, excerpt).unwrap();
        writer.initial((0..).map(WaveId).zip(self.values.iter().map(given))).unwrap();
        writer
    }
}

fn given(value: &BigInt) -> VarValue<'_> {
    i64::try_from(value).map_or(VarValue::Big(value), VarValue::Int)
}

/// What was in the memory, from a time to another.
struct History {
    from: u64,
    to: u64,
    times: Vec<u64>,
    changes: Vec<Changes>,
}

impl History {
    fn new(memory: &Memory, from: u64, to: u64) -> History {
        let changes = vec![Changes::new(); memory.fields.len()];
        let mut history = History { from, to, times: Vec::new(), changes };
        history.add(0, memory);
        history
    }

    fn add(&mut self, time: u64, memory: &Memory) {
        if time > self.to {
            return;
        }
        self.times.push(time.max(self.from));
        for (number, changes) in self.changes.iter_mut().enumerate() {
            let value = (time.max(self.from), memory.shown(number));
            match changes.last_mut() {
                Some(last) if last.0 == value.0 => *last = value,
                Some(last) if last.1 == value.1 => {}
                _ => changes.push(value),
            }
            // A value that is back before time goes on has not changed.
            if let [.., a, b] = &changes[..]
                && a.1 == b.1
            {
                changes.pop();
            }
        }
    }

    fn compare(&self, path: &Path, about: &str) {
        if path.ends_with("waves.vcd") {
            let text = fs::read_to_string(path).unwrap();
            let stamps: Vec<u64> = text
                .lines()
                .filter_map(|line| line.strip_prefix('#'))
                .map(|time| time.parse().unwrap())
                .collect();
            assert!(stamps.is_sorted_by(|a, b| a < b), "{about}: each time is there once");
        }
        let waves = read(path);
        for (number, expected) in self.changes.iter().enumerate() {
            let (_, found) = &waves.vars[&format!("top.s{number}")];
            if found != expected {
                let at = found.iter().zip(expected).take_while(|(a, b)| a == b).count();
                panic!("{about}, s{number}, {at}: {:?} for {:?}", found.get(at), expected.get(at));
            }
        }
        let mut times = self.times.clone();
        times.dedup();
        if self.to != u64::MAX && times.last() != Some(&self.to) {
            times.push(self.to);
        }
        assert_eq!(waves.times, times, "{about}");
    }
}

/// Samples so many time steps.
fn sample(
    random: &mut Rng,
    memory: &mut Memory,
    history: &mut History,
    writer: WaveWriter,
    steps: u64,
    time: &mut u64,
    change: impl Fn(&mut Rng, usize) -> bool,
) -> Option<WaveWriter> {
    let mut sampling = Sampling::new(writer, &memory.spots(), &memory.bytes);
    for _ in 0..steps {
        // Now and then there is another step at the same time.
        *time += random.u64(..10).min(7);
        memory.step(random, &change);
        sampling.step(*time, &memory.bytes);
        history.add(*time, memory);
    }
    sampling.pause();
    let (writer, result) = sampling.finish();
    result.unwrap();
    writer
}

#[test]
fn all_kinds_of_signals_have_the_values_of_the_memory() {
    for seed in 0..6 {
        for format in FORMATS {
            let mut random = Rng::with_seed(seed);
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(format);
            let mut memory = Memory::new(&mut random, 3);
            memory.step(&mut random, |_, _| true);
            let mut writer = memory.create(&path, &Excerpt::default());
            let mut history = History::new(&memory, 0, u64::MAX);
            let mut time = 0;
            for round in 0..5 {
                // Between two stretches changes come one by one.
                for _ in 0..random.u32(..3) {
                    time += random.u64(1..5);
                    memory.step(&mut random, |random, _| random.u8(..4) == 0);
                    for (number, value) in (0..).zip(&memory.values) {
                        writer.change(time, WaveId(number), given(value)).unwrap();
                    }
                    writer.time(time).unwrap();
                    history.add(time, &memory);
                }
                let rare = random.u32(1..60);
                let steps = random.u64(..200);
                // Some signals are quiet for long.
                let change = |random: &mut Rng, number: usize| number % 5 != round && random.u32(..rare) == 0;
                writer =
                    sample(&mut random, &mut memory, &mut history, writer, steps, &mut time, change).unwrap();
            }
            writer.finish().unwrap();
            history.compare(&path, &format!("seed {seed}, {format}"));
        }
    }
}

#[test]
fn many_batches_make_one_history() {
    for format in FORMATS {
        let mut random = Rng::with_seed(7);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format);
        // Some hundred lines, of which all change in most steps: a batch has room for about a hundred steps.
        let mut memory = Memory::new(&mut random, 60);
        let writer = memory.create(&path, &Excerpt::default());
        let mut history = History::new(&memory, 0, u64::MAX);
        let change = |random: &mut Rng, number: usize| number.is_multiple_of(3) && random.u8(..2) == 0;
        let writer = sample(&mut random, &mut memory, &mut history, writer, 700, &mut 0, change).unwrap();
        writer.finish().unwrap();
        history.compare(&path, format);
    }
}

#[test]
fn a_window_of_memory_begins_with_all_values() {
    for format in FORMATS {
        for (from, to) in [(0, 300), (100, 1000), (101, u64::MAX), (500, 501)] {
            let mut random = Rng::with_seed(from + to % 7);
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(format);
            let mut memory = Memory::new(&mut random, 2);
            memory.step(&mut random, |_, _| true);
            let excerpt = Excerpt { from, to: Some(to).filter(|to| *to < u64::MAX), ..Excerpt::default() };
            let writer = memory.create(&path, &excerpt);
            let mut history = History::new(&memory, from, to);
            let (mut time, change) = (0, |random: &mut Rng, _| random.u8(..3) == 0);
            let writer = sample(&mut random, &mut memory, &mut history, writer, 50, &mut time, change);
            let writer =
                sample(&mut random, &mut memory, &mut history, writer.unwrap(), 400, &mut time, change);
            assert!(time > 1200);
            writer.unwrap().finish().unwrap();
            history.compare(&path, &format!("{format} from {from} to {to}"));
        }
    }
}

#[test]
fn a_copy_is_found_where_its_original_is_until_a_step_is_broken() {
    for format in FORMATS {
        for begin in [0, 4] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(format);
            let mut memory = Memory::new(&mut Rng::with_seed(0), 1);
            let (original, copy) = (9, 10);
            assert_eq!((memory.fields[original].bytes, memory.fields[copy].bytes), (8, 8));
            memory.set(original, BigInt::from(begin));
            let mut spots = memory.spots();
            spots[copy].copied = Some(spots[original].at);
            let writer = memory.create(&path, &Excerpt::default());
            let mut sampling = Sampling::new(writer, &spots, &memory.bytes);
            memory.set(original, BigInt::from(5));
            sampling.step(5, &memory.bytes);
            memory.set(original, BigInt::from(9));
            sampling.broken(7, &memory.bytes);
            let (writer, result) = sampling.finish();
            result.unwrap();
            writer.unwrap().finish().unwrap();
            let waves = read(&path);
            let of = |number: usize| {
                let (_, changes) = &waves.vars[&format!("top.s{number}")];
                let value = |bits: &str| u64::from_str_radix(bits, 2).unwrap();
                changes.iter().map(|(time, bits)| (*time, value(bits))).collect::<Vec<_>>()
            };
            assert_eq!(of(original), [(0, begin), (5, 5), (7, 9)]);
            // Its own place is never written to; it counts where the two were different from the start.
            let expected = if begin == 0 { vec![(0, 0), (5, 5), (7, 0)] } else { vec![(0, 0)] };
            assert_eq!(of(copy), expected);
        }
    }
}
