//! The flat names under which a scope sees signals: interface members as `bus_data`, list elements as `taps_3`; and what
//! of them is one object or one list.

use std::collections::HashMap;

use pyhdl_ir::{Group, GroupKind, MemoryId, SignalId, Visible};

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

/// Appends the objects and lists of signals that `binding` brings into a scope as `name`. Objects inside an object
/// belong to it; in a list each object is one of its own.
pub(crate) fn groups(name: &str, binding: &Binding, found: &mut Vec<Group>) {
    find_groups(name, binding, found, 0);
}

fn find_groups(name: &str, binding: &Binding, found: &mut Vec<Group>, depth: usize) {
    if depth > MAX_NESTING {
        return;
    }
    match binding {
        Binding::List { elements, .. } | Binding::Tuple(elements) => {
            if let Some(dimensions) = dimensions(binding, depth) {
                found.extend(group(name, binding, GroupKind::List { dimensions }));
                return;
            }
            for (index, element) in elements.iter().enumerate() {
                find_groups(&format!("{name}_{index}"), element, found, depth + 1);
            }
        }
        Binding::Object { attributes, .. } if name == "self" => {
            for (attribute, value) in attributes {
                find_groups(attribute, value, found, depth + 1);
            }
        }
        Binding::Object { type_name, .. } => {
            found.extend(group(name, binding, GroupKind::Object { class: type_name.clone() }));
        }
        _ => {}
    }
}

/// The signals of `binding` as one group; `None` where there are none.
fn group(name: &str, binding: &Binding, kind: GroupKind) -> Option<Group> {
    let mut names = Vec::new();
    walk(name, binding, &HashMap::new(), &mut names, 0);
    let member = |(member, visible): (String, Visible)| match visible {
        Visible::Signal(signal) => Some((member.get(name.len() + 1..)?.to_owned(), signal)),
        Visible::Memory(_) => None,
    };
    let members: Vec<(String, SignalId)> = names.into_iter().filter_map(member).collect();
    (!members.is_empty()).then(|| Group { name: name.to_owned(), kind, members })
}

/// The lengths of a list of signals, or of lists of signals that have the same lengths.
fn dimensions(binding: &Binding, depth: usize) -> Option<Vec<u32>> {
    let (Binding::List { elements, .. } | Binding::Tuple(elements)) = binding else { return None };
    let length = u32::try_from(elements.len()).ok().filter(|_| depth <= MAX_NESTING)?;
    if elements.iter().all(|element| matches!(element, Binding::Signal(_))) {
        return (length > 0).then(|| vec![length]);
    }
    let (first, rest) = elements.split_first()?;
    let inner = dimensions(first, depth + 1)?;
    let same = rest.iter().all(|element| dimensions(element, depth + 1).as_ref() == Some(&inner));
    same.then(|| std::iter::once(length).chain(inner).collect())
}
