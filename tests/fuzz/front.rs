//! Python text to HDL under libFuzzer. Half of the changes are its own, on bytes and with the words of the dictionary;
//! the others move lines and tokens, so that much of the text stays Python.

#![no_main]

use fastrand::Rng;
use libfuzzer_sys::{fuzz_crossover, fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|data: &[u8]| {
    pyhdl_fuzz::front(data);
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut rng = Rng::with_seed(seed.into());
    if rng.bool() {
        return fuzzer_mutate(data, size, max_size);
    }
    let text = String::from_utf8_lossy(&data[..size]).into_owned();
    let changed = pyhdl_fuzz::mutate(&text, &text, &mut rng);
    put(&changed, data, max_size)
});

fuzz_crossover!(|data1: &[u8], data2: &[u8], out: &mut [u8], seed: u32| {
    let mut rng = Rng::with_seed(seed.into());
    let (text, donor) = (String::from_utf8_lossy(data1), String::from_utf8_lossy(data2));
    let made = if rng.bool() {
        pyhdl_fuzz::splice(&text, &donor, &mut rng)
    } else {
        pyhdl_fuzz::mutate(&text, &donor, &mut rng)
    };
    let room = out.len();
    put(&made, out, room)
});

/// Writes as much as there is room for, and says how much that is.
fn put(text: &str, out: &mut [u8], room: usize) -> usize {
    let size = text.len().min(room);
    out[..size].copy_from_slice(&text.as_bytes()[..size]);
    size
}
