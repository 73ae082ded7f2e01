//! `Signal` and its kin. A signal owns its value until a simulation binds it; then the simulation's store does.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use num_bigint::BigInt;
use parking_lot::Mutex;
use pyhdl_ir::SignalId;
use pyhdl_sim::{Store, Value};
use pyo3::exceptions::{PyAttributeError, PyIndexError, PyPermissionError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PySlice, PyString, PyTuple};

use crate::engine;
use crate::enums::{EnumItem, EnumType};
use crate::intbv::{Bounds, IntBv, check_slice, slice_value, vector_text};
use crate::number::{exact, number, to_python};
use crate::operators::plain;
use crate::value_operators;

/// What a signal holds.
#[derive(Debug)]
pub enum Kind {
    Bool,
    /// An int without bounds.
    Int,
    Bits(Arc<Bounds>),
    Enum(Py<EnumType>),
    /// Any other object; its values live in [`Objects`].
    Object,
}

/// What a shadow signal follows.
#[derive(Debug)]
pub enum Follows {
    Bit { parent: Py<Signal>, index: u32 },
    Slice { parent: Py<Signal>, high: u32, low: u32 },
    Concat(Vec<Part>),
}

/// An operand of a `ConcatSignal`.
#[derive(Debug)]
pub enum Part {
    Signal(Py<Signal>),
    Constant { value: BigInt, width: u32 },
}

/// What a signal has to do with a bus.
#[derive(Debug)]
pub enum Tristate {
    /// It is the bus.
    Bus { drivers: Mutex<Vec<Py<Signal>>> },
    /// It drives a bus, or lets it go.
    Driver { bus: Py<Signal> },
}

/// Who keeps the value.
#[derive(Debug)]
enum Place {
    /// No simulation: current and next value.
    Own {
        current: Value,
        next: Value,
    },
    Bound {
        store: Store,
        id: SignalId,
    },
}

#[derive(Debug)]
struct Objects {
    current: Py<PyAny>,
    next: Py<PyAny>,
    init: Py<PyAny>,
}

/// The call of a block that is under way.
static ELABORATION: AtomicU64 = AtomicU64::new(0);

/// Says which call of a block is under way; returns the one before.
#[pyfunction]
pub fn elaborating(call: u64) -> u64 {
    ELABORATION.swap(call, Ordering::Relaxed)
}

#[derive(Debug, Default)]
struct Marks {
    driven: Option<String>,
    /// The call of a block in which that was said.
    driven_in: u64,
    read: bool,
    name: Option<String>,
}

/// A value that changes in simulated time: read now, assigned through `.next`.
#[pyclass(name = "SignalType", module = "pyhdl", frozen, subclass)]
#[derive(Debug)]
pub struct Signal {
    kind: Kind,
    init: Value,
    place: Mutex<Place>,
    objects: Option<Mutex<Objects>>,
    marks: Mutex<Marks>,
    follows: Option<Follows>,
    /// A `Constant`.
    constant: bool,
    /// An `OpenPort`.
    open: bool,
    /// For a tristate signal and its drivers, whose values are objects: None or a value of the kind.
    tristate: Option<Tristate>,
    /// The signal that it takes its values from, after `assign`.
    assigned: OnceLock<Py<Signal>>,
    /// For a reset signal: active level and whether it is asynchronous.
    reset: Option<(bool, bool)>,
    /// How late its values arrive, in time steps.
    delay: Mutex<Option<u64>>,
}

/// A rising or falling edge of a signal, to wait for.
#[pyclass(name = "Edge", module = "pyhdl", frozen)]
#[derive(Debug)]
pub struct Edge {
    #[pyo3(get)]
    pub sig: Py<Signal>,
    #[pyo3(get)]
    pub rising: bool,
}

/// A bool signal that resets what an `always_seq` process drives.
#[pyclass(name = "ResetSignal", module = "pyhdl", extends = Signal, frozen, subclass)]
#[derive(Debug)]
pub struct ResetSignal;

