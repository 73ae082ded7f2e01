//! What machine code calls: prints, updates of lists, arithmetic on numbers of many limbs.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::ToPrimitive;
use pyhdl_ir::{EnumId, Format, MemoryId};
use pyhdl_sim::{Host, SimError, Value, formatted};

use crate::expr::Wide;
use crate::guests::Served;
use crate::layout::word;
use crate::program::Program;
use crate::sites::{Event, Piece, Site};
use crate::step::status;

/// What a run of machine code talks to.
pub struct Runtime<'r> {
    pub program: &'r Program,
    pub host: &'r mut dyn Host,
    pub served: Option<Served<'r>>,
    pub error: Option<SimError>,
}

/// The runtime of the memory that a function was called with.
///
/// # Safety
/// `state` is the memory of an engine whose run is under way.
pub unsafe fn runtime<'r>(state: *mut u8) -> &'r mut Runtime<'r> {
    // SAFETY: the engine has put a pointer to a living runtime there before it called the code.
    unsafe { &mut **state.add(word::RUNTIME as usize).cast::<*mut Runtime<'r>>() }
}

/// Limbs as a number.
pub fn number(limbs: &[u64]) -> BigInt {
    let bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
    BigInt::from_signed_bytes_le(&bytes)
}

/// A number as so many limbs.
pub fn limbs(n: &BigInt, count: usize) -> Vec<u64> {
    let mut bytes = n.to_signed_bytes_le();
    let sign = if n.sign() == num_bigint::Sign::Minus { 0xff } else { 0 };
    bytes.resize(8 * count, sign);
    bytes
        .chunks_exact(8)
        .map(|chunk| chunk.iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte)))
        .collect()
}

/// The arguments of a site, as numbers.
pub fn arguments(program: &Program, state: *const u8, site: &Site) -> Vec<BigInt> {
    let mut at = program.layout.arguments as usize;
    site.arguments
        .iter()
        .map(|count| {
            let all: Vec<u64> = (0..*count as usize)
                // SAFETY: the layout keeps `ARGUMENTS` limbs there, and `Body::pass` puts no more.
                .map(|i| unsafe { state.add(at + 8 * i).cast::<u64>().read() })
                .collect();
            at += 8 * *count as usize;
            number(&all)
        })
        .collect()
}

pub fn text(program: &Program, pieces: &[Piece], mut arguments: impl Iterator<Item = BigInt>) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::Value { bool, format, literals, .. } => {
                let Some(value) = arguments.next() else { continue };
                let of =
                    literals.and_then(|id| program.plan.design.enums.get(EnumId::from_usize(id as usize)));
                let literal = of.and_then(|of| of.literals.get(value.to_usize()?));
                match (format, literal) {
                    (Format::Plain, Some(name)) => text.push_str(name),
                    (Format::Plain, None) if *bool => {
                        text.push_str(if value.sign() == num_bigint::Sign::NoSign {
                            "False"
                        } else {
                            "True"
                        });
                    }
                    _ => text.push_str(&formatted(&Value::from(value), format)),
                }
            }
        }
    }
    text
}

pub unsafe extern "C" fn print(state: *mut u8, site: u64) -> i32 {
    // SAFETY: machine code passes on the memory that it was given.
    let runtime = unsafe { runtime(state) };
    let program = runtime.program;
    let Some(site) = program.sites.get(site as usize - 1) else { return 0 };
    let Event::Print(pieces) = &site.event else { return 0 };
    let text = text(program, pieces, arguments(program, state, site).into_iter());
    match runtime.host.print(&text) {
        Ok(()) => 0,
        Err(error) => {
            runtime.error = Some(SimError::Host(error));
            status::ERROR
        }
    }
}

pub unsafe extern "C" fn draw(state: *mut u8, site: u64) -> i32 {
    // SAFETY: as in `print`.
    let runtime = unsafe { runtime(state) };
    let program = runtime.program;
    let Some(site) = program.sites.get(site as usize - 1) else { return 0 };
    let Event::Draw { generator, numbers, limbs: count } = &site.event else { return 0 };
    let put = |at: usize, limb: u64| {
        // SAFETY: the layout keeps `ARGUMENTS` limbs there, and code draws numbers of no more.
        unsafe { state.add(program.layout.arguments as usize + 8 * at).cast::<u64>().write(limb) };
    };
    if let (1, Some(number)) = (count, runtime.host.draw_quickly(*generator, numbers)) {
        put(0, number as u64);
        return 0;
    }
    match runtime.host.draw(*generator, numbers) {
        Ok(value) => {
            let all = limbs(&value.to_bigint(), *count as usize);
            all.into_iter().take(*count as usize).enumerate().for_each(|(at, limb)| put(at, limb));
            0
        }
        Err(error) => {
            runtime.error = Some(SimError::Host(error));
            status::ERROR
        }
    }
}

pub unsafe extern "C" fn update_memory(state: *mut u8, memory: u64) -> i32 {
    // SAFETY: as in `print`.
    let runtime = unsafe { runtime(state) };
    let id = MemoryId::from_usize(memory as usize);
    let Some(array) = runtime.program.layout.memories[id] else { return 0 };
    let (Some(next), Some(changed)) = (array.next, array.changed) else { return 0 };
    let bytes = array.shape.bytes as usize;
    // SAFETY: all places are within the memory, as the layout made them; current and next values do not overlap.
    unsafe {
        let count = state.add(changed as usize).cast::<u32>();
        if *count >= array.length {
            let from = state.add(next as usize);
            std::ptr::copy_nonoverlapping(from, state.add(array.at as usize), bytes * array.length as usize);
        } else {
            for i in 0..*count as usize {
                let index = state.add(changed as usize + 4 + 4 * i).cast::<u32>().read() as usize;
                let from = state.add(next as usize + index * bytes);
                std::ptr::copy_nonoverlapping(from, state.add(array.at as usize + index * bytes), bytes);
            }
        }
        *count = 0;
    }
    0
}

/// `a ** b` where the result has at most so many bits, and `b` is not negative.
fn power(a: &BigInt, b: &BigInt, bits: u64) -> BigInt {
    match b.to_u64() {
        Some(b) if a.bits() < 2 || a.bits().saturating_mul(b) <= 2 * bits => {
            // Of -1, 0 and 1 only whether the exponent is 0 or odd counts.
            let b = if a.bits() < 2 && b > 2 { 2 + b % 2 } else { b };
            a.pow(b as u32)
        }
        _ => BigInt::ZERO,
    }
}

pub unsafe extern "C" fn arithmetic(_state: *mut u8, op: u64, count: u64, numbers: *mut u64) -> i32 {
    let count = count as usize;
    // SAFETY: `Body::wide` passes three numbers of `count` limbs, the last one for the result.
    let (operands, result) = unsafe {
        (
            std::slice::from_raw_parts(numbers, 2 * count),
            std::slice::from_raw_parts_mut(numbers.add(2 * count), count),
        )
    };
    let (a, b) = (number(&operands[..count]), number(&operands[count..]));
    let computed = match op {
        op if op == Wide::FloorDiv as u64 => a.div_floor(&b),
        op if op == Wide::Mod as u64 => a.mod_floor(&b),
        op if op == Wide::Mul as u64 => a * b,
        op if op == Wide::Pow as u64 => power(&a, &b, 64 * count as u64),
        // No other operation is asked for.
        _ => BigInt::ZERO,
    };
    let wanted = limbs(&computed, count);
    result.copy_from_slice(&wanted[..count]);
    0
}
