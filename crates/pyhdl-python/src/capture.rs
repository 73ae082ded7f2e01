//! Capture: from the block objects that running the Python left behind to [`Elaborated`], plain data.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use indexmap::IndexMap;
use pyhdl_frontend::*;
use pyhdl_ir::{Direction, Parameter, ResetPolarity};
use pyhdl_sim::Value;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyCFunction, PyDict, PyFloat, PyFunction, PyInt, PyList, PyModule, PyString, PyTuple, PyType,
};

use crate::enums::{EnumItem, EnumType};
use crate::folder::resolve;
use crate::functions::Delay;
use crate::intbv::IntBv;
use crate::number::exact;
use crate::random::{Generator, untouched_methods};
use crate::signal::{Edge, Follows, Kind, Part, Signal, Tristate};

/// Objects inside objects inside objects are followed this far.
const MAX_NESTING: usize = 6;

/// An elaboration as plain data, and the Python objects behind its numbers.
pub struct Captured {
    pub elaborated: Elaborated,
    /// By index into [`Elaborated::signals`].
    pub signals: Vec<Py<Signal>>,
    /// By [`ElabProcess::host`].
    pub processes: Vec<Py<PyAny>>,
    /// The positions of the scopes by the addresses of their blocks.
    pub blocks: HashMap<usize, usize>,
    /// The positions of the scopes that names leave out (`skipname`).
    pub unnamed: HashSet<usize>,
    /// HDL simulations that take part.
    pub cosimulations: Vec<Py<PyAny>>,
    /// By the number of [`Binding::Random`].
    pub generators: Vec<Generator>,
}

/// Captures the hierarchy under one block object, or under a list of blocks and processes; what authors wrote in
/// output languages only where HDL is wanted.
pub fn capture(py: Python<'_>, root: &Bound<'_, PyAny>, hdl: bool) -> PyResult<Captured> {
    let api = Api::load(py)?;
    let mut capture = Capture {
        py,
        api,
        hdl,
        out: Captured {
            elaborated: Elaborated::default(),
            signals: Vec::new(),
            processes: Vec::new(),
            blocks: HashMap::new(),
            unnamed: HashSet::new(),
            cosimulations: Vec::new(),
            generators: Vec::new(),
        },
        generator_ids: HashMap::new(),
        signal_ids: HashMap::new(),
        enum_ids: HashMap::new(),
        function_ids: HashMap::new(),
        codes: HashMap::new(),
        filling: (0, 0),
        shadows: Vec::new(),
        buses: Vec::new(),
    };
    // A work list instead of recursion: hierarchies can be deeper than the stack. Parents come first.
    let mut open = vec![(root.clone(), None::<usize>, String::new())];
    let mut at = 0;
    while at < open.len() {
        let (object, parent, name) = open[at].clone();
        at += 1;
        let scope = capture.scope(&object, parent, name)?;
        if let Some(parent) = parent {
            // The items of the parent were laid out with a place for this scope.
            capture.fill(parent, scope);
        }
        for (child, name) in capture.children(&object)? {
            open.push((child, Some(scope), name));
        }
        if capture.out.elaborated.scopes.len().is_multiple_of(1024) {
            py.check_signals()?;
        }
    }
    Ok(capture.out)
}

/// The classes of the Python side.
struct Api<'py> {
    block: Bound<'py, PyAny>,
    process: Bound<'py, PyAny>,
    cosimulation: Bound<'py, PyAny>,
    builtins: Bound<'py, PyModule>,
    /// The type of methods that are written in Python.
    method: Bound<'py, PyAny>,
    /// `random.Random`.
    random: Bound<'py, PyAny>,
    /// Those of its methods that are as Python has made them.
    random_methods: HashSet<String>,
}

impl<'py> Api<'py> {
    fn load(py: Python<'py>) -> PyResult<Self> {
        let random = py.import("random")?.getattr("Random")?;
        Ok(Api {
            method: py.import("types")?.getattr("MethodType")?,
            random_methods: untouched_methods(&random)?,
            random,
            block: py.import("pyhdl._block")?.getattr("Block")?,
            process: py.import("pyhdl._process")?.getattr("Process")?,
            cosimulation: py.import("pyhdl._cosimulation")?.getattr("Cosimulation")?,
            builtins: py.import("builtins")?,
        })
    }
}

/// What a code object says of all functions that have it.
struct Code<'py> {
    /// All names that it and the functions inside it read from outside.
    names: Vec<String>,
    wanted: HashSet<String>,
    /// Those that come from functions around it, in the order of a closure.
    free: Vec<String>,
    file: PathBuf,
    is_file: bool,
    line: u32,
    /// Which names some function of the file rebinds: as a variable of a function, as a global one.
    rebound: RefCell<HashMap<String, [Option<bool>; 2]>>,
    _object: Bound<'py, PyAny>,
}

