//! One file for each command.

pub mod check;
pub mod emit;
pub mod prove;
pub mod sim;
pub mod tree;
pub mod verify;
pub mod where_is;
