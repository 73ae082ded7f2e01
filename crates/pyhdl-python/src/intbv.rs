//! `intbv` and `modbv`: integers with bounds and bits.

use std::sync::Arc;

use num_bigint::BigInt;
use pyhdl_ir::{BitsType, Range};
use pyhdl_sim::Value;
use pyo3::exceptions::{PyTypeError, PyValueError, PyZeroDivisionError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PySlice, PyString};

use crate::number::{exact, number, to_python, to_python_int};
use crate::operators::{Op, binary};
use crate::signal::Signal;
use crate::value_operators;

/// What a bit vector may hold: `min <= value < max`, each bound optional.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bounds {
    pub min: Option<BigInt>,
    /// One more than the highest value.
    pub max: Option<BigInt>,
    /// Number of bits; 0 for none.
    pub width: u32,
    /// `modbv`: values wrap around instead of being refused.
    pub wraps: bool,
}

impl Bounds {
    fn new(min: Option<BigInt>, max: Option<BigInt>, wraps: bool) -> Bounds {
        let width = match (&min, &max) {
            (Some(min), Some(max)) if max > min => Range::new(min.clone(), max - 1).width().unwrap_or(0),
            _ => 0,
        };
        Bounds { min, max, width, wraps }
    }

    pub fn unsigned(width: u32, wraps: bool) -> Bounds {
        Bounds { min: Some(BigInt::ZERO), max: Some(BigInt::from(1) << width), width, wraps }
    }

    /// The value as it may be stored: wrapped where the bounds wrap; `ValueError` outside the bounds otherwise.
    pub fn check(&self, value: Value) -> PyResult<Value> {
        let under = self.min.as_ref().filter(|min| below(&value, min));
        let over = self.max.as_ref().filter(|max| !below(&value, max));
        if under.is_none() && over.is_none() {
            return Ok(value);
        }
        if self.wraps
            && let (Some(min), Some(max)) = (&self.min, &self.max)
        {
            if max == min {
                return Err(PyZeroDivisionError::new_err("integer modulo by zero"));
            }
            return Ok(value.wrapped(min, &(max - 1)));
        }
        Err(PyValueError::new_err(match (over, under) {
            (Some(max), _) => format!("intbv value {value} >= maximum {max}"),
            (None, Some(min)) => format!("intbv value {value} < minimum {min}"),
            (None, None) => String::new(),
        }))
    }

    /// The type for processes; `None` where there is no width.
    pub fn bits_type(&self) -> Option<BitsType> {
        match (&self.min, &self.max) {
            (Some(min), Some(max)) if self.width > 0 => {
                Some(BitsType { width: self.width, min: min.clone(), max: max - 1, wraps: self.wraps })
            }
            _ => None,
        }
    }
}

fn below(value: &Value, bound: &BigInt) -> bool {
    match value.small() {
        Some(small) => BigInt::from(small) < *bound,
        None => value.to_bigint() < *bound,
    }
}

/// An integer with optional bounds and a bit pattern.
#[pyclass(name = "intbv", module = "pyhdl", subclass)]
#[derive(Debug)]
pub struct IntBv {
    value: Value,
    bounds: Arc<Bounds>,
    /// The signal whose next value this is: changes in place go there.
    owner: Option<Py<Signal>>,
}

/// An `intbv` whose values wrap around at its bounds.
#[pyclass(name = "modbv", module = "pyhdl", extends = IntBv, subclass)]
#[derive(Debug)]
pub struct ModBv;

impl IntBv {
    pub fn value(&self) -> &Value {
        &self.value
    }

    pub fn bounds(&self) -> &Arc<Bounds> {
        &self.bounds
    }

    pub fn unsized_value(value: Value) -> IntBv {
        IntBv { value, bounds: Arc::new(Bounds::default()), owner: None }
    }

