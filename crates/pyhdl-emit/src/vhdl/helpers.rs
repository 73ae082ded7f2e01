//! Small functions that say in VHDL what its operators cannot; they live in the design's package.

use pyhdl_ir::EnumId;

use crate::enums::Enums;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Helper {
    ToStdLogic,
    ChooseLogic,
    ChooseUnsigned,
    ChooseSigned,
    ChooseText,
    ChooseEnum(EnumId),
    /// Division that rounds down, which `/` does not. This and the next ones have a result for a divisor of zero.
    FloorDivSigned,
    FloorDivUnsigned,
    FloorModSigned,
    FloorModUnsigned,
    /// An index that stays in its array whatever happens.
    Bounded,
    /// A number as text.
    Digits,
    /// Text with a minimum length.
    Padded,
    NameOf(EnumId),
    /// The simulation time.
    TimeSteps,
}

impl Helper {
    /// The names of all helpers: nothing else in a design is called so.
    pub const NAMES: &'static [&'static str] = &[
        "to_std_logic",
        "choose",
        "floor_div",
        "floor_mod",
        "bounded",
        "digits",
        "padded",
        "name_of",
        "time_steps",
    ];

    /// The declaration, without the semicolon.
    pub fn head(self, enums: &Enums) -> String {
        let choose =
            |ty: &str| format!("function choose(condition : boolean; if_true, if_false : {ty}) return {ty}");
        let division =
            |name: &str, ty: &str| format!("function {name}(dividend, divisor : {ty}) return {ty}");
        match self {
            Helper::ToStdLogic => "function to_std_logic(condition : boolean) return std_logic".to_owned(),
            Helper::ChooseLogic => choose("std_logic"),
            Helper::ChooseUnsigned => choose("unsigned"),
            Helper::ChooseSigned => choose("signed"),
            Helper::ChooseText => choose("string"),
            Helper::ChooseEnum(id) => choose(enums.type_name(id)),
            Helper::FloorDivSigned => division("floor_div", "signed"),
            Helper::FloorDivUnsigned => division("floor_div", "unsigned"),
            Helper::FloorModSigned => division("floor_mod", "signed"),
            Helper::FloorModUnsigned => division("floor_mod", "unsigned"),
            Helper::Bounded => "function bounded(position : integer; last : natural) return natural".to_owned(),
            Helper::Digits => "function digits(value : unsigned; base : positive; capital : boolean) return string".to_owned(),
            Helper::Padded => {
                "function padded(text : string; length : natural; fill : character; left : boolean) return string"
                    .to_owned()
            }
            Helper::TimeSteps => "impure function time_steps return unsigned".to_owned(),
            Helper::NameOf(id) => format!("function name_of(value : {}) return string", enums.type_name(id)),
        }
    }

    /// The body's lines between `is` and `end function`.
    pub fn body(self, enums: &Enums) -> Vec<String> {
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        match self {
            Helper::ToStdLogic => {
                lines("begin\n  if condition then\n    return '1';\n  else\n    return '0';\n  end if;")
            }
            Helper::ChooseLogic
            | Helper::ChooseUnsigned
            | Helper::ChooseSigned
            | Helper::ChooseText
            | Helper::ChooseEnum(_) => lines(
                "begin\n  if condition then\n    return if_true;\n  else\n    return if_false;\n  end if;",
            ),
            // What the language counts in is a part of its time limit: more bits than an integer has are never set.
            Helper::TimeSteps => lines("begin\n  return to_unsigned(now / 1 ns, 64);"),
            Helper::FloorDivSigned => lines(
                "begin\n\
                 \x20 if divisor = 0 then\n\
                 \x20   return resize(divisor, dividend'length);\n\
                 \x20 elsif dividend rem divisor /= 0 and dividend(dividend'left) /= divisor(divisor'left) then\n\
                 \x20   return dividend / divisor - 1;\n\
                 \x20 else\n\
                 \x20   return dividend / divisor;\n\
                 \x20 end if;",
            ),
            Helper::FloorDivUnsigned => lines(&divided("/", "dividend")),
            Helper::FloorModSigned | Helper::FloorModUnsigned => lines(&divided("mod", "divisor")),
            Helper::Bounded => lines(
                "begin\n  if position < 0 or position > last then\n    return 0;\n  else\n    return position;\n  end if;",
            ),
            Helper::Digits => lines(
                "  constant small : string(1 to 16) := \"0123456789abcdef\";\n\
                 \x20 constant large : string(1 to 16) := \"0123456789ABCDEF\";\n\
                 \x20 variable rest : unsigned(value'length + 4 downto 0) := resize(value, value'length + 5);\n\
                 \x20 variable text : string(1 to value'length);\n\
                 \x20 variable first : natural := value'length + 1;\n\
                 \x20 variable digit : natural;\n\
                 begin\n\
                 \x20 loop\n\
                 \x20   digit := to_integer(rest mod base);\n\
                 \x20   rest := rest / base;\n\
                 \x20   first := first - 1;\n\
                 \x20   if capital then\n\
                 \x20     text(first) := large(digit + 1);\n\
                 \x20   else\n\
                 \x20     text(first) := small(digit + 1);\n\
                 \x20   end if;\n\
                 \x20   exit when rest = 0;\n\
                 \x20 end loop;\n\
                 \x20 return text(first to text'right);",
            ),
            Helper::Padded => lines(
                "  variable result : string(1 to length) := (others => fill);\n\
                 begin\n\
                 \x20 if text'length >= length then\n\
                 \x20   return text;\n\
                 \x20 elsif left then\n\
                 \x20   result(1 to text'length) := text;\n\
                 \x20 elsif fill = '0' and text'length > 0 and text(text'left) = '-' then\n\
                 \x20   result(1) := '-';\n\
                 \x20   result(length - text'length + 2 to length) := text(text'left + 1 to text'right);\n\
                 \x20 else\n\
                 \x20   result(length - text'length + 1 to length) := text;\n\
                 \x20 end if;\n\
                 \x20 return result;",
            ),
            Helper::NameOf(id) => {
                let mut body = vec!["begin".to_owned(), "  case value is".to_owned()];
                for (i, literal) in enums.literals(id).iter().enumerate() {
                    body.push(format!(
                        "    when {literal} => return {};",
                        super::body::quote(&enums.python_literal(id, i))
                    ));
                }
                body.push("  end case;".to_owned());
                body
            }
        }
    }
}

/// The body of a division that gives zero for a divisor of zero, as wide as the operand that its result has the width
/// of.
fn divided(operator: &str, width_of: &str) -> String {
    format!(
        "begin\n  if divisor = 0 then\n    return resize(divisor, {width_of}'length);\n  else\n    return dividend {operator} divisor;\n  end if;"
    )
}
