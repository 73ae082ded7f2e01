//! One file for each verb.

pub mod bench;
pub mod book;
pub mod fuzz;
pub mod kills;
pub mod lint;
pub mod mutations;
pub mod random;
pub mod test;
