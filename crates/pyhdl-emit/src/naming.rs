//! Legal names: the author's where the language allows them, renamed minimally and always in the same way where not.
//!
//! A name that is a keyword, or that another name has already taken, gets a number: `reg_1`, `count_2`. Characters
//! that the language does not know become `x`; in VHDL, underscores at the ends and double underscores go as well.

use std::collections::{HashMap, HashSet};

use crate::{Language, RenameReason};

/// The names of one declarative region.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    language: Language,
    /// As the language compares them: lower case in VHDL.
    taken: HashSet<String>,
    /// The next number to try for a name, so that a thousand equal names do not try a thousand numbers each.
    next: HashMap<String, u64>,
}

impl Names {
    pub fn new(language: Language) -> Names {
        Names { language, taken: HashSet::new(), next: HashMap::new() }
    }

    /// A legal name for `wanted` that nothing else has yet, and takes it.
    pub fn take(&mut self, wanted: &str) -> String {
        self.take_unless(wanted, |_| false)
    }

    /// A legal name for `wanted` that nothing in this region or in the one around it has yet, and takes it here.
    pub fn take_inside(&mut self, wanted: &str, around: &Names) -> String {
        self.take_unless(wanted, |key| around.taken.contains(key))
    }

    /// Whether something has this name already.
    pub fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(&self.key(name))
    }

    fn take_unless(&mut self, wanted: &str, taken_around: impl Fn(&str) -> bool) -> String {
        let base = legal(wanted, self.language);
        let key = self.key(&base);
        if !is_keyword(&base, self.language) && !taken_around(&key) && self.taken.insert(key.clone()) {
            return base;
        }
        let mut number = self.next.get(&key).copied().unwrap_or(1);
        loop {
            let name = format!("{base}_{number}");
            let numbered = self.key(&name);
            number += 1;
            if !is_keyword(&name, self.language) && !taken_around(&numbered) && self.taken.insert(numbered) {
                self.next.insert(key, number);
                return name;
            }
        }
    }

    fn key(&self, name: &str) -> String {
        match self.language {
            Language::Verilog => name.to_owned(),
            Language::Vhdl => name.to_ascii_lowercase(),
        }
    }
}

/// Why a name was not taken as it is.
pub(crate) fn reason(name: &str, language: Language) -> RenameReason {
    if is_keyword(name, language) {
        RenameReason::Keyword
    } else if name.starts_with('_') {
        RenameReason::LeadingUnderscore
    } else if name.contains("__") {
        RenameReason::DoubleUnderscore
    } else {
        RenameReason::Taken
    }
}

fn legal(wanted: &str, language: Language) -> String {
    let mut name = String::new();
    for c in wanted.chars() {
        let c = if c.is_ascii_alphanumeric() || c == '_' { c } else { 'x' };
        if language == Language::Vhdl && c == '_' && (name.is_empty() || name.ends_with('_')) {
            continue;
        }
        name.push(c);
    }
    if language == Language::Vhdl {
        while name.ends_with('_') {
            name.pop();
        }
    }
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || is_helper(&name) {
        name.insert(0, 'x');
    }
    name
}

/// Whether a name is reserved in the language (for Verilog, in SystemVerilog as well, so that tools in either mode
/// take the file).
pub(crate) fn is_keyword(name: &str, language: Language) -> bool {
    match language {
        Language::Verilog => VERILOG.contains(&name),
        Language::Vhdl => VHDL.contains(&name.to_ascii_lowercase().as_str()),
    }
}

/// How the names of the helper functions that the printers add begin; a digit follows. Nothing else has such a name.
pub(crate) const HELPERS: &[&str] =
    &["bits_", "extend_", "floor_div_", "floor_mod_", "minimum_", "maximum_", "absolute_"];

