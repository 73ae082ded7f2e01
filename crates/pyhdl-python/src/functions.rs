//! Helper functions of the language: `concat`, `bin`, `downrange`, `delay`, `now`.

use num_bigint::BigInt;
use pyhdl_sim::Value;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString, PyTuple};

use crate::intbv::{Bounds, IntBv};
use crate::number::number;
use crate::signal::Signal;

/// A number of time steps to wait.
#[pyclass(name = "delay", module = "pyhdl", frozen)]
#[derive(Debug)]
pub struct Delay {
    pub steps: u64,
}

#[pymethods]
impl Delay {
    #[new]
    fn new(val: &Bound<'_, PyAny>) -> PyResult<Delay> {
        if val.is_instance_of::<PyInt>()
            && let Ok(steps) = val.extract::<u64>()
        {
            return Ok(Delay { steps });
        }
        Err(PyTypeError::new_err("arg of delay constructor should be a natural integer"))
    }

    #[getter]
    fn _time(&self) -> u64 {
        self.steps
    }

    fn __repr__(&self) -> String {
        format!("delay({})", self.steps)
    }
}

/// The bits and the width of a sized value; `None` where there is no width.
pub fn sized_bits(object: &Bound<'_, PyAny>) -> Option<(BigInt, u32)> {
    if let Ok(b) = object.cast_exact::<PyBool>() {
        return Some((BigInt::from(u8::from(b.is_true())), 1));
    }
    if let Ok(bits) = object.cast::<IntBv>() {
        let bits = bits.borrow();
        let width = bits.bounds().width;
        return (width > 0).then(|| (bits.value().clone().unsigned(width).to_bigint(), width));
    }
    if let Ok(signal) = object.cast::<Signal>() {
        let width = signal.get().width(object.py());
        let value = signal.get().number()?;
        return (width > 0).then(|| (value.unsigned(width).to_bigint(), width));
    }
    if let Ok(text) = object.cast::<PyString>() {
        let digits = text.to_str().ok()?.replace('_', "");
        return Some((BigInt::parse_bytes(digits.as_bytes(), 2)?, digits.len() as u32));
    }
    None
}

/// The operands side by side, the first one topmost. All but the first need a width.
#[pyfunction]
#[pyo3(signature = (base, *args))]
pub fn concat<'py>(
    py: Python<'py>,
    base: &Bound<'py, PyAny>,
    args: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyAny>> {
    let (mut value, mut width) = match (sized_bits(base), number(base)) {
        (Some((bits, width)), _) => (bits, Some(width)),
        (None, Some(value)) => (value.to_bigint(), None),
        (None, None) => {
            return Err(PyTypeError::new_err(format!(
                "concat: inappropriate first argument type: {}",
                base.get_type()
            )));
        }
    };
    for (position, arg) in args.iter().enumerate() {
        let Some((bits, count)) = sized_bits(&arg) else {
            let is_vector = arg.cast::<IntBv>().is_ok() || arg.cast::<Signal>().is_ok();
            return Err(PyTypeError::new_err(if is_vector {
                format!("concat: arg on pos {} should have length", position + 1)
            } else {
                format!("concat: inappropriate argument type: {}", arg.get_type())
            }));
        };
        value = (value << count) + bits;
        width = width.map(|w| w + count);
    }
    let bounds = width.map_or_else(Bounds::default, |w| Bounds::unsigned(w, false));
    IntBv::object(py, Value::from(value), bounds.into(), None)
}

/// The two's complement digits of a number, at least `width` of them.
#[pyfunction]
#[pyo3(signature = (num, width=0))]
pub fn bin(num: &Bound<'_, PyAny>, width: i64) -> PyResult<String> {
    let value = match number(num) {
        Some(value) => value.to_bigint(),
        None => num.call_method0("__index__")?.extract()?,
    };
    let negative = value < BigInt::ZERO;
    let digits = if negative {
        let bits = pyhdl_ir::Range::exactly(value.clone()).width().unwrap_or(1);
        let text = (&value + (BigInt::from(1) << bits)).to_str_radix(2);
        let text = format!("{text:0>width$}", width = bits as usize);
        // The shortest form keeps one sign digit.
        let trimmed = text.trim_start_matches('1');
        format!("1{trimmed}")
    } else {
        value.to_str_radix(2)
    };
    let pad = if negative { '1' } else { '0' };
    let missing = usize::try_from(width).unwrap_or(0).saturating_sub(digits.len());
    Ok(pad.to_string().repeat(missing) + &digits)
}

/// `range` from `start - 1` down to `stop`.
#[pyfunction]
#[pyo3(signature = (start, stop=None, step=None))]
pub fn downrange<'py>(
    py: Python<'py>,
    start: &Bound<'py, PyAny>,
    stop: Option<&Bound<'py, PyAny>>,
    step: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let int = |object: Option<&Bound<'py, PyAny>>, default: i64| -> PyResult<i64> {
        match object {
            None => Ok(default),
            Some(o) => match number(o).and_then(|v| v.small()) {
                Some(value) => Ok(value),
                None => o.extract(),
            },
        }
    };
    let (start, stop, step) = (int(Some(start), 0)?, int(stop, 0)?, int(step, 1)?);
    py.import("builtins")?.getattr("range")?.call1((start - 1, stop - 1, -step))
}
