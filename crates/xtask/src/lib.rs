//! What the project's verbs and its tests share: where things are, what has to be installed, the scratch environment
//! with MyHDL, the examples, the list of mutations.

pub mod examples;
pub mod mutations;
pub mod process;
pub mod scratch;
pub mod system;
pub mod workspace;
