//! The printer.
use crate::storage::Arrays;
use crate::{EmitOptions, Emitted};
use pyhdl_diag::Diagnostics;
use pyhdl_ir::Design;
pub(crate) fn emit(_design: &Design, _: &Arrays, _options: &EmitOptions) -> Result<Emitted, Diagnostics> {
    Err(Vec::new())
}
