//! [`Vcd`]: value change dump, as text.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use vcd::{IdCode, VarType, Writer};

use crate::batch::Batch;
use crate::columns::Columns;
use crate::format::{Form, Format};
use crate::header::{Declaration, Header, Kind};
use crate::replay::replay;

/// As much text as is written at once.
const ENOUGH: usize = 1 << 16;

/// How long text waits that is not enough.
const LONGEST_WAIT: Duration = Duration::from_millis(500);

/// A VCD file. Nothing in it depends on the day or the machine.
///
/// Whole time steps go to the file at once: one that ends early, because the program was killed, ends with a whole line.
pub(crate) struct Vcd {
    file: File,
    /// The length of the file.
    length: u64,
    text: Vec<u8>,
    /// When text was last written.
    written: Instant,
    signals: Vec<Signal>,
}

/// How the changes of a signal are written.
struct Signal {
    /// `None` for a single bit, which has no `b` before it and no blank behind it.
    width: Option<u32>,
    /// The code, and the end of the line.
    code: Box<[u8]>,
}

impl Vcd {
    pub fn create(path: &Path, header: &Header) -> io::Result<Vcd> {
        let file = File::create(path)?;
        let mut signals = Vec::new();
        let text = declarations(header, &mut signals)?;
        let mut vcd = Vcd { file, length: 0, text, written: Instant::now(), signals };
        vcd.flush()?;
        Ok(vcd)
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Err(error) = self.file.write_all(&self.text) {
            // What has no room does not stay in part.
            let _ = self.file.set_len(self.length);
            return Err(error);
        }
        self.length += self.text.len() as u64;
        self.text.clear();
        self.written = Instant::now();
        Ok(())
    }
}

impl Format for Vcd {
    fn time(&mut self, time: u64) -> io::Result<()> {
        writeln!(self.text, "#{time}")
    }

    fn begin_dump(&mut self) -> io::Result<()> {
        self.text.extend(b"$dumpvars\n");
        Ok(())
    }

    fn end_dump(&mut self) -> io::Result<()> {
        self.text.extend(b"$end\n");
        self.flush()
    }

    fn change(&mut self, signal: u32, value: Form<'_>) -> io::Result<()> {
        let Signal { width, code } = &self.signals[signal as usize];
        let text = &mut self.text;
        match value {
            Form::Bits(words) => match width {
                None => text.push(digit(words[0], 0)),
                Some(width) => {
                    text.push(b'b');
                    for (index, word) in words.iter().enumerate().rev() {
                        let bits = (width - 64 * index as u32).min(64);
                        text.extend((0..bits).rev().map(|i| digit(*word, i)));
                    }
                    text.push(b' ');
                }
            },
            Form::All(unknown) => match width {
                None => text.push(unknown.letter()),
                Some(width) => {
                    text.push(b'b');
                    text.resize(text.len() + *width as usize, unknown.letter());
                    text.push(b' ');
                }
            },
            Form::Real(number) => write!(text, "r{number} ")?,
            Form::Text(word) => {
                text.push(b's');
                text.extend(word.as_bytes());
                text.push(b' ');
            }
        }
        text.extend(code);
        Ok(())
    }

    fn batch(&mut self, batch: &Batch, columns: &mut Columns, enums: &[Vec<String>]) -> io::Result<()> {
        replay(self, batch, columns, enums)
    }

    fn pause(&mut self) -> io::Result<()> {
        if self.text.len() >= ENOUGH || (!self.text.is_empty() && self.written.elapsed() >= LONGEST_WAIT) {
            self.flush()?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.flush()
    }
}

fn digit(word: u64, index: u32) -> u8 {
    b'0' + ((word >> index) & 1) as u8
}

/// The text of the declarations.
fn declarations(header: &Header, signals: &mut Vec<Signal>) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new());
    writer.version("pyhdl")?;
    writer.timescale(header.timescale.magnitude, header.timescale.unit)?;
    header.walk(|declaration| match declaration {
        Declaration::Open(scope) => writer.add_module(&scope.name),
        Declaration::Close => writer.upscope(),
        Declaration::Var(var, number) => {
            let code = IdCode::from(number);
            let (var_type, width, shown) = match var.kind {
                Kind::Bool => (VarType::Reg, None, 1),
                Kind::Vector { width } => (VarType::Reg, Some(width.max(1)), width.max(1)),
                Kind::Enum(_) | Kind::Text => (VarType::String, None, 1),
                Kind::Number => (VarType::Real, None, 64),
            };
            if signals.len() == number as usize {
                signals.push(Signal { width, code: format!("{code}\n").into_bytes().into() });
            }
            writer.var_def(var_type, shown, code, &var.name, None)
        }
    })?;
    writer.enddefinitions()?;
    Ok(std::mem::take(writer.writer()))
}
