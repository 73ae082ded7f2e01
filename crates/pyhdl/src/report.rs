//! Messages to the user: diagnostics on standard error, in the style that fits where they go.

use std::io::{IsTerminal, Write};

use pyhdl_diag::{Diagnostic, RenderStyle, SourceTable, render};

use crate::cli::When;

/// Writes diagnostics, and remembers whether any was an error.
pub struct Reporter {
    style: RenderStyle,
    errors: usize,
}

impl Reporter {
    pub fn new(color: When) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let color = match color {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && std::env::var_os("NO_COLOR").is_none(),
        };
        Reporter { style: RenderStyle { color, unicode: terminal, ..RenderStyle::default() }, errors: 0 }
    }

    pub fn show(&mut self, diagnostic: &Diagnostic, sources: &SourceTable) {
        self.errors += usize::from(diagnostic.is_error());
        self.line(&render(diagnostic, sources, self.style));
    }

    /// Writes text to standard error; a closed standard error is nobody's loss.
    pub fn line(&mut self, text: &str) {
        let mut out = std::io::stderr().lock();
        let _ = out.write_all(text.as_bytes());
        if !text.ends_with('\n') {
            let _ = out.write_all(b"\n");
        }
    }

    /// Whether messages are written in colour.
    pub fn has_color(&self) -> bool {
        self.style.color
    }

    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }
}