    /// A Python object: a `modbv` where the bounds wrap.
    pub fn object<'py>(
        py: Python<'py>,
        value: Value,
        bounds: Arc<Bounds>,
        owner: Option<Py<Signal>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let wraps = bounds.wraps;
        let base = IntBv { value, bounds, owner };
        if wraps {
            Ok(Bound::new(py, PyClassInitializer::from(base).add_subclass(ModBv))?.into_any())
        } else {
            Ok(Bound::new(py, base)?.into_any())
        }
    }

    fn construct(
        val: Given<'_>,
        min: Option<BigInt>,
        max: Option<BigInt>,
        width: u32,
        wraps: bool,
    ) -> PyResult<IntBv> {
        let mut bounds =
            if width > 0 { Bounds::unsigned(width, wraps) } else { Bounds::new(min, max, wraps) };
        let value = match val {
            Given::Nothing => Value::from(0i64),
            Given::Object(ref val) => {
                if let Ok(text) = val.cast::<PyString>() {
                    let digits = text.to_str()?.replace('_', "");
                    let value =
                        BigInt::parse_bytes(digits.strip_prefix("0b").unwrap_or(&digits).as_bytes(), 2)
                            .ok_or_else(|| {
                                PyValueError::new_err(format!(
                                    "invalid literal for int() with base 2: '{digits}'"
                                ))
                            })?;
                    bounds.width = digits.len() as u32;
                    Value::from(value)
                } else if let Ok(bits) = val.cast::<IntBv>() {
                    let bits = bits.borrow();
                    bounds = Bounds { wraps, ..(*bits.bounds).clone() };
                    bits.value.clone()
                } else if let Some(value) = exact(val) {
                    value.into_int()
                } else {
                    return Err(PyTypeError::new_err("intbv constructor arg should be int or string"));
                }
            }
        };
        let value = bounds.check(value)?;
        Ok(IntBv { value, bounds: Arc::new(bounds), owner: None })
    }

    /// Stores a new value: into this object, or into the signal whose next value it is.
    fn store(slf: &Bound<'_, Self>, value: Value) -> PyResult<()> {
        let bounds = slf.borrow().bounds.clone();
        let value = bounds.check(value)?;
        let owner = {
            let mut this = slf.borrow_mut();
            this.value = value.clone();
            this.owner.as_ref().map(|o| o.clone_ref(slf.py()))
        };
        if let Some(owner) = owner {
            owner.get().set_next_value(slf.py(), value)?;
        }
        Ok(())
    }

    fn augmented(slf: &Bound<'_, Self>, op: Op, other: &Bound<'_, PyAny>) -> PyResult<()> {
        let result = binary(op, slf.as_any(), other)?;
        match number(&result) {
            Some(value) => Self::store(slf, value.into_int()),
            None => Err(PyValueError::new_err("intbv value should be integer")),
        }
    }
}

/// An argument that may be left out; `None` is not the same.
enum Given<'py> {
    Nothing,
    Object(Bound<'py, PyAny>),
}

impl<'a, 'py> FromPyObject<'a, 'py> for Given<'py> {
    type Error = std::convert::Infallible;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> Result<Self, Self::Error> {
        Ok(Given::Object(object.to_owned()))
    }
}

fn index_of(object: &Bound<'_, PyAny>) -> PyResult<i64> {
    match number(object).and_then(|v| v.small()) {
        Some(index) => Ok(index),
        None => object.extract::<i64>(),
    }
}

/// `i` and `j` of `b[i:j]`. `form` names the type and `assigned` the value, for messages.
fn slice_bounds(
    slice: &Bound<'_, PySlice>,
    form: &str,
    assigned: Option<&BigInt>,
) -> PyResult<(Option<i64>, i64)> {
    let start = slice.getattr("start")?;
    let stop = slice.getattr("stop")?;
    let high = if start.is_none() { None } else { Some(index_of(&start)?) };
    let low = if stop.is_none() { 0 } else { index_of(&stop)? };
    check_slice(high, low, form, assigned)?;
    Ok((high, low))
}

/// Refuses a slice that has no bits, or bits below bit 0.
pub fn check_slice(high: Option<i64>, low: i64, form: &str, assigned: Option<&BigInt>) -> PyResult<()> {
    let (form, names, values) = match assigned {
        None => (format!("{form}[i:j]"), "i, j", String::new()),
        Some(value) => (format!("{form}[i:j] = v"), "i, j, v", format!(", {value}")),
    };
    if low < 0 {
        return Err(PyValueError::new_err(format!("{form} requires j >= 0\n            j == {low}")));
    }
    if let Some(high) = high
        && high <= low
    {
        return Err(PyValueError::new_err(format!(
            "{form} requires i > j\n            {names} == {high}, {low}{values}"
        )));
    }
    Ok(())
}

fn arithmetic(e: pyhdl_sim::ArithmeticError) -> PyErr {
    match e {
        pyhdl_sim::ArithmeticError::Python { message, .. } => PyValueError::new_err(message),
        _ => PyValueError::new_err("the result is too large"),
    }
}

/// `value[high:low]` as an unsigned number.
pub fn slice_value(value: &Value, high: i64, low: i64) -> PyResult<Value> {
    let shifted = value.clone().shift_right(&Value::from(low)).map_err(arithmetic)?;
    Ok(shifted.unsigned((high - low) as u32))
}

