//! Rendering of a [`Diagnostic`] through miette.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity as MietteSeverity, SourceCode,
};

use crate::{Diagnostic, Severity, SourceTable};

/// How a diagnostic is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RenderStyle {
    /// ANSI colours.
    pub color: bool,
    /// Box-drawing characters; plain ASCII otherwise.
    pub unicode: bool,
    /// Columns at which text wraps.
    pub width: usize,
}

impl Default for RenderStyle {
    /// Fit for a log file: no colour, ASCII, 100 columns.
    fn default() -> Self {
        RenderStyle { color: false, unicode: false, width: 100 }
    }
}

struct Report<'a> {
    diagnostic: &'a Diagnostic,
    source: Option<NamedSource<String>>,
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code))
    }

    fn severity(&self) -> Option<MietteSeverity> {
        Some(match self.diagnostic.severity {
            Severity::Error => MietteSeverity::Error,
            Severity::Warning => MietteSeverity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|s| s as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let file = self.diagnostic.labels.first()?.span.file;
        let mut primary = true;
        Some(Box::new(self.diagnostic.labels.iter().filter(move |l| l.span.file == file).map(move |l| {
            let (start, len) = (l.span.start as usize, (l.span.end - l.span.start) as usize);
            let text = Some(l.text.clone());
            if std::mem::take(&mut primary) {
                LabeledSpan::new_primary_with_span(text, (start, len))
            } else {
                LabeledSpan::new_with_span(text, (start, len))
            }
        })))
    }
}

/// Draws one diagnostic as text that ends in a line break.
///
/// Labels in other files than the primary label's are written as `path:line: text` lines below the drawing.
pub fn render(diagnostic: &Diagnostic, sources: &SourceTable, style: RenderStyle) -> String {
    let source = diagnostic.labels.first().map(|l| {
        let file = sources.get(l.span.file);
        NamedSource::new(file.path.display().to_string(), harmless(&file.text))
    });
    let theme = match (style.unicode, style.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, _) => GraphicalTheme::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(style.width).with_links(false);
    let diagnostic = &Diagnostic {
        message: harmless(&diagnostic.message),
        help: diagnostic.help.as_deref().map(harmless),
        ..diagnostic.clone()
    };
    let mut out = String::new();
    if handler.render_report(&mut out, &Report { diagnostic, source }).is_err() {
        out = format!("{diagnostic}\n");
    }
    if let Some(first) = diagnostic.labels.first() {
        for label in diagnostic.labels.iter().filter(|l| l.span.file != first.span.file) {
            out.push_str(&format!("  {}: {}\n", sources.place(label.span), label.text));
        }
    }
    out
}

/// Text without control characters, which a terminal would obey. As many bytes as before.
fn harmless(text: &str) -> String {
    let clean = |c: char| if c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t') { '?' } else { c };
    text.chars().map(clean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Code, Span};

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let mut sources = SourceTable::new();
        let file = sources.add("a.py", "a = '\u{1b}[2J'\n");
        let diagnostic = Diagnostic::error(Code(1), "no \u{7}bell").at(Span::new(file, 0, 11), "here");
        let text = render(&diagnostic, &sources, RenderStyle::default());
        assert!(text.contains("no ?bell") && text.contains("a = '?[2J'"), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text}");
    }

    #[test]
    fn shows_code_message_line_and_help() {
        let mut sources = SourceTable::new();
        let file = sources.add("counter.py", "a = 1\nb = oops\n");
        let text = render(
            &Diagnostic::error(Code(301), "there is no signal `oops`")
                .at(Span::new(file, 10, 14), "not defined here")
                .help("write `a`"),
            &sources,
            RenderStyle::default(),
        );
        for part in ["PH0301", "there is no signal `oops`", "counter.py:2:5", "not defined here", "write `a`"]
        {
            assert!(text.contains(part), "{part} is missing from\n{text}");
        }
    }
}
