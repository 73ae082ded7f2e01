//! The harnesses: what the templates in `sim/` are filled with.

use askama::Template;

use crate::{FlowError, PortSpec, Replay, VhdlPort};

/// A port and the name that the harness gives to what is connected to it. The harness's names all start with
/// `pyhdl_`, whatever the design's names are.
pub(crate) struct HarnessPort<'a> {
    pub id: String,
    pub port: &'a PortSpec,
    /// For an input: its lowest bit in the concatenation of all inputs.
    low: u32,
    /// For a port of an enum type: that type's place in [`Ports::enums`].
    enum_id: String,
    enum_type: String,
    /// For an input: its bits in the first line of the stimulus.
    first: String,
}

impl HarnessPort<'_> {
    fn vhdl_type(&self) -> String {
        let high = self.port.width.saturating_sub(1);
        match &self.port.vhdl {
            VhdlPort::StdLogic => "std_logic".to_owned(),
            VhdlPort::Unsigned => format!("unsigned({high} downto 0)"),
            VhdlPort::Signed => format!("signed({high} downto 0)"),
            VhdlPort::Enum { .. } => self.enum_type.clone(),
        }
    }

    /// The first value of an input as a literal.
    fn verilog_first(&self) -> String {
        format!("{}'b{}", self.port.width, self.first)
    }

    /// The first value of an input as an expression.
    fn vhdl_first(&self) -> String {
        let bits = self.first.to_ascii_uppercase();
        match &self.port.vhdl {
            VhdlPort::StdLogic => format!("'{bits}'"),
            VhdlPort::Unsigned | VhdlPort::Signed => format!("\"{bits}\""),
            VhdlPort::Enum { .. } => format!("{}_value(\"{bits}\")", self.enum_id),
        }
    }

    /// The port's value, taken from the variable `bits`.
    fn vhdl_from_bits(&self) -> String {
        let low = self.low;
        let slice = format!("bits({} downto {low})", low + self.port.width.saturating_sub(1));
        match &self.port.vhdl {
            VhdlPort::StdLogic => format!("bits({low})"),
            VhdlPort::Unsigned => format!("unsigned({slice})"),
            VhdlPort::Signed => format!("signed({slice})"),
            VhdlPort::Enum { .. } => format!("{}_value({slice})", self.enum_id),
        }
    }

    /// The port's value as something that can be written to a line.
    fn vhdl_to_bits(&self) -> String {
        match &self.port.vhdl {
            VhdlPort::StdLogic => self.id.clone(),
            VhdlPort::Unsigned | VhdlPort::Signed => format!("std_logic_vector({})", self.id),
            VhdlPort::Enum { .. } => format!("{}_code({})", self.enum_id, self.id),
        }
    }
}

/// A VHDL enumeration type that at least one port has.
pub(crate) struct HarnessEnum {
    pub id: String,
    /// The name with its package.
    pub type_name: String,
    pub width: u32,
    pub items: Vec<EnumItem>,
}

pub(crate) struct EnumItem {
    pub literal: String,
    pub code: String,
}

/// The ports of a replay as the templates see them.
pub(crate) struct Ports<'a> {
    pub top: &'a str,
    pub ports: Vec<HarnessPort<'a>>,
    pub enums: Vec<HarnessEnum>,
    /// Bits of one line of stimulus; 1 where there are no inputs, as HDL has no vectors of no bits.
    pub input_bits: u32,
}

impl<'a> Ports<'a> {
    /// `first` is the first line of the stimulus: the bits of all inputs.
    pub fn new(replay: &Replay<'a>, first: &str) -> Result<Self, FlowError> {
        let total: u32 = replay.ports.iter().filter(|p| p.input).map(|p| p.width).sum();
        let mut low = total;
        let mut enums: Vec<(&VhdlPort, HarnessEnum)> = Vec::new();
        let mut ports = Vec::new();
        let (mut inputs, mut outputs) = (0, 0);
        for port in replay.ports {
            check(port)?;
            let mut first_bits = String::new();
            let id = if port.input {
                let start = (total - low) as usize;
                first_bits = first[start..start + port.width as usize].to_owned();
                low -= port.width;
                inputs += 1;
                format!("pyhdl_i{}", inputs - 1)
            } else {
                outputs += 1;
                format!("pyhdl_o{}", outputs - 1)
            };
            let (mut enum_id, mut enum_type) = (String::new(), String::new());
            if let VhdlPort::Enum { type_name, literals, codes } = &port.vhdl {
                // Types of a design are few, so looking through all is fast enough.
                let known = enums.iter().position(|(vhdl, _)| **vhdl == port.vhdl);
                let index = known.unwrap_or(enums.len());
                if known.is_none() {
                    let prefix = replay.package.map(|p| format!("work.{p}.")).unwrap_or_default();
                    let item = |(literal, code): (&String, &String)| EnumItem {
                        literal: format!("{prefix}{literal}"),
                        code: code.clone(),
                    };
                    enums.push((
                        &port.vhdl,
                        HarnessEnum {
                            id: format!("pyhdl_enum{index}"),
                            type_name: format!("{prefix}{type_name}"),
                            width: port.width,
                            items: literals.iter().zip(codes).map(item).collect(),
                        },
                    ));
                }
                (enum_id, enum_type) = (enums[index].1.id.clone(), enums[index].1.type_name.clone());
            }
            ports.push(HarnessPort { id, port, low, enum_id, enum_type, first: first_bits });
        }
        Ok(Ports {
            top: replay.top,
            ports,
            enums: enums.into_iter().map(|(_, e)| e).collect(),
            input_bits: total.max(1),
        })
    }

