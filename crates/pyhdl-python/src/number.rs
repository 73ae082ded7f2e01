//! Python's numbers to [`Value`] and back.

use num_bigint::BigInt;
use pyhdl_sim::Value;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt};

use crate::intbv::IntBv;
use crate::signal::Signal;

/// A Python `bool` or `int` (no other type) as a value.
pub fn exact(object: &Bound<'_, PyAny>) -> Option<Value> {
    if let Ok(b) = object.cast_exact::<PyBool>() {
        return Some(Value::Bool(b.is_true()));
    }
    let int = object.cast::<PyInt>().ok()?;
    match int.extract::<i64>() {
        Ok(small) => Some(Value::from(small)),
        Err(_) => int.extract::<BigInt>().ok().map(Value::from),
    }
}

/// The number in an int, a bool, an `intbv`, or a signal that holds one of these.
pub fn number(object: &Bound<'_, PyAny>) -> Option<Value> {
    if let Some(value) = exact(object) {
        return Some(value);
    }
    if let Ok(bits) = object.cast::<IntBv>() {
        return Some(bits.borrow().value().clone());
    }
    if let Ok(signal) = object.cast::<Signal>() {
        return signal.get().number();
    }
    None
}

/// The Python object that prints and behaves as the value was stored.
pub fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Bool(b) => b.into_bound_py_any(py),
        Value::Int(i) => i.into_bound_py_any(py),
        Value::Big(big) => big.into_bound_py_any(py),
    }
}

/// As [`to_python`], but a bool becomes an int.
pub fn to_python_int<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Bool(b) => i64::from(*b).into_bound_py_any(py),
        other => to_python(py, other),
    }
}
