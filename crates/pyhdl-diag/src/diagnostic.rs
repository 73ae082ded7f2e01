//! [`Diagnostic`]: the one shape in which pyhdl says that something is wrong.

use std::borrow::Cow;
use std::fmt;

use crate::Span;

/// A stable number under which a diagnostic is documented, printed as `PH0123`.
///
/// The hundreds say who speaks: 1 command line and environment, 2 elaboration, 3 the convertible subset,
/// 4 design rules, 5 emission, 6 simulation, 7 other tools. The crate that speaks owns its numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PH{:04}", self.0)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Severity {
    /// No result can be given.
    Error,
    /// There is a result, and the author should look at this.
    Warning,
}

/// A place in a source file and what to say about it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// One finding. The message alone must make sense to a hardware engineer; labels show the Python that caused it,
/// the first label being the place to open; help says what to write instead.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    pub labels: Vec<Label>,
    pub help: Option<String>,
    /// What programs have called this finding before it had a code, where that says more than the code.
    pub kind: Option<Cow<'static, str>>,
}

/// Findings in the order in which they were made.
pub type Diagnostics = Vec<Diagnostic>;

impl Diagnostic {
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            kind: None,
        }
    }

    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Adds a labelled place; the first one added is the primary place.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Says what programs have called it before it had a code.
    #[must_use]
    pub fn known_as(mut self, kind: &'static str) -> Self {
        self.kind = Some(Cow::Borrowed(kind));
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_print_with_four_digits() {
        assert_eq!(Code(17).to_string(), "PH0017");
    }
}
