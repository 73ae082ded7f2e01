//! [`VcdWriter`]: value change dump.
//!
//! The values of a time step are collected and written when time goes on: each signal at most once per step, with
//! its last value, and only if that differs from what the file says already.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::mem;
use std::path::Path;

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};
use vcd::{IdCode, SimulationCommand, Value, VarType, Writer};

use crate::header::{Header, Kind, WaveId};
use crate::names::Names;

/// A value to be written. What a signal's kind has no form for (text for a vector) is written as unknown.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum VarValue<'a> {
    Bool(bool),
    Int(i64),
    Big(&'a BigInt),
    /// An enumeration's literal, or the text of another object.
    Text(&'a str),
    /// Driven by nobody.
    HighZ,
}

/// Writes a VCD file. Nothing in it depends on the day or the machine.
///
/// Dropping the writer completes the file up to the values given so far; [`VcdWriter::finish`] does the same and
/// tells about errors.
pub struct VcdWriter {
    /// `None` once the file is complete or writing has failed.
    writer: Option<Writer<BufWriter<Box<dyn Write + Send>>>>,
    signals: Vec<Signal>,
    /// Signals that were given a value in this step, in the order of the first one.
    dirty: Vec<WaveId>,
    time: u64,
    /// The file has a line for `time`.
    time_written: bool,
}

struct Signal {
    id: IdCode,
    /// `None` for a number that no variable has.
    kind: Option<Kind>,
    latest: Encoded,
    written: Option<Encoded>,
    dirty: bool,
}

/// A value as the file shows it.
#[derive(Clone, PartialEq, Debug)]
enum Encoded {
    Scalar(Value),
    Vector(Vec<Value>),
    Real(f64),
    Text(String),
}

impl VcdWriter {
    /// Creates the file and writes the declarations. The error names the path.
    pub fn create(path: impl AsRef<Path>, header: &Header) -> io::Result<VcdWriter> {
        let path = path.as_ref();
        File::create(path)
            .and_then(|file| VcdWriter::new(Box::new(file), header))
            .map_err(|e| io::Error::new(e.kind(), format!("cannot write {}: {e}", path.display())))
    }

    /// Writes to anything else.
    pub fn new(output: Box<dyn Write + Send>, header: &Header) -> io::Result<VcdWriter> {
        let mut writer = Writer::new(BufWriter::new(output));
        writer.version("pyhdl")?;
        writer.timescale(header.timescale.magnitude, header.timescale.unit)?;
        let signals = declare(&mut writer, header)?;
        writer.enddefinitions()?;
        Ok(VcdWriter { writer: Some(writer), signals, dirty: Vec::new(), time: 0, time_written: false })
    }

    /// Writes the values that all signals have before anything runs. To be called first, if at all.
    pub fn initial<'v>(
        &mut self,
        values: impl IntoIterator<Item = (WaveId, VarValue<'v>)>,
    ) -> io::Result<()> {
        for (signal, value) in values {
            self.set(signal, value);
        }
        self.stamp()?;
        if let Some(writer) = &mut self.writer {
            writer.begin(SimulationCommand::Dumpvars)?;
        }
        self.write_step()?;
        match &mut self.writer {
            Some(writer) => writer.end(),
            None => Ok(()),
        }
    }

    /// Moves to a time, in time steps. A time is written even if nothing changes; time never goes back.
    pub fn time(&mut self, time: u64) -> io::Result<()> {
        if time > self.time || !self.time_written {
            self.stamp_and_write_step()?;
            if time > self.time {
                (self.time, self.time_written) = (time, false);
            }
            self.stamp()?;
        }
        Ok(())
    }

    /// Gives a signal a value at a time. Of several in one time step the last one counts.
    pub fn change(&mut self, time: u64, signal: WaveId, value: VarValue<'_>) -> io::Result<()> {
        if time > self.time {
            self.stamp_and_write_step()?;
            (self.time, self.time_written) = (time, false);
        }
        self.set(signal, value);
        Ok(())
    }

    /// Completes the file.
    pub fn finish(mut self) -> io::Result<()> {
        self.complete()
    }

    fn complete(&mut self) -> io::Result<()> {
        self.stamp_and_write_step()?;
        match self.writer.take() {
            Some(mut writer) => writer.flush(),
            None => Ok(()),
        }
    }

    fn set(&mut self, id: WaveId, value: VarValue<'_>) {
        if let Some(signal) = self.signals.get_mut(id.0 as usize)
            && let Some(kind) = signal.kind
        {
            signal.latest.set(kind, value);
            if !mem::replace(&mut signal.dirty, true) {
                self.dirty.push(id);
            }
        }
    }

    fn stamp_and_write_step(&mut self) -> io::Result<()> {
        if !self.dirty.is_empty() {
            self.stamp()?;
            self.write_step()?;
        }
        Ok(())
    }

    fn stamp(&mut self) -> io::Result<()> {
        match &mut self.writer {
            Some(writer) if !mem::replace(&mut self.time_written, true) => writer.timestamp(self.time),
            _ => Ok(()),
        }
    }

    fn write_step(&mut self) -> io::Result<()> {
        for id in self.dirty.drain(..) {
            let signal = &mut self.signals[id.0 as usize];
            signal.dirty = false;
            let Some(writer) = &mut self.writer else { continue };
            if signal.written.as_ref() == Some(&signal.latest) {
                continue;
            }
            match &signal.latest {
                Encoded::Scalar(bit) => writer.change_scalar(signal.id, *bit)?,
                Encoded::Vector(bits) => writer.change_vector(signal.id, bits.iter().copied())?,
                Encoded::Real(number) => writer.change_real(signal.id, *number)?,
                Encoded::Text(text) => writer.change_string(signal.id, text)?,
            }
            match &mut signal.written {
                Some(written) => written.clone_from(&signal.latest),
                None => signal.written = Some(signal.latest.clone()),
            }
        }
        Ok(())
    }
}

impl Drop for VcdWriter {
    fn drop(&mut self) {
        // There is nobody to tell; who wants to know calls `finish`.
        let _ = self.complete();
    }
}

/// Writes scopes and variables; gives back the signals by number.
fn declare<W: Write>(writer: &mut Writer<W>, header: &Header) -> io::Result<Vec<Signal>> {
    let mut children = vec![Vec::new(); header.scopes.len()];
    let mut tops = Vec::new();
    for (index, scope) in header.scopes.iter().enumerate() {
        match scope.parent {
            Some(parent) if parent < index => children[parent].push(index),
            _ => tops.push(index),
        }
    }
    let mut signals: Vec<Signal> = Vec::new();
    let mut next = IdCode::FIRST;
    let mut stack = vec![(tops.into_iter(), Names::default())];
    while let Some((scopes, names)) = stack.last_mut() {
        let Some(index) = scopes.next() else {
            stack.pop();
            if !stack.is_empty() {
                writer.upscope()?;
            }
            continue;
        };
        let scope = &header.scopes[index];
        writer.add_module(&names.take_scope(&scope.name))?;
        let mut inner = Names::default();
        for var in &scope.vars {
            let slot = var.signal.0 as usize;
            while signals.len() <= slot {
                signals.push(Signal {
                    id: IdCode::FIRST,
                    kind: None,
                    latest: Encoded::Scalar(Value::X),
                    written: None,
                    dirty: false,
                });
            }
            let signal = &mut signals[slot];
            let kind = *signal.kind.get_or_insert_with(|| {
                signal.id = next;
                next = next.next();
                var.kind
            });
            let (var_type, width) = match kind {
                Kind::Bool => (VarType::Reg, 1),
                Kind::Vector { width } => (VarType::Reg, width.max(1)),
                Kind::Enum | Kind::Text => (VarType::String, 1),
                Kind::Number => (VarType::Real, 64),
            };
            writer.var_def(var_type, width, signal.id, &inner.take(&var.name), None)?;
        }
        stack.push((mem::take(&mut children[index]).into_iter(), inner));
    }
    Ok(signals)
}

impl Encoded {
    /// Encodes in place, so that a vector's room is used again.
    fn set(&mut self, kind: Kind, value: VarValue<'_>) {
        match kind {
            Kind::Bool => {
                *self = Encoded::Scalar(match value {
                    VarValue::Bool(bit) => bit.into(),
                    VarValue::Int(n) => (n != 0).into(),
                    VarValue::Big(n) => (n.bits() != 0).into(),
                    VarValue::HighZ => Value::Z,
                    VarValue::Text(_) => Value::X,
                });
            }
            Kind::Vector { width } => {
                let mut bits = match mem::replace(self, Encoded::Scalar(Value::X)) {
                    Encoded::Vector(bits) => bits,
                    _ => Vec::new(),
                };
                bits.clear();
                let positions = (0..u64::from(width.max(1))).rev();
                match value {
                    VarValue::Bool(bit) => bits.extend(positions.map(|i| Value::from(bit && i == 0))),
                    VarValue::Int(n) => {
                        bits.extend(positions.map(|i| Value::from((n >> i.min(63)) & 1 == 1)))
                    }
                    VarValue::Big(n) => bits.extend(positions.map(|i| Value::from(n.bit(i)))),
                    VarValue::HighZ => bits.extend(positions.map(|_| Value::Z)),
                    VarValue::Text(_) => bits.extend(positions.map(|_| Value::X)),
                }
                *self = Encoded::Vector(bits);
            }
            Kind::Number => {
                *self = Encoded::Real(match value {
                    VarValue::Bool(bit) => f64::from(u8::from(bit)),
                    VarValue::Int(n) => n as f64,
                    VarValue::Big(n) => real(n),
                    // A real variable has no other form for "no value".
                    VarValue::Text(_) | VarValue::HighZ => 0.0,
                });
            }
            Kind::Enum | Kind::Text => {
                let text = match value {
                    VarValue::Bool(bit) => if bit { "True" } else { "False" }.to_owned(),
                    VarValue::Int(n) => n.to_string(),
                    VarValue::Big(n) => n.to_string(),
                    VarValue::Text(text) => word(text),
                    VarValue::HighZ => "z".to_owned(),
                };
                *self = Encoded::Text(text);
            }
        }
    }
}

/// The nearest real number; the largest one where there is none.
fn real(n: &BigInt) -> f64 {
    match n.to_f64() {
        Some(number) if number.is_finite() => number,
        _ if n.is_negative() => f64::MIN,
        _ => f64::MAX,
    }
}

/// One printable word: the format ends a text at the first blank.
fn word(text: &str) -> String {
    if text.is_empty() {
        return "_".to_owned();
    }
    text.chars().map(|c| if c.is_ascii_graphic() { c } else { '_' }).collect()
}
