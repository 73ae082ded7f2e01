//! Operators on `intbv` and `Signal`: both stand for their value; bitwise results of an `intbv` are `intbv` again.

use pyhdl_ir::BinaryOp;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pyclass::CompareOp;

use crate::intbv::IntBv;
use crate::number::{number, to_python};
use crate::signal::Signal;

/// A binary operator of Python's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    Add,
    Sub,
    Mul,
    TrueDiv,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    And,
    Or,
    Xor,
}

impl Op {
    fn ir(self) -> Option<BinaryOp> {
        Some(match self {
            Op::Add => BinaryOp::Add,
            Op::Sub => BinaryOp::Sub,
            Op::Mul => BinaryOp::Mul,
            Op::And => BinaryOp::And,
            Op::Or => BinaryOp::Or,
            Op::Xor => BinaryOp::Xor,
            _ => return None,
        })
    }

    fn is_bitwise(self) -> bool {
        matches!(self, Op::And | Op::Or | Op::Xor | Op::LShift | Op::RShift)
    }
}

/// The object behind a signal or an `intbv`, as Python's own operators take it, and whether it is an `intbv`.
pub fn plain<'py>(object: &Bound<'py, PyAny>) -> PyResult<(Bound<'py, PyAny>, bool)> {
    if let Ok(bits) = object.cast::<IntBv>() {
        return Ok((to_python(object.py(), bits.borrow().value())?, true));
    }
    if let Ok(signal) = object.cast::<Signal>() {
        let signal = signal.get();
        return match signal.number() {
            Some(value) => Ok((to_python(object.py(), &value)?, signal.is_vector())),
            None => Ok((signal.current_object(object.py())?, false)),
        };
    }
    Ok((object.clone(), false))
}

/// `a op b`.
pub fn binary<'py>(op: Op, a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = a.py();
    let (x, x_is_vector) = plain(a)?;
    let (y, y_is_vector) = plain(b)?;
    let result = match op.ir() {
        // The common operators on small numbers need no trip through Python's number protocol.
        Some(ir) => match (number(&x), number(&y)) {
            (Some(p), Some(q)) => match p.binary(ir, q) {
                Ok(value) => to_python(py, &value)?,
                Err(_) => generic(op, &x, &y)?,
            },
            _ => generic(op, &x, &y)?,
        },
        None => generic(op, &x, &y)?,
    };
    let vector = match op {
        Op::LShift | Op::RShift => x_is_vector,
        _ => x_is_vector || y_is_vector,
    };
    if op.is_bitwise()
        && vector
        && let Some(value) = number(&result)
    {
        return Ok(Bound::new(py, IntBv::unsized_value(value.into_int()))?.into_any());
    }
    Ok(result)
}

fn generic<'py>(op: Op, x: &Bound<'py, PyAny>, y: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    match op {
        Op::Add => x.add(y),
        Op::Sub => x.sub(y),
        Op::Mul => x.mul(y),
        Op::TrueDiv => x.div(y),
        Op::FloorDiv => x.floor_div(y),
        Op::Mod => x.rem(y),
        Op::Pow => x.pow(y, x.py().None()),
        Op::LShift => x.lshift(y),
        Op::RShift => x.rshift(y),
        Op::And => x.bitand(y),
        Op::Or => x.bitor(y),
        Op::Xor => x.bitxor(y),
    }
}

/// `a op b` for comparisons.
pub fn compare<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    op: CompareOp,
) -> PyResult<Bound<'py, PyAny>> {
    let (x, _) = plain(a)?;
    let (y, _) = plain(b)?;
    x.rich_compare(y, op)
}

pub fn refuse_augmented() -> PyErr {
    PyTypeError::new_err("a Signal does not support augmented assignment: write s.next = s + 1")
}

/// `pow` with three arguments.
pub fn refuse_modulo(object: &Bound<'_, PyAny>) -> PyErr {
    let name = if object.cast::<Signal>().is_ok() { "Signal" } else { "intbv" };
    PyTypeError::new_err(format!("{name}.__pow__() takes 2 positional arguments but 3 were given"))
}

/// The binary operators and comparisons of a class whose instances stand for their value.
#[macro_export]
macro_rules! value_operators {
    ($class:ty) => {
        $crate::value_operators!(@ops $class,
            __add__ __radd__ Add, __sub__ __rsub__ Sub, __mul__ __rmul__ Mul,
            __truediv__ __rtruediv__ TrueDiv, __floordiv__ __rfloordiv__ FloorDiv, __mod__ __rmod__ Mod,
            __lshift__ __rlshift__ LShift, __rshift__ __rrshift__ RShift,
            __and__ __rand__ And, __or__ __ror__ Or, __xor__ __rxor__ Xor);
    };
    (@ops $class:ty, $($name:ident $reflected:ident $op:ident),*) => {
        #[pymethods]
        impl $class {
            $(
                fn $name<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                    $crate::operators::binary($crate::operators::Op::$op, slf.as_any(), other)
                }
                fn $reflected<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                    $crate::operators::binary($crate::operators::Op::$op, other, slf.as_any())
                }
            )*
            fn __pow__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>, modulo: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
                if modulo.is_some_and(|m| !m.is_none()) {
                    return Err($crate::operators::refuse_modulo(slf.as_any()));
                }
                $crate::operators::binary($crate::operators::Op::Pow, slf.as_any(), other)
            }
            fn __rpow__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>, _modulo: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
                $crate::operators::binary($crate::operators::Op::Pow, other, slf.as_any())
            }
            fn __richcmp__<'py>(slf: &Bound<'py, Self>, other: &Bound<'py, PyAny>, op: pyo3::pyclass::CompareOp) -> PyResult<Bound<'py, PyAny>> {
                $crate::operators::compare(slf.as_any(), other, op)
            }
            fn __neg__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
                $crate::operators::plain(slf.as_any())?.0.neg()
            }
            fn __pos__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
                $crate::operators::plain(slf.as_any())?.0.pos()
            }
            fn __abs__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
                $crate::operators::plain(slf.as_any())?.0.abs()
            }
            fn __int__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
                let value = $crate::operators::plain(slf.as_any())?.0;
                value.py().get_type::<pyo3::types::PyInt>().call1((value,))
            }
            fn __float__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
                let value = $crate::operators::plain(slf.as_any())?.0;
                value.py().get_type::<pyo3::types::PyFloat>().call1((value,))
            }
            fn __index__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
                let value = $crate::operators::plain(slf.as_any())?.0;
                value.py().get_type::<pyo3::types::PyInt>().call1((value,))
            }
            fn __bool__(slf: &Bound<'_, Self>) -> PyResult<bool> {
                $crate::operators::plain(slf.as_any())?.0.is_truthy()
            }
        }
    };
}
