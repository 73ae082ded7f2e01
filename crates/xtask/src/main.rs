//! `cargo xtask`: the few verbs with which the project is worked on. Continuous integration runs the same ones.

mod verbs;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::process;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "The project's own verbs",
    after_help = "Examples:\n  cargo xtask test\n  cargo xtask lint\n  cargo xtask bench engines\n  cargo xtask book"
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Install what is missing, run every test and some thousand random cases.
    #[command(after_help = "Examples:\n  cargo xtask test\n  cargo xtask test --no-install\n  \
                            cargo xtask test -- counter          # only tests with this in their name")]
    Test(verbs::test::Options),
    /// Check formatting, lints and types of the Rust and the Python code.
    #[command(after_help = "Example:\n  cargo xtask lint")]
    Lint,
    /// Time pyhdl against other engines.
    Bench(verbs::bench::Options),
    /// Compare random designs with models of plain integers, and their HDL in other simulators.
    #[command(after_help = "Examples:\n  cargo xtask random --seconds 600\n  \
                            cargo xtask random designs --seconds 600 --with icarus,verilator,ghdl\n  \
                            cargo xtask random statements --seed 42 --cases 1   # the batch of one seed\n\n\
                            A case that differs is made small and kept in the output folder. Move it to tests/random\n\
                            when it is mended: the tests run what is there.")]
    Random(verbs::random::Options),
    /// Send any text and changed designs through the front end, led by coverage.
    #[command(after_help = "Examples:\n  cargo xtask fuzz\n  cargo xtask fuzz --seconds 3600\n\n\
                            Takes cargo-fuzz, and installs it where it is missing. What is found is kept in the output\n\
                            folder. Move it to tests/fuzz/regressions when it is mended: the tests run what is there.")]
    Fuzz(verbs::fuzz::Options),
    /// Break rules of lowering and emission on purpose, one at a time: some test has to notice each.
    #[command(after_help = "Examples:\n  cargo xtask mutations\n  cargo xtask mutations --list\n  \
                            cargo xtask mutations --only reset_value --skip-baseline\n\n\
                            The list is tests/mutations.toml. It takes about an hour. A copy of the project is changed\n\
                            and built in the output folder; what was said about each mutation is kept there.")]
    Mutations(verbs::mutations::Options),
    /// End simulations at random moments, by signals: what they leave must be of use.
    #[command(after_help = "Examples:\n  cargo xtask kills\n  cargo xtask kills --count 1000\n  \
                            cargo xtask kills --seed 42\n\nTakes fst2vcd, which comes with GTKWave.")]
    Kills(verbs::kills::Options),
    /// Build the manual.
    #[command(after_help = "Examples:\n  cargo xtask book\n  cargo xtask book --open")]
    Book(verbs::book::Options),
}

fn main() -> ExitCode {
    let result = match Cli::parse().verb {
        Verb::Test(options) => verbs::test::run(&options),
        Verb::Lint => verbs::lint::run(),
        Verb::Bench(options) => verbs::bench::run(&options),
        Verb::Random(options) => verbs::random::run(&options),
        Verb::Fuzz(options) => verbs::fuzz::run(&options),
        Verb::Mutations(options) => verbs::mutations::run(&options),
        Verb::Kills(options) => verbs::kills::run(&options),
        Verb::Book(options) => verbs::book::run(&options),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            process::note(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