/// A signal that nothing may drive.
#[pyclass(name = "Constant", module = "pyhdl", extends = Signal, frozen, subclass)]
#[derive(Debug)]
pub struct ConstantSignal;

/// A port that is left open: nobody reads it, and what drives it is lost.
#[pyclass(name = "OpenPort", module = "pyhdl", extends = Signal, frozen, subclass)]
#[derive(Debug)]
pub struct OpenPort;

impl Signal {
    /// A signal whose initial value is `val`.
    pub fn create(val: Option<&Bound<'_, PyAny>>, py: Python<'_>) -> PyResult<Signal> {
        let none = py.None().into_bound(py);
        let val = val.unwrap_or(&none);
        let mut objects = None;
        let (kind, init) = if val.is_exact_instance_of::<PyBool>() {
            (Kind::Bool, exact(val).unwrap_or(Value::Bool(false)))
        } else if let Ok(bits) = val.cast::<IntBv>() {
            let bits = bits.borrow();
            (Kind::Bits(bits.bounds().clone()), bits.value().clone())
        } else if let Some(value) = exact(val) {
            (Kind::Int, value)
        } else if let Ok(item) = val.cast::<EnumItem>() {
            let item = item.get();
            (Kind::Enum(item.of.clone_ref(py)), Value::from(i64::from(item.index)))
        } else if let Ok(other) = val.cast::<Signal>() {
            return Signal::create(Some(&other.get().current_object(py)?), py);
        } else {
            let copy = deepcopy(val)?;
            objects = Some(Mutex::new(Objects {
                current: copy.clone().unbind(),
                next: copy.clone().unbind(),
                init: copy.unbind(),
            }));
            (Kind::Object, Value::from(0i64))
        };
        Ok(Signal {
            kind,
            place: Mutex::new(Place::Own { current: init.clone(), next: init.clone() }),
            init,
            objects,
            marks: Mutex::new(Marks::default()),
            follows: None,
            constant: false,
            open: false,
            tristate: None,
            assigned: OnceLock::new(),
            reset: None,
            delay: Mutex::new(None),
        })
    }

    fn following(kind: Kind, value: Value, follows: Follows) -> Signal {
        Signal {
            kind,
            place: Mutex::new(Place::Own { current: value.clone(), next: value.clone() }),
            init: value,
            objects: None,
            marks: Mutex::new(Marks::default()),
            follows: Some(follows),
            constant: false,
            open: false,
            tristate: None,
            assigned: OnceLock::new(),
            reset: None,
            delay: Mutex::new(None),
        }
    }

    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    pub fn init(&self) -> &Value {
        &self.init
    }

    pub fn follows(&self) -> Option<&Follows> {
        self.follows.as_ref()
    }

    pub fn is_constant(&self) -> bool {
        self.constant
    }

    /// Nobody reads it, and what drives it is lost.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// The signal that it takes its values from.
    pub fn assigned(&self) -> Option<&Py<Signal>> {
        self.assigned.get()
    }

    /// Active level and whether asynchronous, for a reset signal.
    pub fn reset(&self) -> Option<(bool, bool)> {
        self.reset
    }

    pub fn is_vector(&self) -> bool {
        self.objects.is_none() && matches!(self.kind, Kind::Bits(_))
    }

    /// What it has to do with a bus.
    pub fn tristate(&self) -> Option<&Tristate> {
        self.tristate.as_ref()
    }

    /// A signal without a value whose values will be of this one's kind.
    fn floating(&self, py: Python<'_>, tristate: Tristate) -> PyResult<Signal> {
        let initial = self.object(py, self.init.clone(), None)?;
        let mut signal = Signal::create(Some(&initial), py)?;
        let none = || py.None();
        signal.objects = Some(Mutex::new(Objects { current: none(), next: none(), init: none() }));
        signal.tristate = Some(tristate);
        Ok(signal)
    }

    /// The current value, as a number or as the index of an enumeration literal.
    pub fn current(&self) -> Value {
        match &*self.place.lock() {
            Place::Own { current, .. } => current.clone(),
            Place::Bound { store, id } => store.get(*id),
        }
    }

