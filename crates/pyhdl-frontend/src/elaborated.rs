//! [`Elaborated`]: what is left when the Python has run. Scopes, signals, and processes as function source plus what
//! the function's names are bound to. Plain data, indexed by position.

use std::path::PathBuf;

use indexmap::IndexMap;
use num_bigint::BigInt;
use pyhdl_ir::{BitsType, Direction, EnumType, Parameter, ResetPolarity};

/// One elaborated hierarchy. `scopes[0]` is the top; a scope comes after its parent.
#[derive(Clone, Debug, Default)]
pub struct Elaborated {
    pub scopes: Vec<ElabScope>,
    pub signals: Vec<ElabSignal>,
    pub enums: Vec<EnumType>,
    /// Functions that processes call, each once.
    pub functions: Vec<ElabFunction>,
}

/// One call of a block.
#[derive(Clone, Debug)]
pub struct ElabScope {
    /// The instance's name: the variable that the parent keeps it in (`taps_3` for an element of a list), else the
    /// block's name with a number. Unique among its siblings.
    pub name: String,
    /// The block function's name, `Class_method` for a method.
    pub block: String,
    pub parent: Option<usize>,
    /// In the order of what the block returned, flattened.
    pub items: Vec<ElabItem>,
    /// Parameters in order, then the other locals in the order of their definition, then names of enclosing scopes
    /// that are used. Only names that hold signals, or lists or objects with signals in them.
    pub names: IndexMap<String, Binding>,
    /// How many of `names`, from the front, are parameters.
    pub params: usize,
    /// Parameters whose annotations say which direction they have.
    pub directions: Vec<(String, Direction)>,
    /// What the author wrote in an output language in place of the items.
    pub code: Option<ElabCode>,
    pub doc: Option<String>,
    pub file: PathBuf,
    /// The line of the `def` or of its first decorator, from 1.
    pub line: u32,
}

#[derive(Clone, Debug)]
pub enum ElabItem {
    Process(Box<ElabProcess>),
    /// An index into [`Elaborated::scopes`].
    Scope(usize),
    /// A shadow signal that this scope created: an index into [`Elaborated::signals`].
    Shadow(usize),
    /// A tristate signal that this scope created: an index into [`Elaborated::signals`].
    Bus(usize),
}

/// An author's own text in output languages.
#[derive(Clone, Debug, Default)]
pub struct ElabCode {
    pub verilog: Option<ElabCodeBody>,
    pub vhdl: Option<ElabCodeBody>,
    /// Signals that a text mentions in its own words: indices into [`Elaborated::signals`].
    pub reads: Vec<usize>,
    /// The signals that it drives, as the author has said: indices into [`Elaborated::signals`].
    pub drives: Vec<usize>,
    /// Of these, those that are wires in Verilog.
    pub wires: Vec<usize>,
}

#[derive(Clone, Debug)]
pub enum ElabCodeBody {
    Text(Vec<ElabCodePart>),
    /// The name of an instance of a module that is elsewhere.
    Instance(String),
    BlackBox(ElabBlackBox),
}

/// A module that exists already.
#[derive(Clone, Debug)]
pub struct ElabBlackBox {
    pub module: String,
    /// `None` where it is not said.
    pub library: Option<String>,
    pub parameters: Vec<(String, Parameter)>,
    /// Names, indices into [`Elaborated::signals`], and the directions where they are said.
    pub ports: Vec<(String, usize, Option<Direction>)>,
    pub numeric: bool,
    pub files: Vec<PathBuf>,
}

#[derive(Clone, Debug)]
pub enum ElabCodePart {
    Text(String),
    /// An index into [`Elaborated::signals`].
    Signal(usize),
    /// A list of signals.
    List(Binding),
}

/// A function that a decorator made into a process.
#[derive(Clone, Debug)]
pub struct ElabProcess {
    pub kind: ElabProcessKind,
    pub function: ElabFunction,
    /// Under which number the Python side finds the process again.
    pub host: u32,
}

#[derive(Clone, Debug)]
pub enum ElabProcessKind {
    /// `@instance`: a generator function.
    Instance,
    /// `@always(...)`.
    Always(Vec<ElabTrigger>),
    /// `@always_comb`.
    Combinational,
    /// `@always_seq(edge, reset)`; the reset signal carries its polarity.
    Sequential { clock: usize, rising: bool, reset: Option<usize> },
}

/// A trigger given to a decorator. Signals are indices into [`Elaborated::signals`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ElabTrigger {
    Change(usize),
    Rising(usize),
    Falling(usize),
    Delay(u64),
}

