//! [`Fst`]: GTKWave's compressed format.
//!
//! What comes before the values is the work of the crate `fst-writer`. The values are not: it has no way to write text.
//!
//! A file is a sequence of blocks, each with a type and a length before it. The changes of a stretch of time are a
//! block of their own, a section, which goes to the file as soon as it is large or old enough. While it is being
//! written, its type tells readers to skip it: a file that ends early, because the program was killed, is read up to
//! the last section that was complete.

mod alike;
mod block;
mod declarations;
mod number;
mod output;
mod records;
mod section;
mod stretch;
mod track;
mod turned;

use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::batch::Batch;
use crate::columns::Columns;
use crate::format::{Form, Format};
use crate::header::Header;
use block::Disk;
use output::Output;
use section::Section;

/// The type of a block of values.
const VALUES: u8 = 8;

/// The type of a block that is not there yet.
const SKIP: u8 = 255;

/// Where the first block of a file has the time of the first values, that of the last ones, and the number of sections.
const START: u64 = 9;
const END: u64 = 17;
const SECTIONS: u64 = 65;

/// Changes that are a section, in bytes: few enough to be in the processor's caches still when they are written. They
/// are at least as many as a section has for the values at its beginning.
const ENOUGH: usize = 1 << 22;

/// How long changes wait at least. A section repeats the values of all signals, so that fewer changes than that wait
/// longer.
const SHORT_WAIT: Duration = Duration::from_secs(1);
const LONG_WAIT: Duration = Duration::from_secs(10);

/// Changes that another thread compresses and writes, in bytes.
const LARGE: usize = 1 << 20;

/// An FST file. Nothing in it depends on the day or the machine.
pub(crate) struct Fst {
    output: Output,
    section: Section,
    /// When a section was last written.
    written: Instant,
}

impl Fst {
    pub fn create(path: &Path, header: &Header) -> io::Result<Fst> {
        let file = File::create(path)?;
        let (blocks, tracks) = declarations::blocks(header)?;
        let output = Output::new(Disk::new(file, &blocks)?);
        Ok(Fst { output, section: Section::new(tracks), written: Instant::now() })
    }

    /// Writes the changes so far as a section, and begins the next one.
    fn write_section(&mut self) -> io::Result<()> {
        let large = self.section.size() >= LARGE;
        let mut block = self.output.spare();
        self.section.take(&mut block);
        self.output.write(block, large)?;
        self.written = Instant::now();
        Ok(())
    }
}

impl Format for Fst {
    fn time(&mut self, time: u64) -> io::Result<()> {
        self.section.time(time);
        Ok(())
    }

