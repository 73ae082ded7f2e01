//! [`Seeds`]: what `--seeds` names.

use std::collections::BTreeSet;
use std::str::FromStr;

/// How many seeds one command takes.
const MOST: u64 = 1_000_000;

/// Seeds in ascending order, each once, at least one.
#[derive(PartialEq, Eq, Debug)]
pub struct Seeds(pub Vec<u32>);

impl FromStr for Seeds {
    type Err = String;

    /// Reads `7`, `1..200` with both ends, or a list of these.
    fn from_str(text: &str) -> Result<Seeds, String> {
        let parts: Result<Vec<(u32, u32)>, String> = text.split(',').map(|part| range(part.trim())).collect();
        let parts = parts?;
        let count: u64 = parts.iter().map(|(first, last)| u64::from(last - first) + 1).sum();
        if count > MOST {
            return Err(format!("these are {count} seeds, and one command runs at most {MOST}"));
        }
        let seeds: BTreeSet<u32> = parts.into_iter().flat_map(|(first, last)| first..=last).collect();
        Ok(Seeds(seeds.into_iter().collect()))
    }
}

fn range(text: &str) -> Result<(u32, u32), String> {
    let Some((first, last)) = text.split_once("..") else { return seed(text).map(|only| (only, only)) };
    let (first, last) = (seed(first)?, seed(last)?);
    if first > last {
        return Err(format!("`{text}` ends before it begins"));
    }
    Ok((first, last))
}

fn seed(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| match text {
        "" => "a number is missing".to_owned(),
        _ => format!("`{text}` is not a number from 0 to {}", u32::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_lists_are_read() {
        for (text, seeds) in [
            ("7", vec![7]),
            ("0..3", vec![0, 1, 2, 3]),
            ("5..5", vec![5]),
            ("9..11, 1,5,10", vec![1, 5, 9, 10, 11]),
            ("4294967294..4294967295", vec![u32::MAX - 1, u32::MAX]),
        ] {
            assert_eq!(text.parse(), Ok(Seeds(seeds)), "{text}");
        }
        assert_eq!("1..1000000".parse::<Seeds>().map(|s| s.0.len()), Ok(1_000_000));
    }

    #[test]
    fn what_names_no_seeds_is_refused() {
        for (text, said) in [
            ("", "missing"),
            ("1,", "missing"),
            ("1..", "missing"),
            ("9..1", "ends before"),
            ("a..b", "`a` is not"),
            ("-3", "`-3` is not"),
            ("-3..4", "`-3` is not"),
            ("1..2..3", "`2..3` is not"),
            ("4294967296", "is not a number"),
            ("1..1000000000", "these are 1000000000 seeds"),
            ("0..4294967295,0..4294967295", "these are 8589934592 seeds"),
        ] {
            let error = text.parse::<Seeds>().expect_err(text);
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
