//! [`Usual`]: what names mean in a text to be fuzzed: signals of every type, lists, tables, constants, an interface,
//! and what is Python's or the package's own.

use std::collections::HashSet;

use indexmap::IndexMap;
use num_bigint::BigInt;
use pyhdl_frontend::{
    Binding, ElabSignal, ElabSignalType, ElabTristate, Elaborated, RandomMethod, Shadow, ShadowPart,
};
use pyhdl_ir::{BitsType, Encoding, EnumType, Range, ResetPolarity};

use crate::functions::words;

const BUILTINS: &[&str] = &[
    "range",
    "print",
    "len",
    "int",
    "bool",
    "abs",
    "min",
    "max",
    "sum",
    "any",
    "all",
    "enumerate",
    "zip",
    "reversed",
    "tuple",
    "list",
    "divmod",
    "pow",
    "ord",
    "sorted",
    "set",
    "str",
    "map",
    "filter",
];

const PACKAGE: &[&str] = &[
    "intbv",
    "modbv",
    "concat",
    "delay",
    "downrange",
    "now",
    "posedge",
    "negedge",
    "join",
    "Signal",
    "StopSimulation",
    "instances",
    "enum",
];

/// The names that a text uses, each with what it means.
#[derive(Default)]
pub struct Usual {
    /// Signals and enumerations only.
    pub elab: Elaborated,
    /// What each name means to a function.
    pub names: IndexMap<String, Binding>,
    /// How many names, from the front, a block would have as parameters.
    pub params: usize,
    /// Signals that follow others.
    pub shadows: Vec<usize>,
    /// Signals with several drivers.
    pub buses: Vec<usize>,
    words: HashSet<String>,
    identities: u64,
}

impl Usual {
    /// The usual names as far as they are words of the text: what nobody mentions only takes time.
    pub fn of(text: &str) -> Usual {
        let words = words(text).map(str::to_owned).collect();
        let mut usual = Usual { words, ..Usual::default() };
        usual.ports();
        usual.params = usual.names.len();
        usual.inside();
        usual.constants();
        usual
    }

    /// The signal that an expression of a decorator names.
    pub fn signal_named(&self, name: &str) -> Option<usize> {
        let binding = match name.split_once('.') {
            None => self.names.get(name)?,
            Some((object, attribute)) => match self.names.get(object)? {
                Binding::Object { attributes, .. } => attributes.get(attribute)?,
                _ => return None,
            },
        };
        match binding {
            Binding::Signal(index) => Some(*index),
            _ => None,
        }
    }

