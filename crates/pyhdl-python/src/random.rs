//! Python's generators of random numbers, as a simulation draws from them: the same numbers as from a call in Python,
//! because Python makes them.

use std::collections::HashSet;

use pyhdl_frontend::RandomMethod;
use pyhdl_ir::RandomNumbers;
use pyhdl_sim::Value;
use pyo3::prelude::*;

use crate::number::exact;

/// A `random.Random` object.
pub struct Generator {
    /// Its method `getrandbits`.
    bits: Py<PyAny>,
    /// Its method `random`.
    fraction: Py<PyAny>,
}

impl Generator {
    pub fn new(object: &Bound<'_, PyAny>) -> PyResult<Generator> {
        let method = |name| Ok::<_, PyErr>(object.getattr(name)?.unbind());
        Ok(Generator { bits: method("getrandbits")?, fraction: method("random")? })
    }

    pub fn draw(&self, py: Python<'_>, numbers: &RandomNumbers) -> PyResult<Value> {
        match numbers {
            RandomNumbers::Bits(bits) => self.bits(py, *bits),
            // As `random.Random` does for `randrange`, `randint` and `choice`: the bits of the bound, again until the
            // number is below it.
            RandomNumbers::Below(bound) => {
                let bits = bound.bits() as u32;
                let bound = Value::from(bound.clone());
                loop {
                    let number = self.bits(py, bits)?;
                    if number < bound {
                        return Ok(number);
                    }
                }
            }
            RandomNumbers::Fraction => {
                let fraction: f64 = self.fraction.bind(py).call0()?.extract()?;
                // A multiple of 2^-53 below 1.
                Ok(Value::Int((fraction * (1_u64 << 53) as f64) as i64))
            }
        }
    }

    fn bits(&self, py: Python<'_>, bits: u32) -> PyResult<Value> {
        let number = self.bits.bind(py).call1((bits,))?;
        exact(&number).ok_or_else(|| pyo3::exceptions::PyTypeError::new_err("getrandbits() gave no int"))
    }
}

/// The methods of `random.Random` that nobody has replaced.
pub fn untouched_methods(class: &Bound<'_, PyAny>) -> PyResult<HashSet<String>> {
    let mut names = HashSet::new();
    for method in RandomMethod::ALL {
        let function = class.getattr(method.name())?;
        // Those in Python come from the module; those in C have no module of their own.
        let module: Option<String> =
            function.getattr("__module__").ok().and_then(|module| module.extract().ok());
        if module.is_none_or(|module| module == "random") {
            names.insert(method.name().to_owned());
        }
    }
    Ok(names)
}
