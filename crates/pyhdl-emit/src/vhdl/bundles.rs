//! Records and arrays at ports.

use pyhdl_ir::{Direction, MemoryId, SignalId};

use super::{ArchitecturePrinter, type_name};
use crate::bundles::{Bundle, Bundles, Form};
use crate::enums::Enums;
use crate::lines::Lines;
use crate::members::{Bundled, Members};
use crate::vector::Shape;

/// The types of all bundles, for the package.
pub(super) fn declarations(bundles: &Bundles, enums: &Enums, out: &mut Lines) {
    for (name, form) in bundles.types() {
        match form {
            Form::Record(fields) => {
                let width = fields.iter().map(|(field, _)| field.len()).max().unwrap_or(0);
                out.open(format!("type {name} is record"));
                for (field, shape) in fields {
                    out.line(format!("{field:<width$} : {};", type_name(*shape, enums)));
                }
                out.close(format!("end record {name};"));
            }
            Form::Array(dimensions, shape) => {
                let ranges: Vec<String> =
                    dimensions.iter().map(|length| format!("0 to {}", length - 1)).collect();
                let element = type_name(*shape, enums);
                out.line(format!("type {name} is array ({}) of {element};", ranges.join(", ")));
            }
        }
    }
}

impl ArchitecturePrinter<'_> {
    /// How a bundle at a port is declared behind its name: the direction, the type and the value at power-up.
    pub(super) fn bundle_port(&self, bundle: &Bundled) -> String {
        let (ty, _) = &self.plan.bundles.types()[bundle.ty];
        match bundle.direction {
            Some(Direction::In) => format!("in  {ty}"),
            _ => format!("out {ty}{}", self.bundle_value(bundle)),
        }
    }

    /// The bundles that are declared inside.
    pub(super) fn inner_bundles(&self, out: &mut Lines) {
        for bundle in self.module.bundles.iter().filter(|b| b.direction.is_none()) {
            let (ty, _) = &self.plan.bundles.types()[bundle.ty];
            out.place(Some(self.plan.design.signals[bundle.members[0]].span));
            out.line(format!("signal {} : {ty}{};", bundle.name, self.bundle_value(bundle)));
        }
    }

    /// ` := value`, where all members are declared with one.
    fn bundle_value(&self, bundle: &Bundled) -> String {
        let value = |signal: &SignalId| {
            let shape = Shape::of_storage(&self.plan.design.signals[*signal].ty)?;
            self.initially(*signal, shape).strip_prefix(" := ").map(str::to_owned)
        };
        let Some(values) = bundle.members.iter().map(value).collect::<Option<Vec<String>>>() else {
            return String::new();
        };
        let alike = values.iter().all(|value| *value == values[0]);
        match &self.plan.bundles.types()[bundle.ty].1 {
            Form::Array(dimensions, _) if alike => {
                let others =
                    dimensions.iter().fold(values[0].clone(), |inner, _| format!("(others => {inner})"));
                format!(" := {others}")
            }
            form => format!(" := {}", aggregate(form, &values)),
        }
    }

    /// The bundle at a port whose elements a memory has inside.
    pub(super) fn bundle_of(&self, memory: MemoryId) -> Option<&Bundled> {
        let of_scope = self.plan.arrays.at_ports(self.module.scope);
        let (_, index) = of_scope.into_iter().find(|(of, _)| *of == memory)?;
        Some(&self.module.bundles[index])
    }

    /// The bundles at outputs whose members are signals of their own.
    pub(super) fn given_bundles(&self) -> String {
        let mut out = Lines::at(1);
        let arrays = self.plan.arrays.at_ports(self.module.scope);
        for (index, bundle) in self.module.bundles.iter().enumerate() {
            if bundle.members_are != Members::Given {
                continue;
            }
            if let Some((memory, _)) = arrays.iter().find(|(_, of)| *of == index) {
                out.line(format!("{} <= {};", bundle.name, self.module.memory_names[memory]));
                continue;
            }
            let names: Vec<String> =
                bundle.members.iter().map(|m| self.module.signal_names[m].clone()).collect();
            let form = &self.plan.bundles.types()[bundle.ty].1;
            out.line(format!("{} <= {};", bundle.name, aggregate(form, &names)));
        }
        out.into_text()
    }

    /// What an instance's bundle is connected to: as a whole, or each member by itself.
    pub(super) fn bundle_connections(&self, bundle: &Bundle, port: &str) -> Vec<(String, String)> {
        if let Some(whole) = self.module.whole(bundle) {
            return vec![(port.to_owned(), whole.name.clone())];
        }
        let form = &self.plan.bundles.types()[bundle.ty].1;
        let connection = |(position, member): (usize, &SignalId)| {
            (format!("{port}{}", form.access(position)), self.module.signal_names[member].clone())
        };
        bundle.members.iter().enumerate().map(connection).collect()
    }
}

/// The value of a bundle from those of its members.
fn aggregate(form: &Form, values: &[String]) -> String {
    let parts: Vec<String> = match form {
        Form::Record(fields) => {
            fields.iter().zip(values).map(|((field, _), value)| format!("{field} => {value}")).collect()
        }
        Form::Array(dimensions, _) => return array(dimensions, values),
    };
    format!("({})", parts.join(", "))
}

fn array(dimensions: &[u32], values: &[String]) -> String {
    let Some((length, inner)) = dimensions.split_first() else {
        return values.first().cloned().unwrap_or_default();
    };
    let step = values.len() / *length as usize;
    let parts: Vec<String> = values
        .chunks(step.max(1))
        .enumerate()
        .map(|(index, part)| format!("{index} => {}", array(inner, part)))
        .collect();
    format!("({})", parts.join(", "))
}