    fn next_value(&self) -> Value {
        match &*self.place.lock() {
            Place::Own { next, .. } => next.clone(),
            Place::Bound { store, id } => store.next(*id),
        }
    }

    /// Whether the values are Python objects, or nothing.
    pub fn is_object(&self) -> bool {
        self.objects.is_some()
    }

    /// The current value as a number; `None` for enumerations and objects.
    pub fn number(&self) -> Option<Value> {
        match self.kind {
            _ if self.objects.is_some() => None,
            Kind::Bool | Kind::Int | Kind::Bits(_) => Some(self.current()),
            _ => None,
        }
    }

    /// The current value as the user's object.
    pub fn current_object<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match (&self.kind, &self.objects) {
            (_, Some(objects)) => Ok(objects.lock().current.clone_ref(py).into_bound(py)),
            _ => self.object(py, self.current(), None),
        }
    }

    fn object<'py>(
        &self,
        py: Python<'py>,
        value: Value,
        owner: Option<Py<Signal>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match &self.kind {
            Kind::Bits(bounds) => IntBv::object(py, value, bounds.clone(), owner),
            Kind::Enum(of) => {
                let index = value.small().and_then(|i| usize::try_from(i).ok()).unwrap_or(0);
                of.bind(py).get().item(py, index)
            }
            _ => to_python(py, &value),
        }
    }

    /// Sets the next value, which has been checked.
    pub fn set_next_value(&self, _py: Python<'_>, value: Value) -> PyResult<()> {
        match &mut *self.place.lock() {
            Place::Own { next, .. } => *next = value,
            Place::Bound { store, id } => store.set_next(*id, value),
        }
        Ok(())
    }

    /// The next value for an assigned object, checked against the signal's type and bounds.
    fn convert(&self, val: &Bound<'_, PyAny>) -> PyResult<Value> {
        let py = val.py();
        match &self.kind {
            Kind::Bool => match number(val) {
                Some(value) if value == Value::from(0i64) || value == Value::from(1i64) => Ok(value),
                _ => {
                    let (val, _) = plain(val)?;
                    if val.is_instance_of::<EnumItem>() {
                        return Err(PyTypeError::new_err("Type mismatch in enum item comparison"));
                    }
                    let message = format!("Expected boolean value, got {} ({})", val.repr()?, val.get_type());
                    Err(PyValueError::new_err(message))
                }
            },
            Kind::Int | Kind::Bits(_) => {
                let value = match number(val) {
                    // A signal without bounds shows a bool as the bool that it was given.
                    Some(value) if matches!(self.kind, Kind::Int) => value,
                    Some(value) => value.into_int(),
                    None => {
                        let message = format!("Expected int or intbv, got {}", val.get_type());
                        return Err(PyTypeError::new_err(message));
                    }
                };
                match &self.kind {
                    Kind::Bits(bounds) => bounds.check(value),
                    _ => Ok(value),
                }
            }
            Kind::Enum(of) => match val.cast::<EnumItem>() {
                Ok(item) if item.get().of.is(of) => Ok(Value::from(i64::from(item.get().index))),
                _ => Err(PyTypeError::new_err(format!(
                    "Expected new value of type {}, got {}",
                    of.bind(py).get().describe(),
                    val.get_type()
                ))),
            },
            Kind::Object => Ok(Value::from(0i64)),
        }
    }

    /// Moves the value into a simulation's store.
    pub fn bind(&self, store: &Store, id: SignalId) {
        let mut place = self.place.lock();
        if let Place::Own { current, next } = &*place
            && current != next
        {
            store.set_next(id, next.clone());
        }
        if let Some(delay) = *self.delay.lock() {
            store.set_delay(id, delay);
        }
        *place = Place::Bound { store: store.clone(), id };
    }

    /// The id in the store of a simulation, if it is bound to that one.
    pub fn id_in(&self, of: &Store) -> Option<SignalId> {
        match &*self.place.lock() {
            Place::Bound { store, id } if store.is(of) => Some(*id),
            _ => None,
        }
    }

    pub fn is_bound(&self) -> bool {
        matches!(&*self.place.lock(), Place::Bound { .. })
    }

    /// Takes the value back from a simulation: the signal has its initial value again.
    pub fn unbind(&self, py: Python<'_>) {
        *self.place.lock() = Place::Own { current: self.init.clone(), next: self.init.clone() };
        *self.marks.lock() = Marks::default();
        if let Some(objects) = &self.objects {
            let mut objects = objects.lock();
            objects.current = objects.init.clone_ref(py);
            objects.next = objects.init.clone_ref(py);
        }
    }

    /// The next object becomes the current one; true if that changed it.
    pub fn commit_object(&self, py: Python<'_>) -> PyResult<bool> {
        let Some(objects) = &self.objects else { return Ok(false) };
        let (current, next) = {
            let objects = objects.lock();
            (objects.current.clone_ref(py), objects.next.clone_ref(py))
        };
        let changed = current.bind(py).ne(next.bind(py))?;
        if changed {
            let copy = deepcopy(next.bind(py))?.unbind();
            objects.lock().current = copy;
        }
        Ok(changed)
    }

    /// Whether the author has said, in one call of a block, that text in an output language drives the signal; as a
    /// wire?
    pub fn driven_in(&self, elaboration: u64) -> Option<bool> {
        let marks = self.marks.lock();
        marks.driven.as_ref().filter(|_| marks.driven_in == elaboration).map(|kind| kind == "wire")
    }

    /// Number of bits; 0 for none.
    pub fn width(&self, py: Python<'_>) -> u32 {
        match &self.kind {
            Kind::Bool => 1,
            Kind::Bits(bounds) => bounds.width,
            Kind::Enum(of) => of.bind(py).get().width(),
            _ => 0,
        }
    }

    fn refuse_drive(&self) -> Option<PyErr> {
        if self.follows.is_some() {
            return Some(PyAttributeError::new_err("ShadowSignals are readonly"));
        }
        if let Some(Tristate::Bus { .. }) = &self.tristate {
            return Some(PyAttributeError::new_err(
                "a tristate signal is driven through its drivers: `d = bus.driver()`, `d.next = …`",
            ));
        }
        self.constant.then(|| PyPermissionError::new_err("A 'Constant' can not be changed!"))
    }
}

