//! [`Timescale`]: how long one time step is.

use std::fmt;
use std::str::FromStr;

use vcd::TimescaleUnit;

/// The length of a time step: 1, 10 or 100 of a unit. The default is one nanosecond.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timescale {
    pub(crate) magnitude: u32,
    pub(crate) unit: TimescaleUnit,
}

impl Default for Timescale {
    fn default() -> Self {
        Timescale { magnitude: 1, unit: TimescaleUnit::NS }
    }
}

/// A text that is not a timescale.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseTimescaleError(String);

impl fmt::Display for ParseTimescaleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a timescale: write 1, 10 or 100 and one of s, ms, us, ns, ps, fs, as in `1ns`",
            self.0
        )
    }
}

impl std::error::Error for ParseTimescaleError {}

impl FromStr for Timescale {
    type Err = ParseTimescaleError;

    /// Reads `1ns`, `10 ps`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseTimescaleError(text.to_owned());
        let trimmed = text.trim();
        let digits = trimmed.find(|c: char| !c.is_ascii_digit()).ok_or_else(error)?;
        let magnitude = match &trimmed[..digits] {
            "1" => 1,
            "10" => 10,
            "100" => 100,
            _ => return Err(error()),
        };
        let unit = trimmed[digits..].trim().parse().map_err(|_| error())?;
        Ok(Timescale { magnitude, unit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timescales_are_read_with_and_without_a_blank() {
        let ten_ps = Timescale { magnitude: 10, unit: TimescaleUnit::PS };
        assert_eq!("10ps".parse(), Ok(ten_ps));
        assert_eq!(" 10 ps ".parse(), Ok(ten_ps));
        for wrong in ["", "1", "ns", "2ns", "1 minute", "1.5ns"] {
            assert!(wrong.parse::<Timescale>().is_err(), "{wrong}");
        }
    }
}