    /// The text of the harness for Icarus Verilog.
    pub fn icarus(&self) -> Result<String, FlowError> {
        let (inputs, outputs) = self.directions();
        text(&Icarus { top: self.top, ports: &self.ports, inputs, outputs, input_bits: self.input_bits })
    }

    /// The texts of the Verilog and of the C++ part of the harness for Verilator.
    pub fn verilator(&self) -> Result<(String, String), FlowError> {
        let (inputs, outputs) = self.directions();
        let verilog = text(&VerilatorPorts { top: self.top, ports: &self.ports })?;
        Ok((verilog, text(&VerilatorMain { inputs, outputs, input_bits: self.input_bits })?))
    }

    /// The text of the harness for GHDL.
    pub fn ghdl(&self) -> Result<String, FlowError> {
        let (inputs, outputs) = self.directions();
        text(&Ghdl {
            top: self.top,
            ports: &self.ports,
            inputs,
            outputs,
            enums: &self.enums,
            input_bits: self.input_bits,
        })
    }

    /// The enumeration type of a port.
    pub fn enumeration(&self, port: usize) -> Option<&HarnessEnum> {
        let id = &self.ports.get(port)?.enum_id;
        self.enums.iter().find(|e| e.id == *id)
    }

    fn directions(&self) -> (Vec<&HarnessPort<'a>>, Vec<&HarnessPort<'a>>) {
        self.ports.iter().partition(|p| p.port.input)
    }
}

/// Refuses a port that contradicts itself.
fn check(port: &PortSpec) -> Result<(), FlowError> {
    let refuse = |why: &str| Err(FlowError::BadReplay(format!("port {} {why}", port.name)));
    if port.width == 0 {
        return refuse("has no bits");
    }
    match &port.vhdl {
        VhdlPort::StdLogic if port.width != 1 => refuse("is std_logic and has more than one bit"),
        VhdlPort::Enum { literals, codes, .. }
            if literals.len() != codes.len()
                || codes.iter().any(|c| c.len() != port.width as usize)
                || codes.iter().any(|c| c.bytes().any(|b| !matches!(b, b'0' | b'1'))) =>
        {
            refuse("has an enum type without one bit string of the port's width for each literal")
        }
        _ => Ok(()),
    }
}

pub(crate) fn text(template: &impl Template) -> Result<String, FlowError> {
    template.render().map_err(|e| FlowError::BadReplay(format!("the harness cannot be written: {e}")))
}

#[derive(Template)]
#[template(path = "icarus/harness.v", escape = "none")]
struct Icarus<'a> {
    top: &'a str,
    ports: &'a [HarnessPort<'a>],
    inputs: Vec<&'a HarnessPort<'a>>,
    outputs: Vec<&'a HarnessPort<'a>>,
    input_bits: u32,
}

#[derive(Template)]
#[template(path = "verilator/ports.v", escape = "none")]
struct VerilatorPorts<'a> {
    top: &'a str,
    ports: &'a [HarnessPort<'a>],
}

#[derive(Template)]
#[template(path = "verilator/harness.cpp", escape = "none")]
struct VerilatorMain<'a> {
    inputs: Vec<&'a HarnessPort<'a>>,
    outputs: Vec<&'a HarnessPort<'a>>,
    input_bits: u32,
}

#[derive(Template)]
#[template(path = "ghdl/harness.vhd", escape = "none")]
struct Ghdl<'a> {
    top: &'a str,
    ports: &'a [HarnessPort<'a>],
    inputs: Vec<&'a HarnessPort<'a>>,
    outputs: Vec<&'a HarnessPort<'a>>,
    enums: &'a [HarnessEnum],
    input_bits: u32,
}