fn deepcopy<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    object.py().import("copy")?.getattr("deepcopy")?.call1((object,))
}

/// A read-only signal that follows a bit or a slice of another one.
///
/// # Errors
///
/// The signal has no width, or there are no such bits.
fn slice_signal(parent: &Bound<'_, Signal>, left: i64, right: Option<i64>) -> PyResult<Signal> {
    let of = parent.get();
    let py = parent.py();
    let width = of.width(py);
    if width == 0 {
        return Err(PyTypeError::new_err("a slice needs a signal with a width"));
    }
    let parent_ref = parent.clone().unbind();
    if let Some(right) = right {
        check_slice(Some(left), right, "intbv", None)?;
    }
    match right {
        None if left < 0 => Err(PyValueError::new_err("negative shift count")),
        None if left < i64::from(width) => {
            let left = left as u32;
            let bit = of.current().bit(u64::from(left));
            Ok(Signal::following(
                Kind::Bool,
                Value::Bool(bit),
                Follows::Bit { parent: parent_ref, index: left },
            ))
        }
        Some(right) if left <= i64::from(width) => {
            let value = slice_value(&of.current(), left, right)?;
            let (left, right) = (left as u32, right as u32);
            let bounds = Arc::new(Bounds::unsigned(left - right, false));
            let follows = Follows::Slice { parent: parent_ref, high: left, low: right };
            Ok(Signal::following(Kind::Bits(bounds), value, follows))
        }
        _ => Err(PyIndexError::new_err(format!("this slice is outside the signal's {width} bits"))),
    }
}

