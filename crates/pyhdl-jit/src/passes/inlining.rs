//! Matches: a design with few statements.
//!
//! Legal because a function runs its processes in the order in which it would be called; it is only put where the call
//! was.
//!
//! Pays for small designs: wires and clocks stay in registers across what would be calls. Large functions take the code
//! generator longer than small ones, statement by statement.
//!
//! Left out as `inlining`.

use pyhdl_ir::{Design, ProcessId};

use super::Pass;
use crate::Options;
use crate::division::weight;

pub const PASS: Pass = Pass {
    name: "inlining",
    about: "small designs are one function",
    leave_out: |options| options.design_size = 0,
};

/// Whether all of the processes are put in one function; some of them may run several times in a step.
pub fn is_one_function<'p>(
    design: &Design,
    processes: impl Iterator<Item = &'p ProcessId>,
    options: &Options,
) -> bool {
    processes.map(|id| weight(design, *id)).sum::<usize>() <= options.design_size
}
