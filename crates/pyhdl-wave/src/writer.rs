//! [`WaveWriter`]: the changes of a simulation, on their way into a file of any format.
//!
//! The values of a time step are collected and written when time goes on: each signal at most once per step, with
//! its last value, and only if that differs from what the file says already.

use std::fs;
use std::io;
use std::mem;
use std::path::{Path, PathBuf};

use crate::batch::Batch;
use crate::columns::Columns;
use crate::format::{self, Format, Unknown};
use crate::header::{Declaration, Header, Kind, WaveId};
use crate::names::make_legal;
use crate::value::{Kept, VarValue, literals};
use crate::{Excerpt, WaveError};

/// Writes a waveform file.
///
/// Dropping the writer completes the file up to the values given so far; [`WaveWriter::finish`] does the same and
/// tells about errors.
pub struct WaveWriter {
    /// `None` once the file is complete or writing has failed.
    file: Option<Box<dyn Format>>,
    path: PathBuf,
    /// By the number of the [`WaveId`].
    signals: Vec<Option<Signal>>,
    enums: Vec<Vec<String>>,
    /// Signals that were given a value in this step, in the order of the first one.
    dirty: Vec<WaveId>,
    time: u64,
    /// The file has a line for `time`.
    time_written: bool,
    /// The first time of the file. The values of all signals are kept up to then.
    from: u64,
    /// The file has its first values.
    begun: bool,
    /// The last time of the file.
    to: Option<u64>,
    /// Nothing comes any more.
    over: bool,
}

struct Signal {
    /// Its number in the file.
    number: u32,
    kind: Kind,
    dirty: bool,
    /// The value of this step; only while it is dirty.
    latest: Kept,
    /// What the file says.
    written: Option<Kept>,
}

impl WaveWriter {
    /// Creates the file and writes the declarations.
    pub fn create(
        path: impl AsRef<Path>,
        mut header: Header,
        excerpt: &Excerpt,
    ) -> Result<WaveWriter, WaveError> {
        let path = path.as_ref();
        make_legal(&mut header);
        excerpt.reduce(&mut header)?;
        let file = format::create(path, &header).map_err(WaveError::io(path))?;
        Ok(WaveWriter {
            file: Some(file),
            path: path.to_owned(),
            signals: signals(&header),
            enums: header.enums,
            dirty: Vec::new(),
            time: 0,
            time_written: false,
            from: excerpt.from,
            begun: excerpt.from == 0,
            to: excerpt.to,
            over: false,
        })
    }

    /// Whether the file has this signal.
    pub fn has(&self, signal: WaveId) -> bool {
        matches!(self.signals.get(signal.0 as usize), Some(Some(_)))
    }

    /// Whether the file has everything that it is to have.
    pub fn is_complete(&self) -> bool {
        self.file.is_none()
    }

    /// Gives the values that all signals have before anything runs. To be called first, if at all.
    pub fn initial<'v>(
        &mut self,
        values: impl IntoIterator<Item = (WaveId, VarValue<'v>)>,
    ) -> Result<(), WaveError> {
        for (signal, value) in values {
            self.set(signal, value);
        }
        if self.begun { self.writing(Self::dump) } else { Ok(()) }
    }

    /// Moves to a time, in time steps. A time is written even if nothing changes; time never goes back.
    pub fn time(&mut self, time: u64) -> Result<(), WaveError> {
        if time > self.time {
            self.leave_for(time)?;
        }
        if self.begun && !self.time_written {
            self.writing(|this, file| {
                this.stamp(file)?;
                this.write_step(file)?;
                file.pause()
            })?;
        }
        Ok(())
    }

    /// Gives a signal a value at a time. Of several in one time step the last one counts.
    pub fn change(&mut self, time: u64, signal: WaveId, value: VarValue<'_>) -> Result<(), WaveError> {
        if time > self.time {
            self.leave_for(time)?;
        }
        self.set(signal, value);
        Ok(())
    }

    /// The number in the file and the kind of a signal that the file has.
    pub(crate) fn declared(&self, signal: WaveId) -> Option<(u32, Kind)> {
        let signal = self.signals.get(signal.0 as usize)?.as_ref()?;
        Some((signal.number, signal.kind))
    }

    /// The time of the latest values.
    pub(crate) fn now(&self) -> u64 {
        self.time
    }

    /// The time behind which the file begins, as long as it has not begun.
    pub(crate) fn awaited(&self) -> Option<u64> {
        Some(self.from).filter(|_| !self.begun)
    }

    /// The last time of the file.
    pub(crate) fn end(&self) -> Option<u64> {
        self.to
    }

    /// Writes the values that were given until now.
    pub(crate) fn close_step(&mut self) -> Result<(), WaveError> {
        if self.begun { self.writing(Self::write_step) } else { Ok(()) }
    }

