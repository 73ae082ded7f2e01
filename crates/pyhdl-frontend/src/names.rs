//! The flat names under which a scope sees signals: interface members as `bus_data`, list elements as `taps_3`.

use std::collections::HashMap;

use pyhdl_ir::{MemoryId, SignalId, Visible};

use crate::Binding;
use crate::lowering::MemoryKey;

/// Nesting of lists and objects beyond this is not followed: an object may refer to itself.
const MAX_NESTING: usize = 8;

/// Appends the names that `binding` brings into a scope as `name`.
pub(crate) fn flatten(
    name: &str,
    binding: &Binding,
    memories: &HashMap<MemoryKey, MemoryId>,
    names: &mut Vec<(String, Visible)>,
) {
    walk(name, binding, memories, names, 0);
}

fn walk(
    name: &str,
    binding: &Binding,
    memories: &HashMap<MemoryKey, MemoryId>,
    names: &mut Vec<(String, Visible)>,
    depth: usize,
) {
    if depth > MAX_NESTING {
        return;
    }
    match binding {
        Binding::Signal(index) => {
            names.push((name.to_owned(), Visible::Signal(SignalId::from_usize(*index))))
        }
        Binding::List { identity, elements } => {
            if let Some(memory) = memories.get(&MemoryKey::List(*identity)) {
                names.push((name.to_owned(), Visible::Memory(*memory)));
            }
            for (index, element) in elements.iter().enumerate() {
                walk(&format!("{name}_{index}"), element, memories, names, depth + 1);
            }
        }
        Binding::Tuple(elements) => {
            for (index, element) in elements.iter().enumerate() {
                walk(&format!("{name}_{index}"), element, memories, names, depth + 1);
            }
        }
        Binding::Object { attributes, .. } => {
            for (attribute, value) in attributes {
                let joined = if name == "self" { attribute.clone() } else { format!("{name}_{attribute}") };
                walk(&joined, value, memories, names, depth + 1);
            }
        }
        _ => {}
    }
}
