//! The command that runs one of many seeds by itself.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::cli;

/// What follows `pyhdl sim`: the file and the options of all runs, with one seed, and with waves or not.
pub fn words(args: &cli::Sim, seed: u32, wave: Option<&Path>) -> Vec<OsString> {
    let mut words: Vec<OsString> = vec![args.design.file.clone().into()];
    let mut option = |name: &str, value: Option<OsString>| {
        words.extend(value.map(|value| [format!("--{name}").into(), value]).into_iter().flatten());
    };
    let number = |n: u64| OsString::from(n.to_string());
    option("top", args.design.top.clone().map(Into::into));
    option("until", args.until.map(number));
    option("seed", Some(number(seed.into())));
    if let Some(wave) = wave {
        option("wave", Some(wave.into()));
        args.wave_scope.iter().for_each(|scope| option("wave-scope", Some(scope.into())));
        option("wave-depth", args.wave_depth.map(|depth| number(depth.into())));
        args.wave_signals.iter().for_each(|signal| option("wave-signals", Some(signal.into())));
        option("wave-from", (args.wave_from > 0).then(|| number(args.wave_from)));
        option("wave-to", args.wave_to.map(number));
    }
    if args.engine != cli::Engine::Auto {
        option("engine", args.engine.to_possible_value().map(|value| value.get_name().into()));
    }
    option("without", (!args.without.is_empty()).then(|| args.without.join(",").into()));
    option("validate", args.validate.map(number));
    words.extend(args.no_lower.then(|| "--no-lower".into()));
    if !args.design.args.is_empty() {
        words.push("--".into());
        words.extend(args.design.args.iter().map(OsString::from));
    }
    words
}

/// The same as one types it.
pub fn command(args: &cli::Sim, seed: u32, wave: &Path) -> String {
    let words = words(args, seed, Some(wave));
    let quoted = words.iter().map(|word| {
        let word = word.to_string_lossy();
        shlex::try_quote(&word).map_or_else(|_| word.to_string(), |quoted| quoted.into_owned())
    });
    format!("pyhdl sim {}", quoted.collect::<Vec<_>>().join(" "))
}

/// Where the waves of one seed go: beside what `--wave` names, or into the current folder.
pub fn wave(args: &cli::Sim, seed: u32) -> PathBuf {
    let (place, ending) = match &args.wave {
        Some(wave) => (wave.clone(), wave.extension().map(OsString::from)),
        None => (args.design.file.file_name().unwrap_or_default().into(), Some("fst".into())),
    };
    let mut name = place.file_stem().unwrap_or_default().to_owned();
    name.push(format!("_seed{seed}"));
    if let Some(ending) = ending {
        name.push(".");
        name.push(ending);
    }
    place.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn sim(line: &str) -> cli::Sim {
        let parsed = cli::Cli::try_parse_from(shlex::split(line).unwrap_or_default());
        match parsed.map(|cli| cli.command) {
            Ok(cli::Command::Sim(sim)) => sim,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn the_command_has_every_option_that_counts() {
        for (given, expected) in [
            (
                "pyhdl sim a/b.py --seeds 1..9 --jobs 2 --junit x.xml",
                "pyhdl sim a/b.py --seed 4 --wave b_seed4.fst",
            ),
            (
                "pyhdl sim b.py --seeds 4 --wave 'o p/w.vcd' --wave-scope '*.x' --wave-scope y --wave-depth 0 \
                 --wave-signals s --wave-from 5 --wave-to 6 --top t --until 7 --no-lower --engine event \
                 --without all -- -v 'it''s'",
                "pyhdl sim b.py --top t --until 7 --seed 4 --wave 'o p/w_seed4.vcd' --wave-scope '*.x' \
                 --wave-scope y --wave-depth 0 --wave-signals s --wave-from 5 --wave-to 6 --engine event \
                 --without all --no-lower -- -v its",
            ),
            (
                "pyhdl sim b.py --seeds 4 --wave w --validate 8",
                "pyhdl sim b.py --seed 4 --wave w_seed4 --validate 8",
            ),
        ] {
            let args = sim(given);
            let text = command(&args, 4, &wave(&args, 4));
            assert_eq!(text, expected);
            let again = sim(&text);
            assert_eq!((again.seed, again.until, again.excerpt()), (Some(4), args.until, args.excerpt()));
            assert_eq!(again.design.args, args.design.args);
        }
    }
}