#[pymethods]
impl IntBv {
    #[new]
    #[pyo3(signature = (val=Given::Nothing, min=None, max=None, _nrbits=0))]
    fn new(
        val: Given<'_>,
        min: Option<&Bound<'_, PyAny>>,
        max: Option<&Bound<'_, PyAny>>,
        _nrbits: u32,
    ) -> PyResult<Self> {
        IntBv::construct(val, bound(min)?, bound(max)?, _nrbits, false)
    }

    #[getter]
    fn min<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.bounds.min.clone().map(|b| to_python(py, &Value::from(b))).transpose()
    }

    #[getter]
    fn max<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.bounds.max.clone().map(|b| to_python(py, &Value::from(b))).transpose()
    }

    #[getter]
    fn _val<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python_int(py, &self.value)
    }

    #[getter]
    fn _min<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.min(py)
    }

    #[getter]
    fn _max<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.max(py)
    }

    #[getter]
    fn _nrbits(&self) -> u32 {
        self.bounds.width
    }

    #[getter]
    fn nbits(&self) -> u32 {
        self.bounds.width
    }

    fn __len__(&self) -> usize {
        self.bounds.width as usize
    }

    fn __hash__(&self) -> PyResult<isize> {
        Err(PyTypeError::new_err("intbv objects are unhashable"))
    }

    fn __copy__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        IntBv::object(py, self.value.clone(), self.bounds.clone(), None)
    }

    fn __deepcopy__<'py>(&self, py: Python<'py>, _memo: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.__copy__(py)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if self.bounds.width == 0 {
            return Err(PyTypeError::new_err("Cannot iterate over unsized intbv"));
        }
        let bits: Vec<bool> = (0..self.bounds.width).rev().map(|i| self.value.bit(u64::from(i))).collect();
        pyo3::types::PyList::new(py, bits)?.call_method0("__iter__")
    }

    /// From the highest index down, as `len` and indexing give it.
    fn __reversed__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let bits: Vec<bool> = (0..self.bounds.width).rev().map(|i| self.value.bit(u64::from(i))).collect();
        pyo3::types::PyList::new(py, bits)?.call_method0("__iter__")
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = key.py();
        let Ok(slice) = key.cast::<PySlice>() else {
            let index = index_of(key)?;
            let index = u64::try_from(index).map_err(|_| PyValueError::new_err("negative shift count"))?;
            return Ok(PyBool::new(py, self.value.bit(index)).to_owned().into_any());
        };
        let (high, low) = slice_bounds(slice, if self.bounds.wraps { "modbv" } else { "intbv" }, None)?;
        let wraps = self.bounds.wraps;
        match high {
            Some(high) => {
                let value = slice_value(&self.value, high, low)?;
                let bounds = Bounds::unsigned((high - low) as u32, wraps);
                IntBv::object(py, value, Arc::new(bounds), None)
            }
            None => {
                let value = self.value.clone().shift_right(&Value::from(low)).map_err(arithmetic)?;
                IntBv::object(py, value, Arc::new(Bounds { wraps, ..Bounds::default() }), None)
            }
        }
    }

    fn __setitem__(slf: &Bound<'_, Self>, key: &Bound<'_, PyAny>, val: &Bound<'_, PyAny>) -> PyResult<()> {
        let current = slf.borrow().value.to_bigint();
        let Ok(slice) = key.cast::<PySlice>() else {
            let index = index_of(key)?;
            let bit = match number(val).map(|v| v.to_bigint()) {
                Some(v) if v == BigInt::ZERO => false,
                Some(v) if v == BigInt::from(1) => true,
                _ => {
                    return Err(PyValueError::new_err(format!(
                        "intbv[i] = v requires v in (0, 1)\n            i == {index} "
                    )));
                }
            };
            let index = u32::try_from(index).map_err(|_| PyValueError::new_err("negative shift count"))?;
            let mask = BigInt::from(1) << index;
            let cleared = if current.bit(u64::from(index)) { current - &mask } else { current };
            return Self::store(slf, Value::from(if bit { cleared + mask } else { cleared }));
        };
        let Some(value) = number(val).map(|v| v.to_bigint()) else {
            return Err(PyTypeError::new_err("intbv slice assignment needs an integer"));
        };
        let (high, low) = slice_bounds(slice, "intbv", Some(&value))?;
        let Some(high) = high else {
            if low == 0 {
                return Self::store(slf, Value::from(value));
            }
            let low_part = &current & ((BigInt::from(1) << low) - 1);
            return Self::store(slf, Value::from((value << low) + low_part));
        };
        let limit = BigInt::from(1) << (high - low);
        if value >= limit || value < -limit.clone() {
            return Err(PyValueError::new_err(format!(
                "intbv[i:j] = v abs(v) too large\n            i, j, v == {high}, {low}, {value}"
            )));
        }
        let mask: BigInt = (limit - 1) << low;
        // A negative value ORs its sign bits into everything above, as MyHDL does.
        let kept = &current & !mask;
        Self::store(slf, Value::from(kept | (value << low)))
    }

    fn __invert__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let inverted = self.value.clone().unary(pyhdl_ir::UnaryOp::Invert);
        let unsigned = self.bounds.width > 0 && self.bounds.min.as_ref().is_some_and(|m| *m >= BigInt::ZERO);
        let value = if unsigned { inverted.unsigned(self.bounds.width) } else { inverted };
        Ok(Bound::new(py, IntBv::unsized_value(value))?.into_any())
    }

    fn signed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let width = self.bounds.width;
        if width == 0 {
            let bounds = Bounds { wraps: false, ..(*self.bounds).clone() };
            return IntBv::object(py, self.value.clone(), Arc::new(bounds), None);
        }
        let half = BigInt::from(1) << (width - 1);
        let bounds = Bounds { min: Some(-half.clone()), max: Some(half), width, wraps: false };
        IntBv::object(py, self.value.clone().signed(width), Arc::new(bounds), None)
    }

    fn unsigned<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let width = self.bounds.width;
        if width == 0 {
            let bounds = Bounds { wraps: false, ..(*self.bounds).clone() };
            return IntBv::object(py, self.value.clone(), Arc::new(bounds), None);
        }
        let bounds = Bounds::unsigned(width, false);
        IntBv::object(py, self.value.clone().unsigned(width), Arc::new(bounds), None)
    }

    fn __str__(&self) -> String {
        vector_text(&self.value, self.bounds.width)
    }

    fn __repr__(&self) -> String {
        if self.bounds.wraps {
            format!("modbv({})", self.value.to_bigint())
        } else {
            format!("intbv({})[{}:]", self.value.to_bigint(), self.bounds.width)
        }
    }

    fn __hex__(&self) -> String {
        format!("{:#x}", self.value.to_bigint())
    }

    fn __iadd__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::augmented(slf, Op::Add, other)
    }
    fn __isub__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::augmented(slf, Op::Sub, other)
    }
    fn __imul__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::augmented(slf, Op::Mul, other)
    }
    fn __ifloordiv__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::augmented(slf, Op::FloorDiv, other)
    }
    fn __imod__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::augmented(slf, Op::Mod, other)
    }
    fn __ipow__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>, _modulo: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::augmented(slf, Op::Pow, other)
    }
    fn __iand__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::augmented(slf, Op::And, other)
    }
    fn __ior__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::augmented(slf, Op::Or, other)
    }
    fn __ixor__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::augmented(slf, Op::Xor, other)
    }
    fn __ilshift__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::augmented(slf, Op::LShift, other)
    }
    fn __irshift__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<()> {
        Self::augmented(slf, Op::RShift, other)
    }
    fn __itruediv__(&self, _other: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyTypeError::new_err("intbv: Augmented true division not supported"))
    }
}

