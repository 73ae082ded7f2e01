//! Matches: a list with next values, all of which have few bytes together.
//!
//! Legal because elements that were not assigned have next values that are their current ones: to copy them changes
//! nothing.
//!
//! Pays because a copy of a few vectors costs less than a note of each element that changes, and a call that goes through
//! the notes.
//!
//! Left out as `short-lists`.

use super::Pass;
use crate::Options;
use crate::layout::Shape;

pub const PASS: Pass = Pass {
    name: "short-lists",
    about: "short lists that change are copied as a whole",
    leave_out: |options| options.short_lists = 0,
};

/// Whether a list is copied as a whole.
pub fn is_short(shape: Shape, length: u32, options: &Options) -> bool {
    shape.bytes * length <= options.short_lists
}
