//! [`mutate`] and [`splice`]: changes of a text that leave much of it Python: whole lines and whole tokens are moved,
//! doubled, dropped and exchanged.

use fastrand::Rng;

/// Words that matter in hardware and may not be in the text.
const WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "if",
    "else",
    "in",
    "for",
    "while",
    "break",
    "continue",
    "return",
    "pass",
    "yield",
    "match",
    "case",
    "lambda",
    "assert",
    "raise",
    "global",
    "nonlocal",
    "def",
    "elif",
    "is",
    "+",
    "-",
    "*",
    "//",
    "%",
    "**",
    "<<",
    ">>",
    "&",
    "|",
    "^",
    "~",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    ":=",
    "+=",
    "<<=",
    ">>=",
    "//=",
    "[",
    "]",
    "(",
    ")",
    ":",
    ",",
    ".next",
    ".val",
    ".posedge",
    ".signed()",
    "[:]",
    "[0]",
    "[-1]",
    "[8:]",
    "[4:0]",
    "0",
    "1",
    "-1",
    "2",
    "7",
    "255",
    "256",
    "65536",
    "1000000000",
    "True",
    "False",
    "None",
    "range",
    "len",
    "intbv",
    "modbv",
    "concat",
    "enumerate",
    "zip",
    "reversed",
    "min",
    "max",
    "abs",
    "sum",
    "any",
    "all",
    "print",
    "divmod",
    "pow",
    "bool",
    "int",
    "delay",
    "a",
    "b",
    "c",
    "d",
    "s",
    "u",
    "v",
    "w",
    "x",
    "y",
    "z",
    "f",
    "g",
    "q",
    "m",
    "m10",
    "odd",
    "o",
    "neg",
    "one",
    "wide",
    "e",
    "t.RUN",
    "eh",
    "hot.C",
    "mem",
    "smem",
    "flags",
    "mixed",
    "alone",
    "ROM",
    "SROM",
    "EMPTY",
    "TABLE",
    "COEFFS",
    "MASK",
    "kept",
    "bus.data",
    "bus.valid",
    "bus.store",
    "sh_low",
    "sh_cat",
    "tri",
    "drv",
    "fixed",
    "open_port",
    "thing",
    "HUGE",
    "BIG",
    "N",
    "NEG",
    "ZERO",
];

/// A text with a few changes; `donor` is where new pieces come from.
pub fn mutate(text: &str, donor: &str, rng: &mut Rng) -> String {
    let mut text = text.to_owned();
    for _ in 0..rng.usize(1..=3) {
        text = if rng.u8(..3) == 0 { lines(&text, donor, rng) } else { tokens(&text, donor, rng) };
    }
    text
}

/// The first lines of one text and the last ones of another.
pub fn splice(text: &str, other: &str, rng: &mut Rng) -> String {
    let (first, last): (Vec<_>, Vec<_>) = (text.lines().collect(), other.lines().collect());
    let (first, last) = (&first[..rng.usize(..=first.len())], &last[rng.usize(..=last.len())..]);
    [first, last].concat().join("\n") + "\n"
}

fn lines(text: &str, donor: &str, rng: &mut Rng) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        lines.push(String::new());
    }
    let at = rng.usize(..lines.len());
    let other = rng.usize(..lines.len());
    match rng.u8(..8) {
        0 => {
            lines.remove(at);
        }
        1 => lines.insert(at, lines[other].clone()),
        2 => lines.swap(at, other),
        3 => lines[at].insert_str(0, "    "),
        4 => lines[at] = lines[at].strip_prefix("    ").unwrap_or(&lines[at]).to_owned(),
        5 => {
            // The line becomes a part of a statement around it.
            let indent = indent(&lines[at]).to_owned();
            lines[at].insert_str(0, "    ");
            let around = [
                "if f:",
                "while f:",
                "for i in range(3):",
                "if a == 1:",
                "else:",
                "while True:",
                "def inner():",
            ];
            lines.insert(at, indent + rng.choice(around).unwrap_or("if f:"));
        }
        _ => {
            let donors: Vec<&str> = donor.lines().collect();
            if let Some(line) = rng.choice(donors) {
                let fitted = indent(&lines[at]).to_owned() + line.trim_start();
                lines.insert(at, if rng.bool() { fitted } else { line.to_owned() });
            }
        }
    }
    lines.join("\n") + "\n"
}

fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

fn tokens(text: &str, donor: &str, rng: &mut Rng) -> String {
    let mut tokens: Vec<&str> = split(text);
    let real: Vec<usize> = (0..tokens.len()).filter(|i| !tokens[*i].trim().is_empty()).collect();
    let (Some(&at), Some(&other)) = (rng.choice(&real), rng.choice(&real)) else { return text.to_owned() };
    let donors = split(donor);
    let new = match rng.choice(donors) {
        Some(token) if rng.bool() && !token.trim().is_empty() => token,
        _ => rng.choice(WORDS).copied().unwrap_or("a"),
    };
    let written;
    match rng.u8(..9) {
        0 => {
            tokens.remove(at);
        }
        1 => tokens.insert(at, tokens[other]),
        2 => tokens.swap(at, other),
        3 => tokens.insert(at, new),
        4 => {
            // An operand more.
            let operator =
                [" + ", " - ", " * ", " // ", " % ", " << ", " >> ", " & ", " and ", " or ", " == ", " < "];
            tokens.splice(at + 1..at + 1, [rng.choice(operator).unwrap_or(" + "), new]);
        }
        5 => {
            let around =
                ["(", "not (", "-(", "~(", "bool(", "int(", "abs(", "len(", "intbv(", "modbv(", "concat(a, "];
            tokens.splice(at..=at, [rng.choice(around).unwrap_or("("), tokens[at], ")"]);
        }
        6 => {
            let index: usize = rng.usize(..70);
            written = format!("[{index}]");
            tokens.insert(at + 1, &written);
        }
        _ => tokens[at] = new,
    }
    tokens.concat()
}

/// A text in words, spaces and single other characters.
fn split(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        _ if c.is_alphanumeric() || c == '_' => 0,
        ' ' => 1,
        _ => 2,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in text.char_indices() {
        let now = class(c);
        if before.is_some_and(|b| b != now || now == 2) {
            tokens.push(&text[start..at]);
            start = at;
        }
        before = Some(now);
    }
    tokens.push(&text[start..]);
    tokens
}
