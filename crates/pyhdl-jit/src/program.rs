//! [`Program`]: a compiled design, without values.

use std::sync::Arc;

use pyhdl_ir::ProcessId;
use pyhdl_sim::cycle::Plan;

use crate::code::Code;
use crate::layout::Layout;
use crate::sites::Sites;

#[derive(Debug)]
pub struct Program {
    pub plan: Arc<Plan>,
    pub layout: Layout,
    pub sites: Sites,
    pub code: Code,
    /// Processes whose results are not all in memory, each behind those it reads from.
    pub stale: Vec<ProcessId>,
}
