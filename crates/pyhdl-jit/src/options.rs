//! [`Options`]: what the code generator may do, and by which names its passes are left out.

use pyhdl_sim::cycle::PlanOptions;

use crate::passes::PASSES;

/// What the code generator may do. All of these change only how fast the code is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Options {
    /// Of the plan, which is made beforehand.
    pub plan: PlanOptions,
    /// Values of combinational signals stay in registers within a function.
    pub wires: bool,
    /// Signals that nobody reads from memory are not stored.
    pub dead_stores: bool,
    /// Neighbours with the same reset or enable share its branch.
    pub grouping: bool,
    /// Long choices by the value of one expression are jumps by a table.
    pub jump_tables: bool,
    /// Short `if`s become selections.
    pub if_conversion: bool,
    /// Bounds are checked only where the range does not prove them.
    pub checks_by_range: bool,
    /// Cost up to which a value is computed that may not be needed.
    pub speculation: u32,
    /// Loops over bits become operations on words.
    pub word_recovery: bool,
    /// Statements that an unrolled loop may have.
    pub unrolling: u32,
    /// Statements of a function.
    pub function_size: usize,
    /// Statements of a design that is one function as a whole.
    pub design_size: usize,
    /// Wires of one short expression are computed where they are read, and loads done where they are needed.
    pub deferral: bool,
    /// Registers that change alike are computed together, in vectors.
    pub packing: bool,
    /// Lists of so many bytes are copied as a whole when they change.
    pub short_lists: u32,
    /// Times and clocks stay in registers from one time step to the next, which ends early where nobody wakes.
    pub stepping: bool,
    /// The code generator's own optimisations.
    pub optimize: bool,
    /// Code is kept on disk for the next run.
    pub cache: bool,
    /// The code notes which statement it is at.
    pub profile: bool,
    /// Makes no code for some of the processes, to see how the others get on beside them.
    pub some_processes_only: bool,
    /// Rounds of loops of one activation after which a process counts as never waiting.
    pub loop_limit: u64,
}

/// What leaves out the code of some processes; no optimisation.
pub const LEFT_OUT: &str = "some-processes";

/// About so many processes have no code then.
const PROCESSES_LEFT_OUT: usize = 4;

impl Options {
    /// Whether a process of so many is to have code.
    pub(crate) fn has_code(&self, process: pyhdl_ir::ProcessId, of: usize) -> bool {
        let stride = of.div_ceil(PROCESSES_LEFT_OUT).max(1);
        !self.some_processes_only || process.index() % stride != stride / 2
    }

    /// Leaves a pass out; false where there is none of that name.
    pub fn leave_out(&mut self, pass: &str) -> bool {
        if pass == LEFT_OUT {
            self.some_processes_only = true;
            return true;
        }
        let known = PASSES.iter().find(|known| known.name == pass);
        if let Some(known) = known {
            (known.leave_out)(self);
        }
        known.is_some()
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            plan: PlanOptions::default(),
            wires: true,
            dead_stores: true,
            grouping: true,
            jump_tables: true,
            if_conversion: true,
            checks_by_range: true,
            speculation: 12,
            word_recovery: true,
            unrolling: 256,
            function_size: 1000,
            design_size: 1500,
            deferral: true,
            packing: true,
            short_lists: 128,
            stepping: true,
            optimize: true,
            cache: true,
            profile: false,
            some_processes_only: false,
            loop_limit: 50_000_000,
        }
    }
}
