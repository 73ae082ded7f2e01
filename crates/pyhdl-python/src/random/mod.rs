//! Python's generators of random numbers, as a simulation draws from them: the same numbers as from calls in Python.
//!
//! Python is asked for them. While a simulation draws many of them and no Python runs, it has the state of the generator
//! and makes them itself ([`twister`]); the state goes back before any Python runs.

mod twister;

use std::collections::HashSet;

use num_bigint::BigInt;
use pyhdl_frontend::RandomMethod;
use pyhdl_ir::RandomNumbers;
use pyhdl_sim::Value;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::number::exact;
use twister::{Twister, WORDS};

/// Numbers that Python is asked for, one after the other, before the state is taken.
const ASKED: u32 = 200;

/// It was worth it to take the state for so many numbers: that costs as much as some hundred calls.
const WORTH: u64 = 2000;

/// After so many times in a row that were not worth it, the state stays with Python.
const PATIENCE: u32 = 16;

/// A `random.Random` object.
pub struct Generator {
    object: Py<PyAny>,
    /// Its method `getrandbits`.
    bits: Py<PyAny>,
    /// Its method `random`.
    fraction: Py<PyAny>,
    /// Numbers since Python ran.
    asked: u32,
    /// The state, while it is here, and how many numbers were drawn from it.
    taken: Option<(Box<Twister>, u64)>,
    /// How many times in a row it was not worth it.
    vain: u32,
}

impl Generator {
    pub fn new(object: &Bound<'_, PyAny>) -> PyResult<Generator> {
        let method = |name| Ok::<_, PyErr>(object.getattr(name)?.unbind());
        let (bits, fraction) = (method("getrandbits")?, method("random")?);
        let object = object.clone().unbind();
        Ok(Generator { object, bits, fraction, asked: 0, taken: None, vain: 0 })
    }

    /// The next number, if the state is here and the number is a small one.
    #[inline(always)]
    pub fn draw_own(&mut self, numbers: &RandomNumbers) -> Option<i64> {
        let (twister, drawn) = self.taken.as_mut()?;
        let number = match numbers {
            RandomNumbers::Bits(bits @ 1..=32) => i64::from(twister.some_bits(*bits)),
            RandomNumbers::Below(bound) => {
                let mut digits = bound.magnitude().iter_u32_digits();
                let (Some(small), None) = (digits.next(), digits.next()) else { return None };
                i64::from(twister.below(small))
            }
            RandomNumbers::Fraction => twister.fraction() as i64,
            RandomNumbers::Bits(_) => return None,
        };
        *drawn += 1;
        Some(number)
    }

    /// The next number, of Python where the state is there.
    #[cold]
    pub fn draw(&mut self, py: Python<'_>, numbers: &RandomNumbers) -> PyResult<Value> {
        self.asked += 1;
        if self.taken.is_none() && self.asked > ASKED && self.vain < PATIENCE {
            self.take(py)?;
        }
        if let Some(number) = self.draw_own(numbers) {
            return Ok(Value::Int(number));
        }
        if let Some((twister, drawn)) = &mut self.taken {
            *drawn += 1;
            return Ok(match numbers {
                RandomNumbers::Bits(bits) => Value::from(twister.many_bits(*bits)),
                RandomNumbers::Below(bound) => own_below_large(twister, bound),
                RandomNumbers::Fraction => Value::Int(twister.fraction() as i64),
            });
        }
        match numbers {
            RandomNumbers::Bits(bits) => self.bits(py, *bits),
            RandomNumbers::Below(bound) => {
                let bits = bound.bits() as u32;
                let bound = Value::from(bound.clone());
                below(&bound, || self.bits(py, bits))
            }
            RandomNumbers::Fraction => {
                let fraction: f64 = self.fraction.bind(py).call0()?.extract()?;
                // A multiple of 2^-53 below 1.
                Ok(Value::Int((fraction * (1_u64 << 53) as f64) as i64))
            }
        }
    }

    /// Python is about to run: it has its generator as if it had given all numbers.
    pub fn give_back(&mut self, py: Python<'_>) -> PyResult<()> {
        self.asked = 0;
        let Some((twister, drawn)) = self.taken.take() else { return Ok(()) };
        self.vain = if drawn < WORTH { self.vain + 1 } else { 0 };
        let object = self.object.bind(py);
        let (version, _, gauss) = state_of(object)?;
        let (words, next) = twister.state();
        let words = words.iter().copied().chain([next as u32]);
        let internal = PyTuple::new(py, words.collect::<Vec<u32>>())?;
        object.call_method1("setstate", ((version, internal, gauss),)).map(|_| ())
    }

    fn take(&mut self, py: Python<'_>) -> PyResult<()> {
        let (_, words, _) = state_of(self.object.bind(py))?;
        let twister = words.split_last().and_then(|(next, words)| Twister::new(words, *next as usize));
        match twister {
            Some(twister) => self.taken = Some((Box::new(twister), 0)),
            None => self.vain = PATIENCE,
        }
        Ok(())
    }

    fn bits(&self, py: Python<'_>, bits: u32) -> PyResult<Value> {
        let number = self.bits.bind(py).call1((bits,))?;
        exact(&number).ok_or_else(|| PyTypeError::new_err("getrandbits() gave no int"))
    }
}

/// What `getstate()` gives: the version of the format, the words with the place of the next one, and what `gauss()` keeps.
fn state_of<'py>(object: &Bound<'py, PyAny>) -> PyResult<(u32, Vec<u32>, Bound<'py, PyAny>)> {
    let (version, words, gauss): (u32, Vec<u32>, Bound<'py, PyAny>) =
        object.call_method0("getstate")?.extract()?;
    debug_assert!(words.len() == WORDS + 1, "another generator");
    Ok((version, words, gauss))
}

/// As `random.Random` does for `randrange`, `randint` and `choice`: as many bits as the bound has, again until the number
/// is below it.
fn below<E>(bound: &Value, mut bits: impl FnMut() -> Result<Value, E>) -> Result<Value, E> {
    loop {
        let number = bits()?;
        if number < *bound {
            return Ok(number);
        }
    }
}

fn own_below_large(twister: &mut Twister, bound: &BigInt) -> Value {
    let bits = bound.bits() as u32;
    let bound = Value::from(bound.clone());
    let Ok(number) =
        below(&bound, || Ok::<_, std::convert::Infallible>(Value::from(twister.many_bits(bits))));
    number
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
