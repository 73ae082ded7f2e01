//! `enum`: enumeration types and their literals.

use std::sync::OnceLock;

use pyhdl_ir::Encoding;
use pyo3::exceptions::{PyAttributeError, PyNotImplementedError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pyclass::CompareOp;
use pyo3::types::PyTuple;

use crate::signal::Signal;

/// An enumeration type; its literals are attributes.
#[pyclass(name = "EnumType", module = "pyhdl", frozen)]
#[derive(Debug)]
pub struct EnumType {
    pub names: Vec<String>,
    pub encoding: Encoding,
    items: OnceLock<Vec<Py<EnumItem>>>,
}

/// A literal of an enumeration.
#[pyclass(name = "EnumItemType", module = "pyhdl", frozen)]
#[derive(Debug)]
pub struct EnumItem {
    pub of: Py<EnumType>,
    pub index: u32,
    pub name: String,
}

impl EnumType {
    pub fn item<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyAny>> {
        match self.items.get().and_then(|items| items.get(index)) {
            Some(item) => Ok(item.clone_ref(py).into_bound(py).into_any()),
            None => Err(PyValueError::new_err("this value is not a literal of the enumeration")),
        }
    }

    pub fn describe(&self) -> String {
        format!("<Enum: {}>", self.names.join(", "))
    }

    /// The type for processes, under the name that the author keeps it in.
    pub fn ir(&self, name: String) -> pyhdl_ir::EnumType {
        pyhdl_ir::EnumType { name, literals: self.names.clone(), encoding: self.encoding }
    }

    pub fn width(&self) -> u32 {
        self.ir(String::new()).width()
    }
}

#[pymethods]
impl EnumType {
    fn __getattr__<'py>(slf: &Bound<'py, Self>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let this = slf.get();
        match this.names.iter().position(|n| n == name) {
            Some(index) => this.item(slf.py(), index),
            None => {
                let message =
                    format!("'Enum' object has no attribute '{name}'; it has {}", this.names.join(", "));
                Err(PyAttributeError::new_err(message))
            }
        }
    }

    fn __setattr__(&self, _name: &str, _value: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyAttributeError::new_err("Cannot assign to enum attributes"))
    }

    fn __copy__(slf: &Bound<'_, Self>) -> Py<Self> {
        slf.clone().unbind()
    }

    fn __deepcopy__(slf: &Bound<'_, Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf.clone().unbind()
    }

    fn __dir__(&self) -> Vec<String> {
        self.names.clone()
    }

    fn __len__(&self) -> usize {
        self.names.len()
    }

    fn __str__(&self) -> String {
        self.describe()
    }

    fn __repr__(&self) -> String {
        let names: Vec<String> = self.names.iter().map(|n| format!("'{n}'")).collect();
        format!("enum({})", names.join(","))
    }

    #[getter]
    fn _nrbits(&self) -> u32 {
        self.width()
    }
}

#[pymethods]
impl EnumItem {
    fn __richcmp__(&self, other: &Bound<'_, PyAny>, op: CompareOp) -> PyResult<bool> {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Err(PyNotImplementedError::new_err(()));
        }
        let other = match other.cast::<Signal>() {
            Ok(signal) => signal.get().current_object(other.py())?,
            Err(_) => other.clone(),
        };
        let equal = match other.cast::<EnumItem>() {
            Ok(item) if item.get().of.is(&self.of) => item.get().index == self.index,
            _ => return Err(PyTypeError::new_err("Type mismatch in enum item comparison")),
        };
        Ok(equal == matches!(op, CompareOp::Eq))
    }

    #[getter]
    fn _type(&self, py: Python<'_>) -> Py<EnumType> {
        self.of.clone_ref(py)
    }

    fn __hash__(slf: &Bound<'_, Self>) -> isize {
        slf.as_ptr() as isize >> 4
    }

    fn __str__(&self) -> String {
        self.name.clone()
    }

    fn __repr__(&self) -> String {
        format!("'{}'", self.name)
    }

    fn __int__(&self, py: Python<'_>) -> num_bigint::BigInt {
        self.of.bind(py).get().ir(String::new()).code(self.index)
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.of.bind(py).get().width() as usize
    }

    fn __copy__(slf: &Bound<'_, Self>) -> Py<Self> {
        slf.clone().unbind()
    }

    fn __deepcopy__(slf: &Bound<'_, Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf.clone().unbind()
    }
}

/// Makes an enumeration type with the given literals. `encoding` is `binary`, `one_hot` or `one_cold`.
#[pyfunction(name = "enum")]
#[pyo3(signature = (*names, **kwargs))]
pub fn make_enum<'py>(
    py: Python<'py>,
    names: &Bound<'py, PyTuple>,
    kwargs: Option<&Bound<'py, pyo3::types::PyDict>>,
) -> PyResult<Bound<'py, EnumType>> {
    let mut encoding = Encoding::Binary;
    for (key, value) in kwargs.into_iter().flat_map(|k| k.iter()) {
        if key.extract::<String>()? != "encoding" {
            return Err(PyTypeError::new_err(format!("enum() got an unexpected keyword argument '{key}'")));
        }
        if value.is_none() {
            continue;
        }
        encoding = match value.extract::<String>().ok().as_deref() {
            Some("binary") => Encoding::Binary,
            Some("one_hot") => Encoding::OneHot,
            Some("one_cold") => Encoding::OneCold,
            _ => {
                return Err(PyValueError::new_err(format!(
                    "Unsupported enum encoding: {value}\n    Supported encodings: ('binary', 'one_hot', 'one_cold')"
                )));
            }
        };
    }
    let mut literals: Vec<String> = Vec::new();
    for name in names.iter() {
        let name =
            name.extract::<String>().map_err(|_| PyTypeError::new_err("enum literals should be strings"))?;
        if literals.contains(&name) {
            return Err(PyValueError::new_err("enum literals should be unique"));
        }
        literals.push(name);
    }
    let ty = Bound::new(py, EnumType { names: literals.clone(), encoding, items: OnceLock::new() })?;
    let mut items = Vec::new();
    for (index, name) in literals.into_iter().enumerate() {
        items.push(Py::new(py, EnumItem { of: ty.clone().unbind(), index: index as u32, name })?);
    }
    let _ = ty.get().items.set(items);
    Ok(ty)
}