    fn begin_dump(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// The first values are in the file at once: there are readers that refuse one without any.
    fn end_dump(&mut self) -> io::Result<()> {
        self.write_section()
    }

    fn change(&mut self, signal: u32, value: Form<'_>) -> io::Result<()> {
        self.section.change(signal, value);
        Ok(())
    }

    fn batch(&mut self, batch: &Batch, columns: &mut Columns, enums: &[Vec<String>]) -> io::Result<()> {
        self.section.batch(batch, columns, enums);
        Ok(())
    }

    fn end_batches(&mut self) {
        self.section.end_batches();
    }

    fn pause(&mut self) -> io::Result<()> {
        let size = self.section.size();
        let frame = self.section.frame_size();
        let wait = if size >= frame { SHORT_WAIT } else { LONG_WAIT };
        if size >= ENOUGH.max(frame) || (self.section.has_news() && self.written.elapsed() >= wait) {
            self.write_section()?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.section.has_news() {
            self.write_section()?;
        }
        self.output.finish()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::format::Unknown;
    use crate::reader::{Changes, read};
    use crate::{Kind, Scope, Var, WaveId};

    const KINDS: [Kind; 5] =
        [Kind::Bool, Kind::Vector { width: 12 }, Kind::Vector { width: 90 }, Kind::Number, Kind::Text];

    /// A file with a signal of each kind.
    fn file() -> (tempfile::TempDir, PathBuf, Fst) {
        let var = |(i, kind): (u32, &Kind)| Var { name: format!("s{i}"), kind: *kind, signal: WaveId(i) };
        let vars = (0..).zip(&KINDS).map(var).collect();
        let scopes = vec![Scope { name: "top".into(), vars, ..Scope::default() }];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("waves.fst");
        let fst = Fst::create(&path, &Header { scopes, ..Header::default() }).unwrap();
        (folder, path, fst)
    }

    /// Gives a signal a value that is made from a number; says how readers show it.
    fn change(fst: &mut Fst, signal: u32, number: u64) -> String {
        let words = [number, number & 0x3ff];
        let text = format!("t{number}");
        let (form, shown) = match KINDS[signal as usize] {
            Kind::Vector { width } if number.is_multiple_of(5) => {
                (Form::All(Unknown::X), "x".repeat(width as usize))
            }
            Kind::Bool => (Form::Bits(&[number & 1]), format!("{}", number & 1)),
            Kind::Vector { width: 12 } => (Form::Bits(&[number & 0xfff]), format!("{:012b}", number & 0xfff)),
            Kind::Vector { .. } => {
                // 90 bits: 26 above the lowest word.
                let high = words[1];
                (Form::Bits(&[words[0], high]), format!("{high:026b}{:064b}", words[0]))
            }
            Kind::Number => (Form::Real(number as f64), number.to_string()),
            Kind::Enum(_) | Kind::Text => (Form::Text(&text), text.clone()),
        };
        fst.change(signal, form).unwrap();
        shown
    }

    #[test]
    fn sections_of_any_length_make_one_history() {
        for seed in 0..10 {
            let mut random = fastrand::Rng::with_seed(seed);
            let (_folder, path, mut fst) = file();
            let mut expected = vec![Changes::new(); KINDS.len()];
            let mut time = 0;
            for round in 0..200 {
                fst.time(time).unwrap();
                for signal in 0..KINDS.len() as u32 {
                    if round == 0 || random.u8(..3) == 0 {
                        let shown = change(&mut fst, signal, random.u64(..1 << 40));
                        let known = &mut expected[signal as usize];
                        if known.last().is_none_or(|(_, last)| *last != shown) {
                            known.push((time, shown));
                        }
                    }
                }
                if random.u8(..10) == 0 {
                    fst.write_section().unwrap();
                }
                time += random.u64(1..1000);
            }
            fst.finish().unwrap();
            let sections: [u8; 8] = fs::read(&path).unwrap()[SECTIONS as usize..][..8].try_into().unwrap();
            assert!(u64::from_be_bytes(sections) > 5, "seed {seed}");
            let waves = read(&path);
            for (signal, expected) in expected.iter().enumerate() {
                assert_eq!(
                    waves.vars[&format!("top.s{signal}")].1,
                    *expected,
                    "seed {seed}, signal {signal}"
                );
            }
        }
    }

    #[test]
    fn a_section_that_is_not_complete_is_skipped() {
        let (_folder, path, mut fst) = file();
        fst.time(0).unwrap();
        let first: Vec<String> = (0..).take(KINDS.len()).map(|signal| change(&mut fst, signal, 7)).collect();
        fst.write_section().unwrap();
        let before = fs::read(&path).unwrap();
        fst.time(10).unwrap();
        for signal in (0..).take(KINDS.len()) {
            change(&mut fst, signal, 8);
        }
        fst.write_section().unwrap();
        let after = fs::read(&path).unwrap();
        assert_eq!(read(&path).times, [0, 10]);
        for length in before.len() + 9..=after.len() {
            let mut cut = before.clone();
            cut.extend(&after[before.len()..length]);
            cut[before.len()] = SKIP;
            fs::write(&path, cut).unwrap();
            let waves = read(&path);
            assert_eq!(waves.times, [0], "{length}");
            for (signal, first) in first.iter().enumerate() {
                assert_eq!(waves.vars[&format!("top.s{signal}")].1, [(0, first.clone())], "{length}");
            }
        }
    }
}
