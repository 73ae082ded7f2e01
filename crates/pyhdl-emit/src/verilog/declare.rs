//! How Verilog and SystemVerilog declare what has a type.

use pyhdl_diag::Span;
use pyhdl_ir::Design;

use crate::Language;
use crate::plan::{Module, Plan};
use crate::vector::*;

/// `signed [7:0] `, with a blank at the end; nothing for one bit.
pub(crate) fn range(shape: Shape, design: &Design) -> String {
    match shape {
        Shape::Bool => String::new(),
        _ => {
            let vector = shape.vector(design);
            format!("{}[{}:0] ", if vector.signed { "signed " } else { "" }, vector.width - 1)
        }
    }
}

/// What stands in front of a declaration or an item to say where it comes from: `(* src = "counter.py:12" *) `.
pub(super) fn attribute(plan: &Plan, span: Span) -> String {
    plan.src(span).map_or_else(String::new, |place| format!("(* src = \"{place}\" *) "))
}

/// What stands in front of the name of something that processes assign: `reg [7:0] `, `logic [7:0] `, `t_state `.
pub(super) fn variable(plan: &Plan, module: &Module, shape: Shape) -> String {
    match plan.language {
        Language::SystemVerilog => typed(plan, module, shape),
        _ => format!("reg {}", range(shape, plan.design)),
    }
}

/// What stands in front of the name of something with one driver that is no process.
pub(super) fn wire(plan: &Plan, module: &Module, shape: Shape) -> String {
    match plan.language {
        Language::SystemVerilog => typed(plan, module, shape),
        _ => format!("wire {}", range(shape, plan.design)),
    }
}

/// What stands in front of the name of a function's argument, behind its direction, or of a function.
pub(super) fn value(plan: &Plan, module: &Module, shape: Shape) -> String {
    match plan.language {
        Language::SystemVerilog => typed(plan, module, shape),
        _ => range(shape, plan.design),
    }
}

fn typed(plan: &Plan, module: &Module, shape: Shape) -> String {
    match shape {
        Shape::Enum(id) => match module.enum_names.get(&id) {
            Some(name) => format!("{name} "),
            None => format!("logic {}", range(shape, plan.design)),
        },
        _ => format!("logic {}", range(shape, plan.design)),
    }
}
