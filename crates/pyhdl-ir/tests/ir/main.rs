//! Tests of the design's text, validator, design rules and rearrangements.
#![allow(clippy::unwrap_used)]

mod check;
mod generate;
mod round_trip;
mod structure;
mod subtree;
mod text_form;
mod validate;

use pyhdl_ir::{Design, text};

/// A design from its text; fails the test where the text is wrong.
fn read(text: &str) -> Design {
    match text::parse(text) {
        Ok(design) => design,
        Err(e) => panic!("{e}\n{text}"),
    }
}
