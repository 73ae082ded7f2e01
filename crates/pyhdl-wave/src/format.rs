//! [`Format`]: what the formats of waveform files have in common.

use std::io;
use std::path::Path;

use crate::batch::Batch;
use crate::columns::Columns;
use crate::fst::Fst;
use crate::header::Header;
use crate::vcd::Vcd;

/// Creates a file in the format that its name ends with, `.fst`, or else as VCD, and writes the declarations.
pub(crate) fn create(path: &Path, header: &Header) -> io::Result<Box<dyn Format>> {
    Ok(if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("fst")) {
        Box::new(Fst::create(path, header)?)
    } else {
        Box::new(Vcd::create(path, header)?)
    })
}

/// A file that is being written. Its signals have the numbers that their declarations gave them.
pub(crate) trait Format: Send {
    /// What follows happens at this time, in time steps; it is later than the one before.
    fn time(&mut self, time: u64) -> io::Result<()>;

    /// What follows, up to [`Format::end_dump`], are the values that all signals have.
    fn begin_dump(&mut self) -> io::Result<()>;

    fn end_dump(&mut self) -> io::Result<()>;

    /// A signal has another value.
    fn change(&mut self, signal: u32, value: Form<'_>) -> io::Result<()>;

    /// What happens in some time steps in a row; `enums` are the literals of the enumerations.
    fn batch(&mut self, batch: &Batch, columns: &mut Columns, enums: &[Vec<String>]) -> io::Result<()>;

    /// What comes next is not a batch.
    fn end_batches(&mut self) {}

    /// All changes of a time step are there: a good moment to make readable what was written so far.
    fn pause(&mut self) -> io::Result<()>;

    /// Completes the file. Nothing comes after it.
    fn finish(&mut self) -> io::Result<()>;
}

/// A value as files hold it. A signal always has forms of its kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form<'a> {
    /// The lowest word first; bits above the signal's width are zero.
    Bits(&'a [u64]),
    /// The same in every bit.
    All(Unknown),
    Real(f64),
    /// Printable ASCII without blanks, not empty.
    Text(&'a str),
}

/// What a bit is when it is neither 0 nor 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unknown {
    X,
    /// Driven by nobody.
    Z,
}

impl Unknown {
    /// The character that both formats have for it.
    pub fn letter(self) -> u8 {
        match self {
            Unknown::X => b'x',
            Unknown::Z => b'z',
        }
    }
}
