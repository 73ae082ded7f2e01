//! What every stage uses to say that something is wrong: where ([`Span`], [`SourceTable`]) and what ([`Diagnostic`]).
//!
//! This crate knows files, bytes and lines; it knows nothing about hardware.

mod diagnostic;
mod render;
mod source;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Label, Severity};
pub use render::{RenderStyle, render};
pub use source::{FileId, SourceFile, SourceTable, Span};
