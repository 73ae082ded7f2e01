//! [`alike`]: tracks that have the same records: a file has those only once.

use std::collections::HashMap;

use super::track::{Shape, Track};

/// Tracks that a track is compared with, at most.
const MOST: usize = 4;

/// Words of the records that are looked at first.
const PROBES: usize = 8;

/// Finds tracks that have the records of another one, of a smaller number; these have no such one themselves.
pub(super) fn alike(tracks: &[Track]) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    let mut known: HashMap<(Shape, usize, [u64; PROBES]), Vec<u32>> = HashMap::new();
    for (number, track) in (0..).zip(tracks) {
        if track.records.is_empty() || track.same.is_some() {
            continue;
        }
        let others = known.entry((track.shape, track.records.len(), probes(&track.records))).or_default();
        match others.iter().find(|other| tracks[**other as usize].records == track.records) {
            Some(other) => found.push((number, *other)),
            None if others.len() < MOST => others.push(number),
            None => {}
        }
    }
    found
}

/// Some of the bytes, from everywhere.
fn probes(records: &[u8]) -> [u64; PROBES] {
    let distance = records.len() / PROBES;
    std::array::from_fn(|index| {
        let mut word = [0; 8];
        for (byte, record) in word.iter_mut().zip(&records[index * distance..]) {
            *byte = *record;
        }
        u64::from_le_bytes(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(shape: Shape, records: &[u8]) -> Track {
        Track { records: records.to_vec(), ..Track::new(shape) }
    }

    #[test]
    fn only_equal_records_of_the_same_shape_are_alike() {
        let long: Vec<u8> = (0..200).collect();
        let mut other = long.clone();
        other[37] = 0;
        let tracks = [
            track(Shape::Bits(1), &[2]),
            track(Shape::Bits(9), &long),
            track(Shape::Bits(10), &long),
            track(Shape::Bits(9), &other),
            track(Shape::Bits(9), &[]),
            track(Shape::Bits(9), &[]),
            track(Shape::Bits(9), &long),
            track(Shape::Bits(1), &[2]),
            track(Shape::Bits(10), &long[..100]),
            track(Shape::Bits(10), &long),
        ];
        assert_eq!(alike(&tracks), [(6, 1), (7, 0), (9, 2)]);
    }
}