/// A Python function by where its source is and what its free names mean.
#[derive(Clone, Debug)]
pub struct ElabFunction {
    pub name: String,
    /// `None` where Python knows no source file (interactive or generated code).
    pub file: Option<PathBuf>,
    /// `co_firstlineno`: the line of the `def` or of its first decorator, from 1.
    pub line: u32,
    /// What each global or closure name in the body is bound to.
    pub bindings: IndexMap<String, Binding>,
    /// The values of parameters that a call may leave out.
    pub defaults: IndexMap<String, Binding>,
}

/// What a name, an attribute or an element is bound to.
#[derive(Clone, Debug)]
pub enum Binding {
    /// An index into [`Elaborated::signals`].
    Signal(usize),
    None,
    Bool(bool),
    Int(BigInt),
    Str(String),
    /// An `intbv` or `modbv`; `ty` is `None` where it has no width.
    Bits {
        value: BigInt,
        ty: Option<BitsType>,
        /// The same for two names of one object.
        identity: u64,
    },
    /// A variable that functions rebind, with its value now: a bool, an int, a vector or a literal.
    Variable {
        /// The same for two functions that see one variable.
        identity: u64,
        value: Box<Binding>,
    },
    /// An index into [`Elaborated::enums`].
    EnumType(usize),
    /// An enumeration (index into [`Elaborated::enums`]) and the literal's index.
    EnumLiteral(usize, u32),
    Tuple(Vec<Binding>),
    /// A list; `identity` is the same for two names of one list object.
    List {
        identity: u64,
        elements: Vec<Binding>,
    },
    /// An object with attributes (an interface, `self`, a module, a class): only those attributes that the
    /// function's code names.
    Object {
        type_name: String,
        identity: u64,
        attributes: IndexMap<String, Binding>,
    },
    /// A function or method that a process may call: an index into [`Elaborated::functions`]. A bound method's
    /// `self` is `receiver`.
    Function {
        function: usize,
        receiver: Option<Box<Binding>>,
    },
    /// A class of exceptions that is not Python's own, by its name.
    Exception(String),
    /// Something of Python's or of the hardware package's own that the frontend knows by name: `builtins.range`,
    /// `pyhdl.intbv`, `pyhdl.concat`, `pyhdl.StopSimulation`, `random.randrange` …
    Known(String),
    /// A method of one of Python's generators of random numbers (`random.Random`, none of a class of its own), by a
    /// number of the host's choice.
    Random {
        generator: u32,
        method: RandomMethod,
    },
    Float(f64),
    /// Anything else, by its type's name.
    Other(String),
}

/// The methods of generators of random numbers that give one number, or one element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RandomMethod {
    Randrange,
    Randint,
    Getrandbits,
    Random,
    Choice,
}

impl RandomMethod {
    pub const ALL: [RandomMethod; 5] = [
        RandomMethod::Randrange,
        RandomMethod::Randint,
        RandomMethod::Getrandbits,
        RandomMethod::Random,
        RandomMethod::Choice,
    ];

    pub fn named(name: &str) -> Option<RandomMethod> {
        RandomMethod::ALL.into_iter().find(|method| method.name() == name)
    }

    /// As Python calls it.
    pub fn name(self) -> &'static str {
        match self {
            RandomMethod::Randrange => "randrange",
            RandomMethod::Randint => "randint",
            RandomMethod::Getrandbits => "getrandbits",
            RandomMethod::Random => "random",
            RandomMethod::Choice => "choice",
        }
    }
}

/// One signal object.
#[derive(Clone, Debug)]
pub struct ElabSignal {
    pub ty: ElabSignalType,
    /// Initial value; for an enumeration the literal's index; 0 for an object.
    pub init: BigInt,
    pub reset: Option<ResetPolarity>,
    /// For a shadow signal, what it follows.
    pub shadow: Option<Shadow>,
    /// A `Constant`.
    pub constant: bool,
    /// What it has to do with a tristate bus.
    pub tristate: Option<ElabTristate>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ElabTristate {
    /// It is the bus.
    Bus,
    /// It drives the bus with this index into [`Elaborated::signals`], or lets it go.
    Driver(usize),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ElabSignalType {
    Bool,
    Bits(BitsType),
    /// `Signal(0)`: an int without width.
    Int,
    /// An `OpenPort`: reads as 0, and what drives it is lost.
    Open,
    Enum(usize),
    /// Any other Python object, by its type's name.
    Object(String),
}

/// What a shadow signal follows. Signals are indices into [`Elaborated::signals`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shadow {
    /// `x.assign(sig)`: the same values.
    Signal { parent: usize },
    /// `sig(index)`: one bit, a `Bool`.
    Bit { parent: usize, index: u32 },
    /// `sig(high, low)`: bits `high - 1 .. low`, unsigned.
    Slice { parent: usize, high: u32, low: u32 },
    /// `ConcatSignal(...)`, first part topmost.
    Concat(Vec<ShadowPart>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ShadowPart {
    Signal(usize),
    Constant { value: BigInt, width: u32 },
}