struct Capture<'py> {
    py: Python<'py>,
    api: Api<'py>,
    hdl: bool,
    out: Captured,
    signal_ids: HashMap<usize, usize>,
    enum_ids: HashMap<usize, usize>,
    generator_ids: HashMap<usize, u32>,
    function_ids: HashMap<usize, usize>,
    /// By the addresses of the code objects, which are kept alive here.
    codes: HashMap<usize, Rc<Code<'py>>>,
    /// The scope whose children are being captured, one after the other, and where the place of the next one is
    /// looked for.
    filling: (usize, usize),
    /// Shadow signals that were found while the current scope was captured.
    shadows: Vec<usize>,
    /// Tristate signals that were found meanwhile.
    buses: Vec<Bound<'py, Signal>>,
}

/// A place in a parent's items that its child scope fills later.
const PENDING: usize = usize::MAX;

impl<'py> Capture<'py> {
    fn scope(&mut self, object: &Bound<'py, PyAny>, parent: Option<usize>, name: String) -> PyResult<usize> {
        let is_block = object.is_instance(&self.api.block)?;
        let index = self.out.elaborated.scopes.len();
        self.out.blocks.insert(object.as_ptr() as usize, index);
        let mut scope = ElabScope {
            name,
            block: "top".into(),
            parent,
            items: Vec::new(),
            names: IndexMap::new(),
            params: 0,
            directions: Vec::new(),
            code: None,
            doc: None,
            file: PathBuf::new(),
            line: 1,
        };
        if is_block {
            scope.block = object.getattr("block_name")?.extract()?;
            if scope.name.is_empty() {
                scope.name = object.getattr("name")?.extract()?;
            }
            scope.file = resolve(Path::new(&object.getattr("file")?.extract::<String>()?));
            for (name, output) in object.getattr("directions")?.extract::<Vec<(String, bool)>>()? {
                scope.directions.push((name, if output { Direction::Out } else { Direction::In }));
            }
            scope.line = object.getattr("line")?.extract()?;
            if object.getattr("unnamed")?.is_truthy()? && parent.is_some() {
                self.out.unnamed.insert(index);
            }
            scope.doc = object.getattr("doc")?.extract()?;
            let params: usize = object.getattr("param_count")?.extract()?;
            let names = object.getattr("symdict")?.cast_into::<PyDict>()?;
            for (position, (key, value)) in names.iter().enumerate() {
                let Ok(key) = key.extract::<String>() else { continue };
                if let Some(binding) = self.visible(&value, 0)? {
                    scope.names.insert(key, binding);
                }
                if position < params {
                    scope.params = scope.names.len();
                }
            }
            if self.hdl {
                scope.code = self.user_code(object, &scope.names)?;
            }
        }
        self.out.elaborated.scopes.push(scope);
        for item in self.items(object)? {
            if item.is_instance(&self.api.cosimulation)? {
                for signal in item.getattr("signals")?.try_iter()? {
                    self.signal(signal?.cast::<Signal>()?)?;
                }
                self.out.cosimulations.push(item.unbind());
                continue;
            }
            let item = if item.is_instance(&self.api.block)? {
                ElabItem::Scope(PENDING)
            } else {
                ElabItem::Process(Box::new(self.process(&item, index)?))
            };
            self.out.elaborated.scopes[index].items.push(item);
        }
        // A shadow signal belongs to the outermost scope that sees it.
        for shadow in std::mem::take(&mut self.shadows) {
            self.out.elaborated.scopes[index].items.push(ElabItem::Shadow(shadow));
        }
        let resolution = self.py.import("pyhdl._tristate")?.getattr("resolution")?;
        while let Some(bus) = self.buses.pop() {
            if self.hdl {
                let bus = self.signal(&bus)?;
                self.out.elaborated.scopes[index].items.push(ElabItem::Bus(bus));
                continue;
            }
            let process = self.process(&resolution.call1((bus,))?, index)?;
            self.out.elaborated.scopes[index].items.push(ElabItem::Process(Box::new(process)));
        }
        Ok(index)
    }