value_operators!(IntBv);

#[pymethods]
impl ModBv {
    #[new]
    #[pyo3(signature = (val=Given::Nothing, min=None, max=None, _nrbits=0))]
    fn new(
        val: Given<'_>,
        min: Option<&Bound<'_, PyAny>>,
        max: Option<&Bound<'_, PyAny>>,
        _nrbits: u32,
    ) -> PyResult<PyClassInitializer<ModBv>> {
        let base = IntBv::construct(val, bound(min)?, bound(max)?, _nrbits, true)?;
        Ok(PyClassInitializer::from(base).add_subclass(ModBv))
    }
}

/// A bound given as an int, a bool or an `intbv`.
fn bound(object: Option<&Bound<'_, PyAny>>) -> PyResult<Option<BigInt>> {
    match object {
        None => Ok(None),
        Some(o) if o.is_none() => Ok(None),
        Some(o) => match number(o) {
            Some(value) => Ok(Some(value.to_bigint())),
            None => Err(PyTypeError::new_err("the bounds of an intbv are integers")),
        },
    }
}

/// `str()` of a bit vector: hexadecimal two's complement, padded to its width.
pub fn vector_text(value: &Value, width: u32) -> String {
    if width == 0 {
        return format!("{:x}", value.to_bigint());
    }
    let digits = width.div_ceil(4) as usize;
    let bits = value.clone().unsigned(width).to_bigint();
    format!("{bits:0digits$x}")
}