fn is_helper(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    HELPERS
        .iter()
        .any(|h| name.strip_prefix(h).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
}

const VERILOG: &[&str] = &[
    "accept_on",
    "alias",
    "always",
    "always_comb",
    "always_ff",
    "always_latch",
    "and",
    "assert",
    "assign",
    "assume",
    "automatic",
    "before",
    "begin",
    "bind",
    "bins",
    "binsof",
    "bit",
    "break",
    "buf",
    "bufif0",
    "bufif1",
    "byte",
    "case",
    "casex",
    "casez",
    "cell",
    "chandle",
    "checker",
    "class",
    "clocking",
    "cmos",
    "config",
    "const",
    "constraint",
    "context",
    "continue",
    "cover",
    "covergroup",
    "coverpoint",
    "cross",
    "deassign",
    "default",
    "defparam",
    "design",
    "disable",
    "dist",
    "do",
    "edge",
    "else",
    "end",
    "endcase",
    "endchecker",
    "endclass",
    "endclocking",
    "endconfig",
    "endfunction",
    "endgenerate",
    "endgroup",
    "endinterface",
    "endmodule",
    "endpackage",
    "endprimitive",
    "endprogram",
    "endproperty",
    "endsequence",
    "endspecify",
    "endtable",
    "endtask",
    "enum",
    "event",
    "eventually",
    "expect",
    "export",
    "extends",
    "extern",
    "final",
    "first_match",
    "for",
    "force",
    "foreach",
    "forever",
    "fork",
    "forkjoin",
    "function",
    "generate",
    "genvar",
    "global",
    "highz0",
    "highz1",
    "if",
    "iff",
    "ifnone",
    "ignore_bins",
    "illegal_bins",
    "implements",
    "implies",
    "import",
    "incdir",
    "include",
    "initial",
    "inout",
    "input",
    "inside",
    "instance",
    "int",
    "integer",
    "interconnect",
    "interface",
    "intersect",
    "join",
    "join_any",
    "join_none",
    "large",
    "let",
    "liblist",
    "library",
    "local",
    "localparam",
    "logic",
    "longint",
    "macromodule",
    "mailbox",
    "matches",
    "medium",
    "modport",
    "module",
    "nand",
    "negedge",
    "nettype",
    "new",
    "nexttime",
    "nmos",
    "nor",
    "noshowcancelled",
    "not",
    "notif0",
    "notif1",
    "null",
    "or",
    "output",
    "package",
    "packed",
    "parameter",
    "pmos",
    "posedge",
    "primitive",
    "priority",
    "process",
    "program",
    "property",
    "protected",
    "pull0",
    "pull1",
    "pulldown",
    "pullup",
    "pulsestyle_ondetect",
    "pulsestyle_onevent",
    "pure",
    "rand",
    "randc",
    "randcase",
    "randsequence",
    "rcmos",
    "real",
    "realtime",
    "ref",
    "reg",
    "reject_on",
    "release",
    "repeat",
    "restrict",
    "return",
    "rnmos",
    "rpmos",
    "rtran",
    "rtranif0",
    "rtranif1",
    "s_always",
    "s_eventually",
    "s_nexttime",
    "s_until",
    "s_until_with",
    "scalared",
    "semaphore",
    "sequence",
    "shortint",
    "shortreal",
    "showcancelled",
    "signed",
    "small",
    "soft",
    "solve",
    "specify",
    "specparam",
    "static",
    "string",
    "strong",
    "strong0",
    "strong1",
    "struct",
    "super",
    "supply0",
    "supply1",
    "sync_accept_on",
    "sync_reject_on",
    "table",
    "tagged",
    "task",
    "this",
    "throughout",
    "time",
    "timeprecision",
    "timeunit",
    "tran",
    "tranif0",
    "tranif1",
    "tri",
    "tri0",
    "tri1",
    "triand",
    "trior",
    "trireg",
    "type",
    "typedef",
    "union",
    "unique",
    "unique0",
    "unsigned",
    "until",
    "until_with",
    "untyped",
    "use",
    "uwire",
    "var",
    "vectored",
    "virtual",
    "void",
    "wait",
    "wait_order",
    "wand",
    "weak",
    "weak0",
    "weak1",
    "while",
    "wildcard",
    "wire",
    "with",
    "within",
    "wor",
    "xnor",
    "xor",
];

const VHDL: &[&str] = &[
    "abs",
    "access",
    "after",
    "alias",
    "all",
    "and",
    "architecture",
    "array",
    "assert",
    "assume",
    "assume_guarantee",
    "attribute",
    "begin",
    "bit",
    "block",
    "body",
    "boolean",
    "buffer",
    "bus",
    "case",
    "character",
    "component",
    "configuration",
    "constant",
    "context",
    "cover",
    "default",
    "disconnect",
    "downto",
    "else",
    // No keyword, but readers take it for one.
    "elseif",
    "elsif",
    "end",
    "entity",
    "exit",
    "fairness",
    "false",
    "file",
    "falling_edge",
    "for",
    "force",
    "function",
    "generate",
    "generic",
    "group",
    "guarded",
    "if",
    "impure",
    "in",
    "inertial",
    "inout",
    "integer",
    "is",
    "label",
    "library",
    "line",
    "linkage",
    "literal",
    "loop",
    "map",
    "maximum",
    "minimum",
    "mod",
    "nand",
    "natural",
    "new",
    "next",
    "nor",
    "not",
    "null",
    "of",
    "on",
    "open",
    "or",
    "others",
    "out",
    "output",
    "package",
    "parameter",
    "port",
    "positive",
    "postponed",
    "procedure",
    "process",
    "property",
    "protected",
    "pure",
    "range",
    "real",
    "record",
    "register",
    "reject",
    "release",
    "rem",
    "report",
    "resize",
    "restrict",
    "restrict_guarantee",
    "return",
    "rising_edge",
    "rol",
    "ror",
    "select",
    "sequence",
    "severity",
    "shared",
    "shift_left",
    "shift_right",
    "signal",
    "signed",
    "sla",
    "sll",
    "sra",
    "srl",
    "std_logic",
    "std_logic_vector",
    "string",
    "strong",
    "subtype",
    "then",
    "time",
    "to",
    "to_integer",
    "to_signed",
    "to_unsigned",
    "transport",
    "true",
    "type",
    "unaffected",
    "units",
    "unsigned",
    "until",
    "use",
    "variable",
    "view",
    "vmode",
    "vprop",
    "vunit",
    "wait",
    "when",
    "while",
    "with",
    "xnor",
    "xor",
    "ieee",
    "std",
    "now",
    // Not keywords, but names that the printed text relies on.
    "ht",
    "lf",
    "natural",
    "std_ulogic",
    "work",
    "write",
    "writeline",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_and_taken_names_get_numbers() {
        let mut names = Names::new(Language::Verilog);
        assert_eq!(names.take("reg"), "reg_1");
        assert_eq!(names.take("count"), "count");
        assert_eq!(names.take("count"), "count_1");
        assert_eq!(names.take("Count"), "Count");
    }

    #[test]
    fn vhdl_compares_without_case_and_knows_no_outer_underscores() {
        let mut names = Names::new(Language::Vhdl);
        assert_eq!(names.take("_a__b_"), "a_b");
        assert_eq!(names.take("A_B"), "A_B_1");
        assert_eq!(names.take("Signal"), "Signal_1");
        assert_eq!(names.take("größe"), "grxxe");
    }

    #[test]
    fn a_name_inside_avoids_those_around() {
        let mut around = Names::new(Language::Vhdl);
        around.take("total");
        let mut inside = Names::new(Language::Vhdl);
        assert_eq!(inside.take_inside("Total", &around), "Total_1");
        assert_eq!(inside.take_inside("sum", &around), "sum");
    }

    #[test]
    fn helper_names_are_nobodys() {
        let mut names = Names::new(Language::Verilog);
        assert_eq!(names.take("bits_7_0_of_9"), "xbits_7_0_of_9");
        assert_eq!(names.take("bits_in"), "bits_in");
    }
}