    fn ports(&mut self) {
        for name in ["clk", "clk2", "f", "g", "h", "p", "q"] {
            self.signal(name, ElabSignalType::Bool);
        }
        for (name, active_high, asynchronous) in
            [("rst", true, false), ("rst_n", false, true), ("rst_a", true, true)]
        {
            if let Some(index) = self.signal(name, ElabSignalType::Bool) {
                let signal = &mut self.elab.signals[index];
                signal.reset = Some(ResetPolarity { active_high, asynchronous });
                signal.init = BigInt::from(u8::from(!active_high));
            }
        }
        for (name, width) in [
            ("a", 8),
            ("b", 8),
            ("c", 3),
            ("d", 16),
            ("i1", 1),
            ("w", 32),
            ("wide", 100),
            ("x", 16),
            ("z", 8),
        ] {
            self.signal(name, ElabSignalType::Bits(BitsType::unsigned(width)));
        }
        for (name, min, max, wraps) in [
            ("s", -128, 127, false),
            ("u", -8, 7, false),
            ("v", -32768, 32767, false),
            ("odd", -3, 99, false),
            ("o", 3, 17, false),
            ("neg", -9, -2, false),
            ("one", 5, 5, false),
            ("m", 0, 255, true),
            ("ms", -128, 127, true),
            ("m10", 0, 9, true),
            ("m3", -4, 6, true),
            ("l", 0, 8, false),
        ] {
            if let Some(index) = self.signal(name, ElabSignalType::Bits(bits(min, max, wraps))) {
                self.elab.signals[index].init = BigInt::from(0.clamp(min, max));
            }
        }
        for (name, literals, encoding, signals) in [
            ("t", &["IDLE", "RUN", "DONE"][..], Encoding::Binary, ["e", "e_next"]),
            ("hot", &["A", "B", "C", "D", "E"][..], Encoding::OneHot, ["eh", "eh2"]),
            ("single", &["ONLY"][..], Encoding::OneCold, ["es", "es2"]),
        ] {
            if self.wanted(name) || signals.iter().any(|s| self.wanted(s)) {
                self.elab.enums.push(EnumType {
                    name: name.to_owned(),
                    literals: literals.iter().map(|l| (*l).to_owned()).collect(),
                    encoding,
                });
                let index = self.elab.enums.len() - 1;
                for signal in signals {
                    self.signal(signal, ElabSignalType::Enum(index));
                }
            }
        }
        self.signal("open_port", ElabSignalType::Open);
        self.signal("thing", ElabSignalType::Object("str".to_owned()));
        if let Some(index) = self.signal("fixed", ElabSignalType::Bits(BitsType::unsigned(4))) {
            self.elab.signals[index].constant = true;
            self.elab.signals[index].init = BigInt::from(9);
        }
        if let Some(bus) = self.signal("tri", ElabSignalType::Bits(BitsType::unsigned(8))) {
            self.elab.signals[bus].tristate = Some(ElabTristate::Bus);
            self.buses.push(bus);
            for name in ["drv", "drv2"] {
                if let Some(driver) = self.signal(name, ElabSignalType::Bits(BitsType::unsigned(8))) {
                    self.elab.signals[driver].tristate = Some(ElabTristate::Driver(bus));
                }
            }
        }
    }

    fn inside(&mut self) {
        // Without a width: no port.
        self.signal("y", ElabSignalType::Int);
        let byte = || ElabSignalType::Bits(BitsType::unsigned(8));
        self.signals("mem", &vec![byte(); 16]);
        self.signals("mem5", &vec![byte(); 5]);
        self.signals("smem", &vec![ElabSignalType::Bits(bits(-8, 7, false)); 8]);
        self.signals("flags", &[ElabSignalType::Bool, ElabSignalType::Bool, ElabSignalType::Bool]);
        self.signals("alone", &[byte()]);
        let narrow = ElabSignalType::Bits(BitsType::unsigned(3));
        self.signals("mixed", &[byte(), ElabSignalType::Bool, narrow, ElabSignalType::Int]);
        for (name, shadow) in [
            ("sh_bit", Shadow::Bit { parent: 0, index: 2 }),
            ("sh_low", Shadow::Slice { parent: 0, high: 4, low: 0 }),
            ("sh_all", Shadow::Signal { parent: 0 }),
            ("sh_cat", Shadow::Concat(Vec::new())),
        ] {
            self.shadow(name, shadow);
        }
        if self.wanted("grid") {
            let mut row = || {
                let elements = (0..2).map(|_| Binding::Signal(self.new_signal(byte()))).collect();
                Binding::List { identity: self.identity(), elements }
            };
            let elements = vec![row(), row(), row()];
            let identity = self.identity();
            self.bind("grid", Binding::List { identity, elements });
        }
        self.interface();
        self.channels();
    }