#[pymethods]
impl Signal {
    #[getter]
    fn val<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.current_object(py)
    }

    #[getter]
    fn get_next<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let (py, this) = (slf.py(), slf.get());
        if let Some(error) = this.refuse_drive() {
            return Err(error);
        }
        engine::bind_to_running(slf);
        if let Some(objects) = &this.objects {
            if let Place::Bound { store, id } = &*this.place.lock() {
                store.touch(*id);
            }
            let mut objects = objects.lock();
            if objects.next.is(&objects.current) {
                let copy = deepcopy(objects.current.bind(py))?.unbind();
                objects.next = copy;
            }
            return Ok(objects.next.clone_ref(py).into_bound(py));
        }
        let next = this.next_value();
        // Looking at the next value schedules an update, as it does in MyHDL.
        this.set_next_value(py, next.clone())?;
        this.object(py, next, Some(slf.clone().unbind()))
    }

    #[setter]
    fn set_next(slf: &Bound<'_, Self>, val: &Bound<'_, PyAny>) -> PyResult<()> {
        let (py, this) = (slf.py(), slf.get());
        if let Some(error) = this.refuse_drive() {
            return Err(error);
        }
        if this.open {
            return Ok(());
        }
        engine::bind_to_running(slf);
        // The object that `x.next[i] = v` leaves behind has done its work already.
        let unwrapped;
        let val = match val.cast::<Signal>() {
            Ok(signal) => {
                unwrapped = signal.get().current_object(py)?;
                &unwrapped
            }
            Err(_) => val,
        };
        if let Some(objects) = &this.objects {
            let floating;
            let val = match &this.tristate {
                Some(_) if !val.is_none() => {
                    floating = this.object(py, this.convert(val)?, None)?;
                    &floating
                }
                _ => val,
            };
            let mut slot = objects.lock();
            let current = slot.current.bind(py);
            if this.tristate.is_none() && !val.is_instance(&current.get_type())? {
                let message = format!("Expected {}, got {}", current.get_type(), val.get_type());
                return Err(PyTypeError::new_err(message));
            }
            slot.next = val.clone().unbind();
            drop(slot);
            if let Place::Bound { store, id } = &*this.place.lock() {
                store.touch(*id);
            }
            return Ok(());
        }
        let value = this.convert(val)?;
        this.set_next_value(py, value)
    }

    #[getter]
    fn posedge(slf: &Bound<'_, Self>) -> Edge {
        Edge { sig: slf.clone().unbind(), rising: true }
    }

    #[getter]
    fn negedge(slf: &Bound<'_, Self>) -> Edge {
        Edge { sig: slf.clone().unbind(), rising: false }
    }

    #[getter]
    fn min<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match &self.kind {
            Kind::Bits(bounds) => bounds.min.clone().map(|b| to_python(py, &Value::from(b))).transpose(),
            _ => Ok(None),
        }
    }

    #[getter]
    fn max<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match &self.kind {
            Kind::Bits(bounds) => bounds.max.clone().map(|b| to_python(py, &Value::from(b))).transpose(),
            _ => Ok(None),
        }
    }

    #[getter]
    fn nbits(&self, py: Python<'_>) -> u32 {
        self.width(py)
    }

    #[getter]
    fn get_delay(&self) -> PyResult<u64> {
        self.delay.lock().ok_or_else(|| PyAttributeError::new_err("this signal was made without a delay"))
    }

    #[setter]
    fn set_delay(&self, steps: u64) -> PyResult<()> {
        let mut delay = self.delay.lock();
        if delay.is_none() {
            return Err(PyAttributeError::new_err("this signal was made without a delay"));
        }
        *delay = Some(steps);
        if let Place::Bound { store, id } = &*self.place.lock() {
            store.set_delay(*id, steps);
        }
        Ok(())
    }

    #[getter]
    fn get_driven(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        Ok(match self.marks.lock().driven.as_deref() {
            None => None,
            Some("True") => Some(PyBool::new(py, true).to_owned().into_any().unbind()),
            Some(kind) => Some(PyString::new(py, kind).into_any().unbind()),
        })
    }

    #[setter]
    fn set_driven(&self, val: &Bound<'_, PyAny>) -> PyResult<()> {
        let text = match val.extract::<String>() {
            Ok(text) if text == "reg" || text == "wire" => text,
            _ if val.is(PyBool::new(val.py(), true)) => "True".to_owned(),
            _ => {
                return Err(PyValueError::new_err(format!(
                    "Expected value \"reg\", \"wire\", or True, got \"{val}\""
                )));
            }
        };
        let mut marks = self.marks.lock();
        marks.driven = Some(text);
        marks.driven_in = ELABORATION.load(Ordering::Relaxed);
        Ok(())
    }

    #[getter]
    fn get_read(&self) -> bool {
        self.marks.lock().read
    }

    #[setter]
    fn set_read(&self, val: &Bound<'_, PyAny>) -> PyResult<()> {
        if !val.is(PyBool::new(val.py(), true)) {
            return Err(PyValueError::new_err(format!("Expected value True, got \"{val}\"")));
        }
        self.marks.lock().read = true;
        Ok(())
    }

    #[getter]
    fn active(&self) -> PyResult<bool> {
        self.reset
            .map(|r| r.0)
            .ok_or_else(|| PyAttributeError::new_err("only a ResetSignal has an active level"))
    }

    #[getter]
    fn isasync(&self) -> PyResult<bool> {
        self.reset
            .map(|r| r.1)
            .ok_or_else(|| PyAttributeError::new_err("only a ResetSignal can be asynchronous"))
    }

    /// A new driver of a tristate signal.
    fn driver(slf: &Bound<'_, Self>) -> PyResult<Py<Signal>> {
        let Some(Tristate::Bus { drivers }) = &slf.get().tristate else {
            return Err(PyAttributeError::new_err("only a tristate signal has drivers"));
        };
        let py = slf.py();
        let driver = slf.get().floating(py, Tristate::Driver { bus: slf.clone().unbind() })?;
        let driver = Py::new(py, driver)?;
        drivers.lock().push(driver.clone_ref(py));
        Ok(driver)
    }

    /// The drivers of a tristate signal.
    #[getter]
    fn _drivers(&self, py: Python<'_>) -> Vec<Py<Signal>> {
        match &self.tristate {
            Some(Tristate::Bus { drivers }) => drivers.lock().iter().map(|d| d.clone_ref(py)).collect(),
            _ => Vec::new(),
        }
    }

    /// Gives a tristate signal its next value.
    fn _resolve(slf: &Bound<'_, Self>, val: &Bound<'_, PyAny>) {
        let this = slf.get();
        if let Some(objects) = &this.objects {
            objects.lock().next = val.clone().unbind();
            if let Place::Bound { store, id } = &*this.place.lock() {
                store.touch(*id);
            }
        }
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.width(py) as usize
    }

    fn __hash__(&self) -> PyResult<isize> {
        Err(PyTypeError::new_err("Signals are unhashable"))
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let value = self.current_object(key.py())?;
        if key.cast::<PySlice>().is_ok() || self.is_vector() || self.objects.is_some() {
            return value.get_item(key);
        }
        value.get_item(key)
    }

    fn __setitem__(&self, _key: &Bound<'_, PyAny>, _val: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyTypeError::new_err("Signal object doesn't support item/slice assignment"))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.current_object(py)?.call_method0("__iter__")
    }

    fn __contains__(&self, item: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.current_object(item.py())?.contains(item)
    }

    #[pyo3(signature = (left, right=None))]
    fn __call__(slf: &Bound<'_, Self>, left: i64, right: Option<i64>) -> PyResult<Signal> {
        slice_signal(slf, left, right)
    }

    fn __getattr__<'py>(slf: &Bound<'py, Self>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        if name.starts_with("__") {
            return Err(PyAttributeError::new_err(format!("'Signal' object has no attribute '{name}'")));
        }
        slf.get().current_object(slf.py())?.getattr(name)
    }

    fn __str__(&self, py: Python<'_>) -> PyResult<String> {
        if let (Kind::Bits(bounds), None) = (&self.kind, &self.objects) {
            return Ok(vector_text(&self.current(), bounds.width));
        }
        Ok(self.current_object(py)?.str()?.to_string())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        match &self.follows {
            Some(Follows::Bit { parent, index }) => Ok(format!("{}({index})", parent.bind(py).repr()?)),
            Some(Follows::Slice { parent, high, low }) => {
                Ok(format!("{}({high}, {low})", parent.bind(py).repr()?))
            }
            _ => {
                let name = if self.constant { "Constant" } else { "Signal" };
                Ok(format!("{name}({})", self.current_object(py)?.repr()?))
            }
        }
    }

    fn __invert__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.number() {
            Some(value) if !self.is_vector() => to_python(py, &value.unary(pyhdl_ir::UnaryOp::Invert)),
            _ => self.current_object(py)?.bitnot(),
        }
    }

    /// From now on this signal takes the values of another one, a delta cycle later.
    fn assign(slf: &Bound<'_, Self>, sig: &Bound<'_, Signal>) -> PyResult<()> {
        if let Some(error) = slf.get().refuse_drive() {
            return Err(error);
        }
        if slf.get().assigned.set(sig.clone().unbind()).is_err() {
            return Err(PyValueError::new_err("this signal is assigned already"));
        }
        slf.get().marks.lock().driven = Some("wire".to_owned());
        sig.get().marks.lock().read = true;
        Ok(())
    }

    /// Another signal of the same type, with the same initial value or, for a vector, with another one.
    #[pyo3(signature = (val=None))]
    fn duplicate<'py>(&self, py: Python<'py>, val: Option<&Bound<'py, PyAny>>) -> PyResult<Signal> {
        let initial = match &self.objects {
            Some(objects) => objects.lock().init.clone_ref(py).into_bound(py),
            None => self.object(py, self.init.clone(), None)?,
        };
        let made = Signal::create(Some(&initial), py)?;
        match val {
            Some(val) if made.is_vector() => {
                let value = made.convert(val)?;
                let initial = made.object(py, value, None)?;
                Signal::create(Some(&initial), py)
            }
            Some(_) => Err(PyTypeError::new_err("only a vector can be duplicated with another value")),
            None => Ok(made),
        }
    }

    fn __copy__(slf: &Bound<'_, Self>) -> PyResult<Signal> {
        Signal::create(Some(&slf.get().current_object(slf.py())?), slf.py())
    }

    #[getter]
    fn _init<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match &self.objects {
            Some(objects) => Ok(objects.lock().init.clone_ref(py).into_bound(py)),
            None => self.object(py, self.init.clone(), None),
        }
    }

    #[getter]
    fn _val<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.current_object(py)
    }

    #[getter(_name)]
    fn hdl_name(&self) -> Option<String> {
        self.marks.lock().name.clone()
    }

    #[setter(_name)]
    fn set_hdl_name(&self, name: Option<String>) {
        self.marks.lock().name = name;
    }

    #[getter]
    fn _nrbits(&self, py: Python<'_>) -> u32 {
        self.width(py)
    }

    fn __iadd__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
    fn __isub__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
    fn __imul__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
    fn __ifloordiv__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
    fn __itruediv__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
    fn __ipow__(&self, _other: &Bound<'_, PyAny>, _modulo: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
    fn __imod__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
    fn __iand__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
    fn __ior__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
    fn __ixor__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
    fn __ilshift__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
    fn __irshift__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(crate::operators::refuse_augmented())
    }
}

