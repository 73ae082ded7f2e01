//! One file for each command.

pub mod check;
pub mod emit;
mod memories;
pub mod prove;
pub mod sim;
pub mod tree;
pub mod verify;