    fn constants(&mut self) {
        for (name, value) in [
            ("N", 8_i64),
            ("ZERO", 0),
            ("ONE", 1),
            ("NEG", -3),
            ("WIDTH", 8),
            ("DEPTH", 16),
            ("BIG", 1_i64 << 40),
        ] {
            self.bind(name, Binding::Int(BigInt::from(value)));
        }
        self.bind("HUGE", Binding::Int(BigInt::from(3) << 5000));
        self.bind("YES", Binding::Bool(true));
        self.bind("NO", Binding::Bool(false));
        self.bind("NOTHING", Binding::None);
        self.bind("TEXT", Binding::Str("text %d".to_owned()));
        let texts = ["one", "two", "%d"].map(|text| Binding::Str(text.to_owned())).to_vec();
        self.bind("NAMES", Binding::Tuple(texts));
        self.bind("ERROR", Binding::Exception("Wrong".to_owned()));
        self.bind("OTHER", Binding::Other("dict".to_owned()));
        let numbers = |values: &[i64]| values.iter().map(|v| Binding::Int(BigInt::from(*v))).collect();
        self.bind("ROM", Binding::Tuple(numbers(&[1, 2, 4, 8, 16, 32, 64, 128])));
        self.bind("SROM", Binding::Tuple(numbers(&[-3, 0, 7])));
        self.bind("EMPTY", Binding::Tuple(Vec::new()));
        let rows = [numbers(&[1, 2]), numbers(&[3, -4])].map(Binding::Tuple).to_vec();
        self.bind("TABLE", Binding::Tuple(rows));
        self.bind("BITS", Binding::Tuple([true, false, true].map(Binding::Bool).to_vec()));
        let identity = self.identity();
        self.bind("COEFFS", Binding::List { identity, elements: numbers(&[2, -1, 3, 5]) });
        for (name, value, ty) in [
            ("MASK", 0x5a, Some(BitsType::unsigned(8))),
            ("SMASK", -2, Some(bits(-8, 7, false))),
            ("WRAP", 3, Some(bits(0, 9, true))),
            ("UNSIZED", 12, None),
        ] {
            let identity = self.identity();
            self.bind(name, Binding::Bits { value: BigInt::from(value), ty, identity });
        }
        for (name, value) in [("kept", Binding::Int(BigInt::from(2))), ("kept_flag", Binding::Bool(false))] {
            let identity = self.identity();
            self.bind(name, Binding::Variable { identity, value: Box::new(value) });
        }
        for index in 0..self.elab.enums.len() {
            let name = self.elab.enums[index].name.clone();
            self.bind(&name, Binding::EnumType(index));
            self.bind(&format!("{name}_0"), Binding::EnumLiteral(index, 0));
        }
        for method in RandomMethod::ALL {
            self.bind(method.name(), Binding::Random { generator: 0, method });
        }
        self.bind("HALF", Binding::Float(0.5));
        for (package, names) in [("builtins", BUILTINS), ("pyhdl", PACKAGE)] {
            for name in names {
                self.bind(name, Binding::Known(format!("{package}.{name}")));
            }
        }
        self.bind("Error", Binding::Exception("Error".to_owned()));
        for name in ["ValueError", "Exception"] {
            self.bind(name, Binding::Known(format!("builtins.{name}")));
        }
    }

    /// An object with signals and constants, `bus`; methods come with the text.
    fn interface(&mut self) {
        if !self.wanted("bus") {
            return;
        }
        let mut attributes = IndexMap::new();
        for (name, ty) in [
            ("data", ElabSignalType::Bits(BitsType::unsigned(8))),
            ("valid", ElabSignalType::Bool),
            ("addr", ElabSignalType::Bits(BitsType::unsigned(4))),
            ("level", ElabSignalType::Bits(bits(-20, 20, false))),
        ] {
            // A function sees the attributes that its code names.
            if self.wanted(name) {
                attributes.insert(name.to_owned(), Binding::Signal(self.new_signal(ty)));
            }
        }
        if self.wanted("store") {
            let byte = || ElabSignalType::Bits(BitsType::unsigned(8));
            let elements = (0..4).map(|_| Binding::Signal(self.new_signal(byte()))).collect();
            let list = Binding::List { identity: self.identity(), elements };
            attributes.insert("store".to_owned(), list);
        }
        if self.wanted("size") {
            attributes.insert("size".to_owned(), Binding::Int(BigInt::from(12)));
        }
        let identity = self.identity();
        self.bind("bus", Binding::Object { type_name: "Bus".to_owned(), identity, attributes });
    }