value_operators!(Signal);

#[pymethods]
impl ResetSignal {
    #[new]
    fn new(
        val: &Bound<'_, PyAny>,
        active: &Bound<'_, PyAny>,
        isasync: &Bound<'_, PyAny>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let py = val.py();
        let level = PyBool::new(py, val.is_truthy()?).to_owned().into_any();
        let mut signal = Signal::create(Some(&level), py)?;
        signal.reset = Some((active.is_truthy()?, isasync.is_truthy()?));
        Ok(PyClassInitializer::from(signal).add_subclass(ResetSignal))
    }
}

#[pymethods]
impl OpenPort {
    #[new]
    fn new(py: Python<'_>) -> PyResult<PyClassInitializer<Self>> {
        let zero = to_python(py, &Value::from(0i64))?;
        let mut signal = Signal::create(Some(&zero), py)?;
        signal.open = true;
        Ok(PyClassInitializer::from(signal).add_subclass(OpenPort))
    }
}

#[pymethods]
impl ConstantSignal {
    #[new]
    fn new(val: &Bound<'_, PyAny>) -> PyResult<PyClassInitializer<Self>> {
        let mut signal = Signal::create(Some(val), val.py())?;
        signal.constant = true;
        Ok(PyClassInitializer::from(signal).add_subclass(ConstantSignal))
    }
}

