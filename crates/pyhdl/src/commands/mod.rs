//! One file for each command.

pub mod check;
pub mod emit;
pub mod lint;
mod memories;
pub mod prove;
pub mod said;
pub mod sim;
pub mod tree;
pub mod verify;
pub mod where_is;