    /// A list of objects.
    fn channels(&mut self) {
        if !self.wanted("channels") {
            return;
        }
        let mut elements = Vec::new();
        for _ in 0..4 {
            let mut attributes = IndexMap::new();
            for (name, ty) in
                [("data", ElabSignalType::Bits(BitsType::unsigned(8))), ("valid", ElabSignalType::Bool)]
            {
                if self.wanted(name) {
                    attributes.insert(name.to_owned(), Binding::Signal(self.new_signal(ty)));
                }
            }
            let identity = self.identity();
            elements.push(Binding::Object { type_name: "Channel".to_owned(), identity, attributes });
        }
        let identity = self.identity();
        self.bind("channels", Binding::List { identity, elements });
    }

    fn wanted(&self, name: &str) -> bool {
        self.words.contains(name)
    }

    fn identity(&mut self) -> u64 {
        self.identities += 1;
        self.identities
    }

    fn bind(&mut self, name: &str, binding: Binding) {
        if self.wanted(name) {
            self.names.insert(name.to_owned(), binding);
        }
    }

    fn new_signal(&mut self, ty: ElabSignalType) -> usize {
        let signal =
            ElabSignal { ty, init: BigInt::ZERO, reset: None, shadow: None, constant: false, tristate: None };
        self.elab.signals.push(signal);
        self.elab.signals.len() - 1
    }

    fn signal(&mut self, name: &str, ty: ElabSignalType) -> Option<usize> {
        if !self.wanted(name) {
            return None;
        }
        let index = self.new_signal(ty);
        self.bind(name, Binding::Signal(index));
        Some(index)
    }

    fn signals(&mut self, name: &str, types: &[ElabSignalType]) {
        if !self.wanted(name) {
            return;
        }
        let elements = types.iter().map(|ty| Binding::Signal(self.new_signal(ty.clone()))).collect();
        let identity = self.identity();
        self.bind(name, Binding::List { identity, elements });
    }

    /// A signal that follows `w`, a hidden one where the text has no `w`.
    fn shadow(&mut self, name: &str, shadow: Shadow) {
        if !self.wanted(name) {
            return;
        }
        let width = |width| ElabSignalType::Bits(BitsType::unsigned(width));
        let parent = match self.signal_named("w") {
            Some(parent) => parent,
            None => self.new_signal(width(32)),
        };
        let (shadow, ty) = match shadow {
            Shadow::Bit { index, .. } => (Shadow::Bit { parent, index }, ElabSignalType::Bool),
            Shadow::Slice { high, low, .. } => (Shadow::Slice { parent, high, low }, width(high - low)),
            Shadow::Signal { .. } => (Shadow::Signal { parent }, width(32)),
            Shadow::Concat(_) => {
                let constant = ShadowPart::Constant { value: BigInt::from(5), width: 3 };
                (Shadow::Concat(vec![ShadowPart::Signal(parent), constant]), width(35))
            }
        };
        if let Some(index) = self.signal(name, ty) {
            self.elab.signals[index].shadow = Some(shadow);
            self.shadows.push(index);
        }
    }
}

/// Bounds are inclusive.
fn bits(min: i64, max: i64, wraps: bool) -> BitsType {
    let width = Range::new(min, max).width().unwrap_or(1);
    BitsType { width, min: min.into(), max: max.into(), wraps }
}

/// What a scope knows of a name: signals, and lists and objects with signals in them.
pub fn visible(binding: &Binding) -> Option<Binding> {
    match binding {
        Binding::Signal(_) => Some(binding.clone()),
        Binding::List { identity, elements } => {
            let parts: Vec<_> = elements.iter().map(visible).collect();
            parts.iter().any(Option::is_some).then(|| Binding::List {
                identity: *identity,
                elements: parts.into_iter().map(|p| p.unwrap_or(Binding::None)).collect(),
            })
        }
        Binding::Object { type_name, identity, attributes } => {
            let parts: IndexMap<_, _> =
                attributes.iter().filter_map(|(name, b)| Some((name.clone(), visible(b)?))).collect();
            (!parts.is_empty()).then(|| Binding::Object {
                type_name: type_name.clone(),
                identity: *identity,
                attributes: parts,
            })
        }
        _ => None,
    }
}
