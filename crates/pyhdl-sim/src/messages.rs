//! What Python (or MyHDL) says where an assignment or an access is refused: the same words in every engine.

use std::fmt::Display;

use num_bigint::BigInt;
use pyhdl_diag::{Diagnostic, Span};

use crate::codes;

/// A value outside the bounds of a vector; `max` is inclusive.
pub fn out_of_bounds(value: &BigInt, min: &BigInt, max: &BigInt) -> String {
    if value > max {
        format!("intbv value {value} >= maximum {}", max + 1)
    } else {
        format!("intbv value {value} < minimum {min}")
    }
}

pub fn not_bool(value: impl Display) -> String {
    format!("Expected boolean value, got {value} (<class 'int'>)")
}

pub fn not_a_bit(index: impl Display) -> String {
    format!("intbv[i] = v requires v in (0, 1)\n            i == {index} ")
}

pub fn part_too_large(high: impl Display, low: impl Display, value: impl Display) -> String {
    format!("intbv[i:j] = v abs(v) too large\n            i, j, v == {high}, {low}, {value}")
}

/// The low end of a slice that is read, or assigned.
pub fn negative_low(low: impl Display, assigned: bool) -> String {
    let what = if assigned { "intbv[i:j] = v" } else { "intbv[i:j]" };
    format!("{what} requires j >= 0\n            j == {low}")
}

/// A process that goes on without a wait.
pub fn never_yields(limit: u64, span: Span, process: Span) -> Diagnostic {
    Diagnostic::error(
        codes::NEVER_YIELDS,
        format!("a process never yields: {limit} loop iterations at one time without a wait"),
    )
    .at(span, "this loop does not come to a `yield`")
    .at(process, "in this process")
    .help("wait inside the loop, for example with `yield clk.posedge` or `yield delay(1)`")
}

/// An event beyond the last time.
pub fn time_overflow(span: Option<Span>) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(codes::TIME_OVERFLOW, "this delay ends after the last time step (2**64 - 1)");
    match span {
        Some(span) => diagnostic.at(span, "this delay"),
        None => diagnostic,
    }
}
