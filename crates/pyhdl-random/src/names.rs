//! Names that some output language does not take as they are: its own words, names that differ in case only, other
//! letters, underscores where none may be. None of them means anything to Python, MyHDL or the models.

use crate::choices::Choices;

/// For what a block contains: signals, memories, processes, instances.
pub const ITEMS: &[&str] = &[
    "begin",
    "end",
    "process",
    "reg",
    "wire",
    "module",
    "entity",
    "architecture",
    "Begin",
    "BEGIN",
    "logic",
    "assign",
    "buffer",
    "endmodule",
    "initial",
    "integer",
    "std_logic",
    "rising_edge",
    "_s",
    "s_",
    "s__t",
    "größe",
    "output",
    "input",
    "inout",
    "of",
    "map",
    "generate",
    "work",
    "ieee",
    "rtl",
    "bits_3_0_of_8",
    "extend_2_to_4",
    "CLK",
    "Clk",
    "floor_div_8",
    "resize",
    "to_unsigned",
    "idle",
    "Idle",
    "green",
    "run",
    "e0",
    "true",
    "FALSE",
];

/// For the variables of a process.
pub const LOCALS: &[&str] = &[
    "case",
    "type",
    "variable",
    "loop",
    "If",
    "While",
    "temp_",
    "_temp",
    "v__w",
    "Loop",
    "maß",
    "function",
    "procedure",
    "subtype",
    "shared",
    "Octet",
    "OCTET",
    "record",
    "select",
    "when",
    "others",
    "automatic",
    "byte",
    "shortint",
    "activation",
    "once",
    "returned",
    "broken",
    "Begin_",
    "natural",
    "Null",
    "report",
    "severity",
];

/// For the parameters of a block.
pub const PORTS: &[&str] = &[
    "Out", "In", "in_", "_in", "q__0", "A0", "Rst", "tri", "supply0", "unsigned", "downto", "to", "xor",
    "nand", "label", "literal", "guarded", "open", "port", "signed", "Signed", "ß",
];

/// Sometimes one of `list` that is not `used` yet, and uses it.
pub fn odd(c: &mut Choices, list: &'static [&'static str], used: &mut Vec<&'static str>) -> Option<String> {
    if !c.chance(15) {
        return None;
    }
    let name = list[c.below(list.len())];
    if used.contains(&name) {
        return None;
    }
    used.push(name);
    Some(name.to_owned())
}