    /// Writes time steps in a row. The writer's own values are those from before, until [`WaveWriter::settle`].
    pub(crate) fn write_batch(&mut self, batch: &Batch, columns: &mut Columns) -> Result<(), WaveError> {
        let Some(time) = batch.times.last() else { return Ok(()) };
        (self.time, self.time_written) = (*time, true);
        self.writing(|this, file| {
            file.batch(batch, columns, &this.enums)?;
            file.pause()
        })
    }

    /// Takes the values of all columns at a time; the file has them already, if it has begun.
    pub(crate) fn settle(&mut self, time: u64, columns: &Columns) {
        self.time = time;
        columns.for_each(|signal, value| self.set(signal, value));
        for id in &self.dirty {
            if self.begun
                && let Some(Some(signal)) = self.signals.get_mut(id.0 as usize)
            {
                signal.dirty = false;
                mem::swap(signal.written.get_or_insert(Kept::Word(0)), &mut signal.latest);
            }
        }
        if self.begun {
            self.dirty.clear();
        }
        if let Some(file) = &mut self.file {
            file.end_batches();
        }
    }

    /// Completes the file.
    pub fn finish(mut self) -> Result<(), WaveError> {
        self.complete()
    }

    fn complete(&mut self) -> Result<(), WaveError> {
        if !self.begun {
            if self.time < self.from {
                if self.file.take().is_some() {
                    remove(&self.path);
                }
                return Err(WaveError::TooLate { from: self.from, end: self.time });
            }
            self.writing(Self::dump)?;
        }
        self.writing(|this, file| {
            this.write_step(file)?;
            this.over = true;
            file.finish()
        })
    }

    /// Writes what was collected, because time goes on.
    pub(crate) fn leave_for(&mut self, time: u64) -> Result<(), WaveError> {
        self.writing(|this, file| {
            if !this.begun && time > this.from {
                // What was collected since the start is what all signals are then.
                this.time = this.from;
                this.dump(file)?;
            }
            if this.begun {
                this.write_step(file)?;
            }
            if let Some(to) = this.to.filter(|to| time > *to) {
                if to > this.time {
                    file.time(to)?;
                }
                this.over = true;
                return file.finish();
            }
            (this.time, this.time_written) = (time, false);
            Ok(())
        })
    }

    /// Writes the values of all signals.
    fn dump(&mut self, file: &mut dyn Format) -> io::Result<()> {
        self.begun = true;
        self.stamp(file)?;
        file.begin_dump()?;
        self.write_step(file)?;
        file.end_dump()
    }

    /// Does something with the file, if it is still being written. After an error it no longer is.
    fn writing(
        &mut self,
        f: impl FnOnce(&mut Self, &mut dyn Format) -> io::Result<()>,
    ) -> Result<(), WaveError> {
        let Some(mut file) = self.file.take() else { return Ok(()) };
        f(self, &mut *file).map_err(WaveError::io(&self.path))?;
        if !self.over {
            self.file = Some(file);
        }
        Ok(())
    }

    fn set(&mut self, id: WaveId, value: VarValue<'_>) {
        if let Some(Some(signal)) = self.signals.get_mut(id.0 as usize) {
            signal.latest.set(signal.kind, value);
            if !mem::replace(&mut signal.dirty, true) {
                self.dirty.push(id);
            }
        }
    }

    fn stamp(&mut self, file: &mut dyn Format) -> io::Result<()> {
        if mem::replace(&mut self.time_written, true) { Ok(()) } else { file.time(self.time) }
    }

    /// Writes the values that were collected.
    fn write_step(&mut self, file: &mut dyn Format) -> io::Result<()> {
        if !self.dirty.is_empty() {
            self.stamp(file)?;
        }
        for id in self.dirty.drain(..) {
            let Some(Some(signal)) = self.signals.get_mut(id.0 as usize) else { continue };
            signal.dirty = false;
            if signal.written.as_ref() == Some(&signal.latest) {
                continue;
            }
            file.change(signal.number, signal.latest.form(literals(signal.kind, &self.enums)))?;
            // What was written last is room for the next value.
            mem::swap(signal.written.get_or_insert(Kept::Word(0)), &mut signal.latest);
        }
        Ok(())
    }
}

impl Drop for WaveWriter {
    fn drop(&mut self) {
        // There is nobody to tell; who wants to know calls `finish`.
        let _ = self.complete();
    }
}

/// Removes a file in which there is nothing. What cannot be removed, or is no file, stays.
fn remove(path: &Path) {
    if path.is_file() {
        let _ = fs::remove_file(path);
    }
}

/// The signals that a header declares.
fn signals(header: &Header) -> Vec<Option<Signal>> {
    let mut signals: Vec<Option<Signal>> = Vec::new();
    let Ok(()) = header.walk(|declaration| {
        if let Declaration::Var(var, number) = declaration {
            let slot = var.signal.0 as usize;
            while signals.len() <= slot {
                signals.push(None);
            }
            signals[slot].get_or_insert(Signal {
                number,
                kind: var.kind,
                dirty: false,
                latest: Kept::All(Unknown::X),
                written: None,
            });
        }
        Ok::<(), std::convert::Infallible>(())
    });
    signals
}
