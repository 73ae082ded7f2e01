//! What signals there are: their declarations, and how a scope reads them.

use crate::bounds::Bounds;
use crate::choices::Choices;
use crate::expression::{Expr, Kind};

/// The type of a signal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    Bool,
    /// An `intbv`, or a `modbv` where it wraps.
    Bits {
        lo: i128,
        hi: i128,
        wraps: bool,
    },
    /// One of the file's enumerations.
    Enum(usize),
}

#[derive(Clone, Debug)]
pub struct Signal {
    /// `a`, or `bus.a`.
    pub name: String,
    pub ty: Type,
    pub initial: i128,
}

/// The enumerations of every file: the arguments of `enum`, and the literals.
pub const ENUMS: &[(&str, &[&str])] = &[
    ("\"IDLE\", \"RUN\", \"STOP\"", &["IDLE", "RUN", "STOP"]),
    ("\"Red\", \"Green\", \"Blue\", \"Grey\", encoding=\"one_hot\"", &["Red", "Green", "Blue", "Grey"]),
    (
        "\"NO\", \"YES\", \"MAYBE\", \"LATER\", \"NEVER\", encoding=\"one_cold\"",
        &["NO", "YES", "MAYBE", "LATER", "NEVER"],
    ),
];

impl Type {
    pub fn bits(lo: i128, hi: i128) -> Type {
        Type::Bits { lo, hi, wraps: false }
    }

    pub fn bounds(&self) -> Bounds {
        match self {
            Type::Bool => Bounds::unsigned(1),
            Type::Bits { lo, hi, .. } => Bounds::around(*lo, *hi),
            Type::Enum(_) => Bounds::unsigned(3),
        }
    }

    /// The narrowest vector or, sometimes, just these bounds, for values between them.
    pub fn holding(c: &mut Choices, bounds: Bounds) -> Type {
        let bits = bounds.bits.max(1);
        let bounds = Bounds { bits, ..bounds };
        if !c.chance(25) {
            return Type::bits(bounds.lo(), bounds.hi());
        }
        let bits = 1 + c.below(bits as usize + 2) as u32;
        match c.below(3) {
            0 => Type::Bits { lo: 0, hi: Bounds::unsigned(bits).hi(), wraps: true },
            1 => Type::Bits { lo: -(1 << bits), hi: Bounds::signed(bits).hi(), wraps: true },
            _ => {
                // Bounds that no vector has.
                let hi = c.between(1, 1 << bits.min(20));
                Type::Bits { lo: -c.between(0, hi), hi, wraps: true }
            }
        }
    }

    pub fn random(c: &mut Choices) -> Type {
        match c.below(8) {
            0 => Type::Bool,
            1 | 2 => Type::bits(0, (1 << (1 + c.below(12))) - 1),
            3 => {
                let half = 1 << c.below(12);
                Type::bits(-half, half - 1)
            }
            4 => Type::bits(0, 2 + c.below(40) as i128),
            5 => Type::bits(-(c.below(20) as i128), 1 + c.below(60) as i128),
            6 => match c.below(3) {
                0 | 1 => Type::Bits { lo: 0, hi: (1 << (1 + c.below(9))) - 1, wraps: true },
                // Bounds that no vector has.
                _ => Type::Bits { lo: -(c.below(5) as i128), hi: 1 + c.below(12) as i128, wraps: true },
            },
            _ => Type::Enum(c.below(ENUMS.len())),
        }
    }

    pub fn initial(&self, c: &mut Choices) -> i128 {
        match self {
            Type::Bool => c.below(2) as i128,
            Type::Bits { lo, hi, .. } => {
                let zero = 0.clamp(*lo, *hi);
                if c.chance(40) { c.between(*lo, *hi) } else { zero }
            }
            Type::Enum(e) => c.below(ENUMS[*e].1.len()) as i128,
        }
    }

    /// The `intbv` or `modbv` itself, as it is written; `False` for a bool.
    pub fn value(&self, initial: i128) -> String {
        match self {
            Type::Bool => if initial == 0 { "False" } else { "True" }.to_owned(),
            Type::Enum(e) => format!("E{e}.{}", ENUMS[*e].1[initial as usize]),
            Type::Bits { lo, hi, wraps } => {
                let class = if *wraps { "modbv" } else { "intbv" };
                let bounds = Bounds::around(*lo, *hi);
                if *lo == 0 && bounds.hi() == *hi {
                    format!("{class}({initial})[{}:]", bounds.bits)
                } else {
                    format!("{class}({initial}, min={lo}, max={})", hi + 1)
                }
            }
        }
    }

    /// What the model holds for a value.
    pub fn model(&self, initial: i128) -> String {
        match self {
            Type::Bool => self.value(initial),
            _ => initial.to_string(),
        }
    }
}

impl Signal {
    pub fn declaration(&self) -> String {
        format!("Signal({})", self.ty.value(self.initial))
    }

    /// What a scope can read of it.
    pub fn reads(&self) -> Vec<Expr> {
        let Signal { name, ty, .. } = self;
        reads(name, &format!("cur[{name}]"), ty)
    }
}

/// What can be read of something of a type: an enumeration through comparisons.
pub fn reads(hdl: &str, model: &str, ty: &Type) -> Vec<Expr> {
    match ty {
        Type::Bool => vec![Expr::new(hdl, model, Kind::Bool, Bounds::unsigned(1))],
        Type::Bits { lo, .. } => {
            let bounds = ty.bounds();
            let width = (*lo >= 0).then_some(bounds.bits);
            vec![Expr::new(hdl, model, Kind::Vector(width), bounds)]
        }
        Type::Enum(e) => {
            let literals = ENUMS[*e].1.iter().enumerate();
            literals
                .map(|(i, l)| {
                    Expr::new(
                        format!("({hdl} == E{e}.{l})"),
                        format!("({model} == {i})"),
                        Kind::Bool,
                        Bounds::unsigned(1),
                    )
                })
                .collect()
        }
    }
}