/// Makes a signal with the initial value `val`.
#[pyfunction(name = "Signal")]
#[pyo3(signature = (val=None, delay=None))]
pub fn signal(
    py: Python<'_>,
    val: Option<&Bound<'_, PyAny>>,
    delay: Option<&Bound<'_, PyAny>>,
) -> PyResult<Signal> {
    let made = Signal::create(val, py)?;
    if let Some(delay) = delay {
        let steps =
            number(delay).ok_or_else(|| PyTypeError::new_err("Signal: delay should be an integer"))?;
        let steps = steps.small().and_then(|s| u64::try_from(s).ok());
        let steps = steps.ok_or_else(|| PyTypeError::new_err("Signal: delay should be >= 0"))?;
        *made.delay.lock() = Some(steps);
    }
    Ok(made)
}

/// Makes a signal that several drivers drive, each of which can let it go. Its values are like `val`; it begins
/// without one.
#[pyfunction(name = "TristateSignal")]
pub fn tristate_signal(val: &Bound<'_, PyAny>) -> PyResult<Signal> {
    let py = val.py();
    let model = Signal::create(Some(val), py)?;
    model.floating(py, Tristate::Bus { drivers: Mutex::default() })
}

/// Makes a read-only signal out of signals, sized vectors, bools and bit strings, the first one topmost.
#[pyfunction(name = "ConcatSignal")]
#[pyo3(signature = (*args))]
pub fn concat_signal(py: Python<'_>, args: &Bound<'_, PyTuple>) -> PyResult<Signal> {
    if args.len() < 2 {
        return Err(PyTypeError::new_err("ConcatSignal expects at least two arguments"));
    }
    let mut parts = Vec::new();
    let mut total = 0;
    let mut value = BigInt::ZERO;
    for arg in args.iter() {
        let (part, bits, width) = if let Ok(signal) = arg.cast::<Signal>() {
            let width = signal.get().width(py);
            let bits = signal.get().current().unsigned(width).to_bigint();
            (Part::Signal(signal.clone().unbind()), bits, width)
        } else {
            let (bits, width) = crate::functions::sized_bits(&arg).ok_or_else(|| {
                PyTypeError::new_err(format!("ConcatSignal: inappropriate argument type: {}", arg.get_type()))
            })?;
            (Part::Constant { value: bits.clone(), width }, bits, width)
        };
        if width == 0 {
            return Err(PyTypeError::new_err("ConcatSignal: argument without a width"));
        }
        total += width;
        value = (value << width) + bits;
        parts.push(part);
    }
    let bounds = Arc::new(Bounds::unsigned(total, false));
    Ok(Signal::following(Kind::Bits(bounds), Value::from(value), Follows::Concat(parts)))
}

#[pyfunction]
pub fn posedge(sig: &Bound<'_, Signal>) -> Edge {
    Edge { sig: sig.clone().unbind(), rising: true }
}

#[pyfunction]
pub fn negedge(sig: &Bound<'_, Signal>) -> Edge {
    Edge { sig: sig.clone().unbind(), rising: false }
}
