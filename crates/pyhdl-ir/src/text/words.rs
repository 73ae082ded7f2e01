//! The words of the textual form: one table for each set of variants, used by printer and parser alike.

use crate::{Base, BinaryOp, CompareOp, Direction, Encoding, LogicOp, Pad, UnaryOp};

/// A variant with a fixed spelling.
pub(super) trait Word: Copy + Sized {
    fn word(self) -> &'static str;
    fn from_word(word: &str) -> Option<Self>;
}

macro_rules! words {
    ($($ty:ident { $($variant:ident $word:literal)* })*) => { $(
        impl Word for $ty {
            fn word(self) -> &'static str {
                match self { $($ty::$variant => $word),* }
            }

            fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some($ty::$variant),)* _ => None }
            }
        }
    )* };
}

words! {
    // Written `neg(x)`.
    UnaryOp { Negate "neg" Invert "inv" Not "not" Abs "abs" }
    // Written `(x + y)`: so are comparisons and logic.
    BinaryOp {
        Add "+"
        Sub "-"
        Mul "*"
        FloorDiv "//"
        Mod "%"
        Pow "**"
        ShiftLeft "<<"
        ShiftRight ">>"
        And "&"
        Or "|"
        Xor "^"
        Min "min"
        Max "max"
    }
    CompareOp { Eq "==" Ne "!=" Lt "<" Le "<=" Gt ">" Ge ">=" }
    LogicOp { And "and" Or "or" }
    Encoding { Binary "binary" OneHot "onehot" OneCold "onecold" }
    Direction { In "in" Out "out" InOut "inout" }
    Base { Binary "bin" Octal "oct" Decimal "dec" Hex "hex" HexUpper "HEX" }
    Pad { Right "right" Left "left" Zeros "zeros" }
}
