//! The passes: what makes code fast and changes nothing that it does. Each is a file that says what it matches, why that is
//! legal, when it pays, and by which name it is left out. Those that order a time step are in `pyhdl-sim/src/cycle`: the
//! plan is made there.

pub mod dead_stores;
pub mod deferral;
pub mod grouping;
pub mod if_conversion;
pub mod inlining;
pub mod jump_tables;
pub mod packing;
pub mod ranges;
pub mod short_lists;
pub mod stepping;
pub mod unrolling;
pub mod wires;
pub mod word_recovery;

use crate::options::Options;

/// An optimisation that can be left out.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    pub name: &'static str,
    /// What it does, in a few words.
    pub about: &'static str,
    pub leave_out: fn(&mut Options),
}

/// Of the plan: see `in_place.rs`, `near_readers.rs` and `copies.rs` in `pyhdl-sim/src/cycle`.
const IN_PLACE: Pass = Pass {
    name: "in-place",
    about: "registers change at once where all readers have run",
    leave_out: |options| options.plan.in_place = false,
};
const NEAR_READERS: Pass = Pass {
    name: "near-readers",
    about: "combinational processes run just before those that read what they drive",
    leave_out: |options| options.plan.near_readers = false,
};
const COPIES: Pass = Pass {
    name: "copies",
    about: "waves look at a signal and its copies only once",
    leave_out: |options| options.plan.copies = false,
};

/// All passes, those of the plan first.
pub const PASSES: [Pass; 18] = [
    IN_PLACE,
    NEAR_READERS,
    COPIES,
    inlining::PASS,
    wires::PASS,
    dead_stores::PASS,
    deferral::PASS,
    grouping::PASS,
    packing::PASS,
    if_conversion::PASS,
    jump_tables::PASS,
    ranges::PASS,
    word_recovery::PASS,
    unrolling::PASS,
    short_lists::PASS,
    stepping::PASS,
    crate::code::OPTIMIZER,
    crate::cache::CACHE,
];