    /// The module elsewhere that a block stands for.
    fn black_box(&mut self, block: &Bound<'py, PyAny>) -> PyResult<Option<ElabBlackBox>> {
        let there = block.call_method0("black_box")?;
        if there.is_none() {
            return Ok(None);
        }
        let part = |index: usize| there.get_item(index);
        let mut made = ElabBlackBox {
            module: part(0)?.extract()?,
            library: part(1)?.extract()?,
            parameters: Vec::new(),
            ports: Vec::new(),
            numeric: part(2)?.extract()?,
            files: part(3)?.extract()?,
        };
        let parameters: Vec<(String, Bound<'py, PyAny>)> = part(4)?.extract()?;
        let ports: Vec<(String, Bound<'py, Signal>, Option<bool>)> = part(5)?.extract()?;
        for (name, value) in parameters {
            made.parameters.push((name, parameter(&value)?));
        }
        for (name, signal, output) in ports {
            let direction = output.map(|output| if output { Direction::Out } else { Direction::In });
            made.ports.push((name, self.signal(&signal)?, direction));
        }
        Ok(Some(made))
    }

    /// What the author wrote in output languages for a block.
    fn user_code(
        &mut self,
        block: &Bound<'py, PyAny>,
        names: &IndexMap<String, Binding>,
    ) -> PyResult<Option<ElabCode>> {
        if let Some(there) = self.black_box(block)? {
            let body = Some(ElabCodeBody::BlackBox(there));
            return Ok(Some(ElabCode { verilog: body.clone(), vhdl: body, ..ElabCode::default() }));
        }
        let written = block.call_method0("user_code")?;
        if written.is_none() {
            return Ok(None);
        }
        let elaboration: u64 = block.getattr("elaboration")?.extract()?;
        let mut code = ElabCode::default();
        let driven = |capture: &Self, index: usize, code: &mut ElabCode| {
            let signal = capture.out.signals[index].get();
            if let Some(wire) = signal.driven_in(elaboration)
                && !code.drives.contains(&index)
            {
                code.drives.push(index);
                if wire {
                    code.wires.push(index);
                }
            }
        };
        // Also what a text only names in its own words.
        for binding in names.values() {
            if let Binding::Signal(index) = binding {
                driven(self, *index, &mut code);
            }
        }
        let (verilog, vhdl): (Bound<'py, PyAny>, Bound<'py, PyAny>) = written.extract()?;
        for (written, vhdl) in [(verilog, false), (vhdl, true)] {
            let body = if written.is_none() {
                None
            } else if let Ok(instance) = written.extract::<String>() {
                Some(ElabCodeBody::Instance(instance))
            } else {
                let mut parts = Vec::new();
                for part in written.try_iter()? {
                    let part = part?;
                    let part = match part.extract::<String>() {
                        Ok(text) => {
                            words(&text, names, &mut parts, &mut code.reads);
                            continue;
                        }
                        Err(_) => match self.visible(&part, 0)? {
                            Some(Binding::Signal(index)) => {
                                driven(self, index, &mut code);
                                ElabCodePart::Signal(index)
                            }
                            Some(list @ Binding::List { .. }) => ElabCodePart::List(list),
                            _ => ElabCodePart::Text(part.str()?.to_string()),
                        },
                    };
                    parts.push(part);
                }
                Some(ElabCodeBody::Text(parts))
            };
            if vhdl {
                code.vhdl = body;
            } else {
                code.verilog = body;
            }
        }
        Ok(Some(code))
    }

    fn fill(&mut self, parent: usize, scope: usize) {
        if self.filling.0 != parent {
            self.filling = (parent, 0);
        }
        let items = &mut self.out.elaborated.scopes[parent].items[self.filling.1..];
        if let Some(place) = items.iter().position(|i| matches!(i, ElabItem::Scope(PENDING))) {
            items[place] = ElabItem::Scope(scope);
            self.filling.1 += place + 1;
        }
    }

    /// What a block returned, flattened, or the elements of a list.
    fn items(&self, object: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let subs =
            if object.is_instance(&self.api.block)? { object.getattr("subs")? } else { object.clone() };
        subs.cast::<PyList>().map(|l| l.iter().collect()).map_err(PyErr::from)
    }

    /// The sub-blocks of a block with their instance names.
    fn children(&self, object: &Bound<'py, PyAny>) -> PyResult<Vec<(Bound<'py, PyAny>, String)>> {
        let mut names: HashMap<usize, String> = HashMap::new();
        if let Ok(symdict) = object.getattr("symdict") {
            for (key, value) in symdict.cast_into::<PyDict>()?.iter() {
                if let Ok(key) = key.extract::<String>() {
                    self.instance_names(&key, &value, &mut names, 0)?;
                }
            }
        }
        let mut taken: HashSet<String> = HashSet::new();
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut children = Vec::new();
        for item in self.items(object)? {
            if !item.is_instance(&self.api.block)? {
                continue;
            }
            let block: String = item.getattr("block_name")?.extract()?;
            let given: Option<String> = item.getattr("instance_name")?.extract()?;
            let mut name = match given.as_ref().or_else(|| names.get(&(item.as_ptr() as usize))) {
                Some(name) => name.clone(),
                None => {
                    let count = counts.entry(block.clone()).or_default();
                    *count += 1;
                    format!("{block}_{}", *count - 1)
                }
            };
            let mut suffix = 0;
            let base = name.clone();
            while !taken.insert(name.clone()) {
                suffix += 1;
                name = format!("{base}_{suffix}");
            }
            children.push((item, name));
        }
        Ok(children)
    }

    fn instance_names(
        &self,
        name: &str,
        value: &Bound<'py, PyAny>,
        names: &mut HashMap<usize, String>,
        depth: usize,
    ) -> PyResult<()> {
        if value.is_instance(&self.api.block)? {
            names.entry(value.as_ptr() as usize).or_insert_with(|| name.to_owned());
        } else if depth < MAX_NESTING {
            if let Ok(list) = value.cast::<PyList>() {
                for (index, element) in list.iter().enumerate() {
                    self.instance_names(&format!("{name}_{index}"), &element, names, depth + 1)?;
                }
            } else if let Ok(tuple) = value.cast::<PyTuple>() {
                for (index, element) in tuple.iter().enumerate() {
                    self.instance_names(&format!("{name}_{index}"), &element, names, depth + 1)?;
                }
            }
        }
        Ok(())
    }

    /// What a scope's name means for naming signals: signals, and lists and objects that hold some.
    fn visible(&mut self, value: &Bound<'py, PyAny>, depth: usize) -> PyResult<Option<Binding>> {
        if let Ok(signal) = value.cast::<Signal>() {
            return Ok(Some(Binding::Signal(self.signal(signal)?)));
        }
        if depth > MAX_NESTING || value.is_none() || is_plain_data(value) {
            return Ok(None);
        }
        let list: Option<Vec<Bound<'py, PyAny>>> = if let Ok(list) = value.cast::<PyList>() {
            Some(list.iter().collect())
        } else {
            value.cast::<PyTuple>().ok().map(|t| t.iter().collect())
        };
        if let Some(list) = list {
            let mut elements = Vec::new();
            let mut any = false;
            for element in &list {
                let binding = self.visible(element, depth + 1)?;
                any |= binding.is_some();
                elements.push(binding.unwrap_or(Binding::None));
            }
            let identity = value.as_ptr() as u64;
            return Ok(any.then_some(Binding::List { identity, elements }));
        }
        if value.is_instance(&self.api.block)? || value.is_instance(&self.api.process)? || value.is_callable()
        {
            return Ok(None);
        }
        let Ok(dict) = value.getattr("__dict__") else { return Ok(None) };
        let Ok(dict) = dict.cast_into::<PyDict>() else { return Ok(None) };
        if value.cast::<PyModule>().is_ok() || value.cast::<PyType>().is_ok() {
            return Ok(None);
        }
        let mut attributes = IndexMap::new();
        for (key, attribute) in dict.iter() {
            if let (Ok(key), Some(binding)) = (key.extract::<String>(), self.visible(&attribute, depth + 1)?)
            {
                attributes.insert(key, binding);
            }
        }
        if attributes.is_empty() {
            return Ok(None);
        }
        let type_name = value.get_type().name()?.to_string();
        Ok(Some(Binding::Object { type_name, identity: value.as_ptr() as u64, attributes }))
    }

    /// The number of a signal, entering it the first time.
    fn signal(&mut self, signal: &Bound<'py, Signal>) -> PyResult<usize> {
        let key = signal.as_ptr() as usize;
        if let Some(&index) = self.signal_ids.get(&key) {
            return Ok(index);
        }
        let this = signal.get();
        let shadow = match this.follows() {
            None => match this.assigned() {
                Some(source) => Some(Shadow::Signal { parent: self.signal(source.bind(self.py))? }),
                None => None,
            },
            Some(Follows::Bit { parent, index }) => {
                let parent = self.signal(parent.bind(self.py))?;
                Some(Shadow::Bit { parent, index: *index })
            }
            Some(Follows::Slice { parent, high, low }) => {
                let parent = self.signal(parent.bind(self.py))?;
                Some(Shadow::Slice { parent, high: *high, low: *low })
            }
            Some(Follows::Concat(parts)) => {
                let mut operands = Vec::new();
                for part in parts {
                    operands.push(match part {
                        Part::Signal(signal) => ShadowPart::Signal(self.signal(signal.bind(self.py))?),
                        Part::Constant { value, width } => {
                            ShadowPart::Constant { value: value.clone(), width: *width }
                        }
                    });
                }
                Some(Shadow::Concat(operands))
            }
        };
        let ty = match this.kind() {
            _ if this.is_open() => ElabSignalType::Open,
            // In a simulation its values are Python objects.
            _ if this.tristate().is_some() && !self.hdl => {
                ElabSignalType::Object("TristateSignal".to_owned())
            }
            Kind::Bool => ElabSignalType::Bool,
            Kind::Int => ElabSignalType::Int,
            Kind::Bits(bounds) => match bounds.bits_type() {
                Some(bits) => ElabSignalType::Bits(bits),
                None => ElabSignalType::Int,
            },
            Kind::Enum(of) => ElabSignalType::Enum(self.enumeration(of.bind(self.py), None)),
            Kind::Object => {
                ElabSignalType::Object(this.current_object(self.py)?.get_type().name()?.to_string())
            }
        };
        let index = self.out.signals.len();
        self.signal_ids.insert(key, index);
        self.out.signals.push(signal.clone().unbind());
        if shadow.is_some() {
            self.shadows.push(index);
        }
        self.out.elaborated.signals.push(ElabSignal {
            ty,
            init: this.init().to_bigint(),
            reset: this
                .reset()
                .map(|(active_high, asynchronous)| ResetPolarity { active_high, asynchronous }),
            shadow,
            constant: this.is_constant(),
            tristate: this.tristate().map(|_| ElabTristate::Bus),
        });
        match this.tristate() {
            Some(Tristate::Bus { .. }) => self.buses.push(signal.clone()),
            // Who drives a bus belongs to it, whether somebody looks at the bus or not.
            Some(Tristate::Driver { bus }) => {
                let bus = self.signal(bus.bind(self.py))?;
                self.out.elaborated.signals[index].tristate = Some(ElabTristate::Driver(bus));
            }
            None => {}
        }
        Ok(index)
    }

    fn enumeration(&mut self, of: &Bound<'py, EnumType>, name: Option<&str>) -> usize {
        let key = of.as_ptr() as usize;
        if let Some(&index) = self.enum_ids.get(&key) {
            let entry = &mut self.out.elaborated.enums[index];
            if let (Some(name), true) = (name, entry.name.starts_with("t_enum")) {
                entry.name = name.to_owned();
            }
            return index;
        }
        let index = self.out.elaborated.enums.len();
        let name = name.map_or_else(|| format!("t_enum_{index}"), str::to_owned);
        self.out.elaborated.enums.push(of.get().ir(name));
        self.enum_ids.insert(key, index);
        index
    }

    /// A process object of the Python side.
    fn process(&mut self, object: &Bound<'py, PyAny>, scope: usize) -> PyResult<ElabProcess> {
        let host = self.out.processes.len() as u32;
        self.out.processes.push(object.clone().unbind());
        if !object.is_instance(&self.api.process)? {
            // A bare generator: only Python can run it.
            let function = ElabFunction {
                name: "generator".into(),
                file: None,
                line: 1,
                bindings: IndexMap::new(),
                defaults: IndexMap::new(),
            };
            return Ok(ElabProcess { kind: ElabProcessKind::Instance, function, host });
        }
        let kind: String = object.getattr("kind")?.extract()?;
        let function = object.getattr("func")?.cast_into::<PyFunction>()?;
        let function = self.function(&function, Some(scope))?;
        let kind = match kind.as_str() {
            "instance" => ElabProcessKind::Instance,
            "always_comb" => ElabProcessKind::Combinational,
            "always_seq" => {
                let edge = object.getattr("edge")?.cast_into::<Edge>()?;
                let reset = object.getattr("reset")?;
                let reset = match reset.cast::<Signal>() {
                    Ok(reset) => Some(self.signal(reset)?),
                    Err(_) => None,
                };
                let edge = edge.get();
                ElabProcessKind::Sequential {
                    clock: self.signal(edge.sig.bind(self.py))?,
                    rising: edge.rising,
                    reset,
                }
            }
            _ => {
                let mut triggers = Vec::new();
                for trigger in object.getattr("senslist")?.try_iter()? {
                    triggers.push(self.trigger(&trigger?)?);
                }
                ElabProcessKind::Always(triggers)
            }
        };
        Ok(ElabProcess { kind, function, host })
    }

    fn trigger(&mut self, object: &Bound<'py, PyAny>) -> PyResult<ElabTrigger> {
        if let Ok(edge) = object.cast::<Edge>() {
            let edge = edge.get();
            let signal = self.signal(edge.sig.bind(self.py))?;
            return Ok(if edge.rising { ElabTrigger::Rising(signal) } else { ElabTrigger::Falling(signal) });
        }
        if let Ok(delay) = object.cast::<Delay>() {
            return Ok(ElabTrigger::Delay(delay.get().steps));
        }
        let signal = object.cast::<Signal>()?;
        Ok(ElabTrigger::Change(self.signal(signal)?))
    }

    /// A function with the meaning of its free names. For a process, globals that are signals become names of its
    /// scope.
    fn function(
        &mut self,
        function: &Bound<'py, PyFunction>,
        scope: Option<usize>,
    ) -> PyResult<ElabFunction> {
        let code = self.code(function)?;
        let Code { names, wanted, .. } = &*code;
        let globals = function.getattr("__globals__")?.cast_into::<PyDict>()?;
        let closure = function.getattr("__closure__")?;
        let mut cells: HashMap<&str, Bound<'py, PyAny>> = HashMap::new();
        let mut slots: HashMap<&str, u64> = HashMap::new();
        if let Ok(closure) = closure.cast::<PyTuple>() {
            for (name, cell) in code.free.iter().zip(closure.iter()) {
                if let Ok(value) = cell.getattr("cell_contents") {
                    slots.insert(name, cell.as_ptr() as u64);
                    cells.insert(name, value);
                }
            }
        }
        let mut bindings = IndexMap::new();
        for name in names {
            let (value, global) = match cells.get(name.as_str()) {
                Some(value) => (value.clone(), false),
                None => match globals.get_item(name)? {
                    Some(value) => (value, true),
                    None => match self.api.builtins.getattr(name.as_str()) {
                        Ok(value) => (value, false),
                        Err(_) => continue,
                    },
                },
            };
            if let Ok(of) = value.cast::<EnumType>() {
                self.enumeration(of, Some(name));
            }
            let mut binding = self.bind(&value, wanted, 0)?;
            if !matches!(binding, Binding::Signal(_)) && self.is_reassigned(&code, name, global)? {
                let identity = match slots.get(name.as_str()) {
                    Some(cell) => *cell,
                    None => global_identity(&globals, name),
                };
                binding = match binding {
                    Binding::Bool(_) | Binding::Int(_) | Binding::Bits { .. } | Binding::EnumLiteral(..) => {
                        Binding::Variable { identity, value: Box::new(binding) }
                    }
                    _ => Binding::Other("variable that a function rebinds".into()),
                };
            }
            if let (Some(scope), true) = (scope, global)
                && let Some(visible) = self.visible(&value, 0)?
                && !matches!(visible, Binding::Object { .. })
            {
                let names = &mut self.out.elaborated.scopes[scope].names;
                names.entry(name.clone()).or_insert(visible);
            }
            bindings.insert(name.clone(), binding);
        }
        Ok(ElabFunction {
            name: function.getattr("__name__")?.extract()?,
            file: code.is_file.then(|| code.file.clone()),
            line: code.line,
            bindings,
            defaults: self.defaults(function, wanted)?,
        })
    }

    /// The values of the parameters that a call may leave out.
    fn defaults(
        &mut self,
        function: &Bound<'py, PyFunction>,
        wanted: &HashSet<String>,
    ) -> PyResult<IndexMap<String, Binding>> {
        let mut defaults = IndexMap::new();
        if let Ok(values) = function.getattr("__defaults__")?.cast::<PyTuple>() {
            let code = function.getattr("__code__")?;
            let names: Vec<String> = code.getattr("co_varnames")?.extract()?;
            let positional: usize = code.getattr("co_argcount")?.extract()?;
            let first = positional.saturating_sub(values.len());
            for (name, value) in names.iter().take(positional).skip(first).zip(values.iter()) {
                defaults.insert(name.clone(), self.bind(&value, wanted, 0)?);
            }
        }
        if let Ok(values) = function.getattr("__kwdefaults__")?.cast::<PyDict>() {
            for (name, value) in values.iter() {
                defaults.insert(name.extract()?, self.bind(&value, wanted, 0)?);
            }
        }
        Ok(defaults)
    }

    /// Whether some function rebinds the name at run time (`global`, `nonlocal`), so that it is no constant.
    fn is_reassigned(&mut self, code: &Code<'py>, name: &str, global: bool) -> PyResult<bool> {
        let known = code.rebound.borrow().get(name).and_then(|known| known[usize::from(global)]);
        if let Some(known) = known {
            return Ok(known);
        }
        let how = if global { "is_global_rebound" } else { "is_cell_rebound" };
        let scan = self.py.import("pyhdl._rebinding")?;
        let rebound = scan.getattr(how)?.call1((code.file.display().to_string(), name))?.extract()?;
        code.rebound.borrow_mut().entry(name.to_owned()).or_default()[usize::from(global)] = Some(rebound);
        Ok(rebound)
    }

    /// What is known of a function by its code, which many functions have in common.
    fn code(&mut self, function: &Bound<'py, PyFunction>) -> PyResult<Rc<Code<'py>>> {
        let object = function.getattr("__code__")?;
        let key = object.as_ptr() as usize;
        if let Some(known) = self.codes.get(&key) {
            return Ok(known.clone());
        }
        let mut names = Vec::new();
        collect_names(&object, &mut names, 0)?;
        let file = resolve(Path::new(&object.getattr("co_filename")?.extract::<String>()?));
        let code = Rc::new(Code {
            wanted: names.iter().cloned().collect(),
            names,
            free: object.getattr("co_freevars")?.extract()?,
            is_file: file.is_file(),
            file,
            line: object.getattr("co_firstlineno")?.extract()?,
            rebound: RefCell::default(),
            _object: object,
        });
        self.codes.insert(key, code.clone());
        Ok(code)
    }

    /// What a value means to a process.
    fn bind(
        &mut self,
        value: &Bound<'py, PyAny>,
        wanted: &HashSet<String>,
        depth: usize,
    ) -> PyResult<Binding> {
        if let Ok(signal) = value.cast::<Signal>() {
            return Ok(Binding::Signal(self.signal(signal)?));
        }
        if value.is_none() {
            return Ok(Binding::None);
        }
        if value.is_exact_instance_of::<PyBool>() || value.is_exact_instance_of::<PyInt>() {
            return Ok(match exact(value) {
                Some(Value::Bool(b)) => Binding::Bool(b),
                Some(other) => Binding::Int(other.to_bigint()),
                None => Binding::Other("int".into()),
            });
        }
        if let Ok(text) = value.cast_exact::<PyString>() {
            return Ok(Binding::Str(text.to_string()));
        }
        // A named number, as of an `IntEnum`, if it prints as the number that it is.
        if let Ok(number) = value.cast::<PyInt>()
            && let Ok(plain) = number.call_method0("__int__")
            && plain.is_exact_instance_of::<PyInt>()
            && value.str()?.to_string() == plain.str()?.to_string()
        {
            return self.bind(&plain, wanted, depth);
        }
        if let Ok(bits) = value.cast::<IntBv>() {
            let bits = bits.borrow();
            let identity = value.as_ptr() as u64;
            return Ok(Binding::Bits {
                value: bits.value().to_bigint(),
                ty: bits.bounds().bits_type(),
                identity,
            });
        }
        if let Ok(of) = value.cast::<EnumType>() {
            return Ok(Binding::EnumType(self.enumeration(of, None)));
        }
        if let Ok(item) = value.cast::<EnumItem>() {
            let item = item.get();
            let of = self.enumeration(item.of.bind(self.py), None);
            return Ok(Binding::EnumLiteral(of, item.index));
        }
        let type_name = value.get_type().name()?.to_string();
        if depth > MAX_NESTING {
            return Ok(Binding::Other(type_name));
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            let elements: PyResult<Vec<Binding>> =
                tuple.iter().map(|e| self.bind(&e, wanted, depth + 1)).collect();
            return Ok(Binding::Tuple(elements?));
        }
        if let Ok(list) = value.cast::<PyList>() {
            let elements: PyResult<Vec<Binding>> =
                list.iter().map(|e| self.bind(&e, wanted, depth + 1)).collect();
            return Ok(Binding::List { identity: value.as_ptr() as u64, elements: elements? });
        }
        if let Ok(number) = value.cast_exact::<PyFloat>() {
            return Ok(Binding::Float(number.value()));
        }
        if let Some(binding) = self.random_method(value)? {
            return Ok(binding);
        }
        if value.get_type().is(&self.api.random) {
            return self.random_object(value, wanted);
        }
        if let Some(known) = self.known(value)? {
            return Ok(Binding::Known(known));
        }
        if let Ok(class) = value.cast::<PyType>()
            && class.is_subclass_of::<pyo3::exceptions::PyException>()?
        {
            return Ok(Binding::Exception(class.name()?.to_string()));
        }
        if let Ok(function) = value.cast::<PyFunction>() {
            return Ok(Binding::Function { function: self.called(function)?, receiver: None });
        }
        if type_name == "method" {
            let receiver = value.getattr("__self__")?;
            let function = value.getattr("__func__")?;
            if let Ok(function) = function.cast_into::<PyFunction>() {
                let receiver = self.bind(&receiver, wanted, depth + 1)?;
                return Ok(Binding::Function {
                    function: self.called(&function)?,
                    receiver: Some(Box::new(receiver)),
                });
            }
            return Ok(Binding::Other(type_name));
        }
        if value.is_callable() && value.cast::<PyType>().is_err() {
            return Ok(Binding::Other(type_name));
        }
        self.object(value, type_name, wanted, depth)
    }

    fn object(
        &mut self,
        value: &Bound<'py, PyAny>,
        type_name: String,
        wanted: &HashSet<String>,
        depth: usize,
    ) -> PyResult<Binding> {
        let mut attributes = IndexMap::new();
        let own = value.getattr("__dict__").ok();
        let class = if value.cast::<PyType>().is_ok() { value.clone() } else { value.get_type().into_any() };
        let mut names: Vec<&String> = wanted.iter().collect();
        names.sort();
        for name in names {
            let mut found = match &own {
                Some(dict) => dict.get_item(name.as_str()).ok(),
                None => None,
            };
            if found.is_none() {
                // Class attributes, but no properties: reading those runs the user's code.
                for base in class.getattr("__mro__")?.try_iter()? {
                    if let Ok(attribute) = base?.getattr("__dict__")?.get_item(name.as_str()) {
                        if attribute.hasattr("__get__")? && attribute.cast::<PyFunction>().is_err() {
                            break;
                        }
                        found = Some(attribute);
                        break;
                    }
                }
                if let Some(method) = found.as_ref().and_then(|f| f.cast::<PyFunction>().ok())
                    && value.cast::<PyType>().is_err()
                {
                    if depth < 2 {
                        let function = self.called(method)?;
                        let receiver = Binding::Object {
                            type_name: type_name.clone(),
                            identity: value.as_ptr() as u64,
                            attributes: attributes.clone(),
                        };
                        let method = Binding::Function { function, receiver: Some(Box::new(receiver)) };
                        attributes.insert(name.clone(), method);
                    }
                    continue;
                }
            }
            if let Some(attribute) = found {
                let binding = self.bind(&attribute, wanted, depth + 1)?;
                attributes.insert(name.clone(), binding);
            }
        }
        if attributes.is_empty() {
            return Ok(Binding::Other(type_name));
        }
        Ok(Binding::Object { type_name, identity: value.as_ptr() as u64, attributes })
    }

    /// What a method of one of Python's own generators of random numbers means, if it is one that gives a number.
    fn random_method(&mut self, value: &Bound<'py, PyAny>) -> PyResult<Option<Binding>> {
        // Other objects may run their author's code when they are asked.
        let is_method = value.is_exact_instance_of::<PyCFunction>() || value.get_type().is(&self.api.method);
        let Some(generator) = is_method.then(|| value.getattr("__self__").ok()).flatten() else {
            return Ok(None);
        };
        if !generator.get_type().is(&self.api.random) {
            return Ok(None);
        }
        let Ok(name) = value.getattr("__name__").and_then(|name| name.extract::<String>()) else {
            return Ok(None);
        };
        // Somebody may have put another function in its place.
        let own = self.api.random_methods.contains(&name) && generator.getattr(name.as_str())?.eq(value)?;
        let Some(method) = RandomMethod::named(&name).filter(|_| own) else { return Ok(None) };
        let generator = self.generator(&generator)?;
        Ok(Some(Binding::Random { generator, method }))
    }

    fn random_object(&mut self, value: &Bound<'py, PyAny>, wanted: &HashSet<String>) -> PyResult<Binding> {
        let mut attributes = IndexMap::new();
        let mut names: Vec<&String> =
            wanted.iter().filter(|name| RandomMethod::named(name).is_some()).collect();
        names.sort();
        for name in names {
            if let Some(binding) = self.random_method(&value.getattr(name.as_str())?)? {
                attributes.insert(name.clone(), binding);
            }
        }
        Ok(Binding::Object { type_name: "Random".to_owned(), identity: value.as_ptr() as u64, attributes })
    }

    /// The number of a generator of random numbers, entering it the first time.
    fn generator(&mut self, generator: &Bound<'py, PyAny>) -> PyResult<u32> {
        let key = generator.as_ptr() as usize;
        if let Some(&known) = self.generator_ids.get(&key) {
            return Ok(known);
        }
        let number = self.out.generators.len() as u32;
        self.out.generators.push(Generator::new(generator)?);
        self.generator_ids.insert(key, number);
        Ok(number)
    }

    /// The number of a function that a process may call, entering it the first time.
    fn called(&mut self, function: &Bound<'py, PyFunction>) -> PyResult<usize> {
        let key = function.as_ptr() as usize;
        if let Some(&index) = self.function_ids.get(&key) {
            return Ok(index);
        }
        let index = self.out.elaborated.functions.len();
        self.function_ids.insert(key, index);
        let placeholder = ElabFunction {
            name: String::new(),
            file: None,
            line: 1,
            bindings: IndexMap::new(),
            defaults: IndexMap::new(),
        };
        self.out.elaborated.functions.push(placeholder);
        let captured = self.function(function, None)?;
        self.out.elaborated.functions[index] = captured;
        Ok(index)
    }

    /// The qualified name of what is Python's or this package's own.
    fn known(&self, value: &Bound<'py, PyAny>) -> PyResult<Option<String>> {
        let Ok(module) = value.getattr("__module__") else { return Ok(None) };
        let Ok(name) = value.getattr("__name__").and_then(|n| n.extract::<String>()) else { return Ok(None) };
        let module: String = match module.extract() {
            Ok(module) => module,
            Err(_) => return Ok(None),
        };
        Ok(if module == "builtins" {
            Some(format!("builtins.{name}"))
        } else if module == "_core" || module == "pyhdl" || module.starts_with("pyhdl.") {
            Some(format!("pyhdl.{name}"))
        } else {
            None
        })
    }
}

/// A text in pieces: the words that are lists of signals apart from the rest. Words that are signals are read.
fn words(
    text: &str,
    names: &IndexMap<String, Binding>,
    parts: &mut Vec<ElabCodePart>,
    reads: &mut Vec<usize>,
) {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut plain = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        match names.get(word) {
            Some(list @ Binding::List { .. }) => {
                parts.push(ElabCodePart::Text(std::mem::take(&mut plain)));
                parts.push(ElabCodePart::List(list.clone()));
            }
            Some(Binding::Signal(index)) => {
                reads.push(*index);
                plain.push_str(word);
            }
            _ => plain.push_str(word),
        }
        let next = after.find(is_word).unwrap_or(after.len());
        plain.push_str(&after[..next]);
        rest = &after[next..];
    }
    parts.push(ElabCodePart::Text(plain));
}

/// The same number for one global variable.
fn global_identity(globals: &Bound<'_, PyDict>, name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (globals.as_ptr() as u64, name).hash(&mut hasher);
    hasher.finish()
}

/// Numbers and text hold no signals.
fn is_plain_data(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyInt>() || value.is_instance_of::<PyString>() || value.cast::<IntBv>().is_ok()
}

/// The global, attribute and closure names of a code object and of those inside it, each once.
fn collect_names(code: &Bound<'_, PyAny>, names: &mut Vec<String>, depth: usize) -> PyResult<()> {
    for list in ["co_freevars", "co_names"] {
        for name in code.getattr(list)?.extract::<Vec<String>>()? {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    if depth < MAX_NESTING {
        for constant in code.getattr("co_consts")?.try_iter()? {
            let constant = constant?;
            if constant.hasattr("co_freevars")? {
                collect_names(&constant, names, depth + 1)?;
            }
        }
    }
    Ok(())
}

/// The value of a parameter in HDL.
fn parameter(value: &Bound<'_, PyAny>) -> PyResult<Parameter> {
    if let Ok(truth) = value.cast::<PyBool>() {
        return Ok(Parameter::Bool(truth.is_true()));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(Parameter::Text(text.to_string()));
    }
    if value.cast::<PyInt>().is_ok() {
        return Ok(Parameter::Int(value.extract()?));
    }
    let number: f64 = value.extract()?;
    Ok(Parameter::Real(format!("{number:?}")))
}
