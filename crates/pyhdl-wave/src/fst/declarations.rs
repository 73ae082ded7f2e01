//! What comes before the values: the file's header, the hierarchy, and the lengths of all signals.

use std::io::{self, Cursor};

use fst_writer::{
    FstFileType, FstHeaderWriter, FstInfo, FstScopeType, FstSignalType, FstVarDirection, FstVarType,
};
use vcd::TimescaleUnit;

use super::VALUES;
use super::track::{Shape, Track};
use crate::header::{Declaration, Header, Kind};
use crate::timescale::Timescale;

/// The blocks before the first section, and a track for each signal.
pub(super) fn blocks(header: &Header) -> io::Result<(Vec<u8>, Vec<Track>)> {
    let info = FstInfo {
        start_time: 0,
        timescale_exponent: exponent(header.timescale),
        version: "pyhdl".to_owned(),
        date: String::new(),
        file_type: FstFileType::Verilog,
    };
    let mut tracks = Vec::new();
    let mut signals = Vec::new();
    let mut make = || -> fst_writer::Result<Vec<u8>> {
        let mut writer = FstHeaderWriter::new(Cursor::new(Vec::new()), &info)?;
        header.walk(|declaration| match declaration {
            Declaration::Open(scope) => writer.scope(&scope.name, "", FstScopeType::Module),
            Declaration::Close => writer.up_scope(),
            Declaration::Var(var, number) => {
                let shape = shape(var.kind);
                let (signal_type, var_type) = match shape {
                    Shape::Bits(width) => (FstSignalType::bit_vec(width), FstVarType::Reg),
                    Shape::Real => (FstSignalType::real(), FstVarType::Real),
                    // No length stands for any length.
                    Shape::Text => (FstSignalType::bit_vec(0), FstVarType::GenericString),
                };
                let known = signals.get(number as usize).copied();
                let signal =
                    writer.var(&var.name, signal_type, var_type, FstVarDirection::Implicit, known)?;
                if known.is_none() {
                    signals.push(signal);
                    tracks.push(Track::new(shape));
                }
                Ok(())
            }
        })?;
        Ok(writer.finish()?.finish()?.into_inner())
    };
    let mut file = make().map_err(io::Error::other)?;
    // The crate has added an empty section.
    let mut end = 0;
    while let Some(&kind) = file.get(end)
        && kind != VALUES
    {
        let length = file.get(end + 1..end + 9).and_then(|bytes| bytes.try_into().ok());
        end += 1 + length.map_or(file.len(), |bytes| u64::from_be_bytes(bytes) as usize);
    }
    file.truncate(end);
    Ok((file, tracks))
}

fn shape(kind: Kind) -> Shape {
    match kind {
        Kind::Bool => Shape::Bits(1),
        Kind::Vector { width } => Shape::Bits(width.max(1)),
        Kind::Number => Shape::Real,
        Kind::Enum(_) | Kind::Text => Shape::Text,
    }
}

/// A time step in seconds, as a power of ten.
fn exponent(timescale: Timescale) -> i8 {
    let unit = match timescale.unit {
        TimescaleUnit::S => 0,
        TimescaleUnit::MS => -3,
        TimescaleUnit::US => -6,
        TimescaleUnit::NS => -9,
        TimescaleUnit::PS => -12,
        TimescaleUnit::FS => -15,
    };
    unit + match timescale.magnitude {
        100 => 2,
        10 => 1,
        _ => 0,
    }
}
