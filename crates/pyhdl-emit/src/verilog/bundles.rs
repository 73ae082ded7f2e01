//! Structures at the ports of SystemVerilog modules, and lists as vectors: no form of an array at a port is one that
//! all tools take. Element 0 is the lowest.

use pyhdl_ir::{Design, SignalId};

use super::ModulePrinter;
use super::declare::{range, wire};
use crate::bundles::{Bundle, Bundles, Form};
use crate::enums::Enums;
use crate::lines::Lines;
use crate::members::{Bundled, Members};
use crate::plan::Driver;
use crate::vector::{Shape, Vector};

/// Lines of connections are not longer than this if they can be broken.
const WIDTH: usize = 100;

/// The types of all structures.
pub(super) fn declarations(design: &Design, bundles: &Bundles, enums: &Enums, out: &mut Lines) {
    let mut first = enums.is_empty();
    for (name, form) in bundles.types() {
        let Form::Record(fields) = form else { continue };
        if !std::mem::take(&mut first) {
            out.line("");
        }
        out.open("typedef struct packed {");
        for (field, shape) in fields {
            let ty = match shape {
                Shape::Enum(id) if enums.contains(*id) => format!("{} ", enums.type_name(*id)),
                _ => format!("logic {}", range(*shape, design)),
            };
            out.line(format!("{ty}{field};"));
        }
        out.close(format!("}} {name};"));
    }
}

impl ModulePrinter<'_> {
    /// What stands in front of the name of a bundle at a port, behind its direction, and of one inside.
    pub(super) fn bundle_type(&self, bundle: &Bundled) -> String {
        let (name, form) = &self.plan.bundles.types()[bundle.ty];
        match form {
            Form::Record(_) => format!("{} ", self.plan.seen(name)),
            Form::Array(_, shape) => {
                let width = shape.vector(self.plan.design).width * bundle.members.len() as u32;
                wire(self.plan, &self.module, Shape::Bits(Vector::unsigned(width)))
            }
        }
    }

    /// The structures that are declared inside, and the arrays that are taken from ports.
    pub(super) fn inner_bundles(&self, out: &mut Lines) {
        for (memory, index) in self.plan.arrays.at_ports(self.module.scope) {
            let bundle = &self.module.bundles[index];
            if let (Members::Taken, Form::Array(_, shape)) =
                (bundle.members_are, &self.plan.bundles.types()[bundle.ty].1)
            {
                let name = &self.module.memory_names[&memory];
                out.line(format!("{}{name} [0:{}];", self.net(*shape), bundle.members.len() - 1));
            }
        }
        for bundle in self.module.bundles.iter().filter(|b| b.direction.is_none()) {
            out.place(Some(self.plan.design.signals[bundle.members[0]].span));
            out.line(format!("{}{};", self.bundle_type(bundle), bundle.name));
        }
    }

    /// The assignments between bundles and members that are signals of their own.
    pub(super) fn bundle_assigns(&self) -> String {
        let mut out = Lines::at(1);
        for bundle in &self.module.bundles {
            let name = &bundle.name;
            if bundle.members_are == Members::Given {
                let members = self.in_vector_order(bundle.ty, &bundle.members);
                concatenated(&mut out, &format!("assign {name} = "), &members, ";");
                continue;
            }
            let own = |signal: &SignalId| {
                self.module
                    .signal_names
                    .get(signal)
                    .filter(|_| self.module.driver(*signal) == Driver::Assignment)
            };
            let form = &self.plan.bundles.types()[bundle.ty].1;
            match form {
                Form::Array(..)
                    if bundle.members.iter().all(|m| self.module.signal_names.contains_key(m)) =>
                {
                    let members = self.in_vector_order(bundle.ty, &bundle.members);
                    concatenated(&mut out, "assign ", &members, &format!(" = {name};"));
                }
                Form::Array(_, shape) => {
                    for (index, member) in (0u32..).zip(&bundle.members) {
                        if let Some(own) = own(member) {
                            out.line(format!("assign {own} = {name}[{}];", self.place_in(*shape, index)));
                        }
                    }
                }
                Form::Record(_) => {
                    for (position, member) in bundle.members.iter().enumerate() {
                        if let Some(own) = own(member) {
                            out.line(format!("assign {own} = {name}{};", form.access(position)));
                        }
                    }
                }
            }
        }
        out.into_text()
    }

    /// Where in its vector an element of a list is.
    fn place_in(&self, shape: Shape, index: u32) -> String {
        let width = shape.vector(self.plan.design).width;
        match shape {
            Shape::Bool => index.to_string(),
            _ => format!("{}:{}", (index + 1) * width - 1, index * width),
        }
    }

    /// The connection of an instance's bundle, with what stands in front of and behind it.
    pub(super) fn bundle_connection(&self, bundle: &Bundle, before: &str, after: &str, out: &mut Lines) {
        match self.module.whole(bundle) {
            Some(whole) => out.line(format!("{before}{}{after}", whole.name)),
            None => {
                let members = self.in_vector_order(bundle.ty, &bundle.members);
                concatenated(out, before, &members, after);
            }
        }
    }

    /// The names of members, the highest first.
    fn in_vector_order(&self, ty: usize, members: &[SignalId]) -> Vec<&str> {
        let mut names: Vec<&str> =
            members.iter().map(|member| self.module.signal_names[member].as_str()).collect();
        if matches!(self.plan.bundles.types()[ty].1, Form::Array(..)) {
            names.reverse();
        }
        names
    }
}

/// `before{a, b, c}after`, on several lines where it is long.
fn concatenated(out: &mut Lines, before: &str, names: &[&str], after: &str) {
    let text = format!("{before}{{{}}}{after}", names.join(", "));
    if text.len() <= WIDTH {
        return out.line(text);
    }
    out.open(format!("{before}{{"));
    let mut line = String::new();
    for (i, name) in names.iter().enumerate() {
        if !line.is_empty() && line.len() + name.len() + 2 > WIDTH {
            out.line(line.trim_end());
            line.clear();
        }
        line.push_str(name);
        if i + 1 < names.len() {
            line.push_str(", ");
        }
    }
    out.line(line);
    out.close(format!("}}{after}"));
}
