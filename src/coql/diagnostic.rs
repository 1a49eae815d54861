//! Errors as a console shows them.

use super::{error::CheckError, span::Span, syntax::SyntaxError};

/// Something that is wrong with a query, in words, where it is, and how it could be put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Bytes of the text; empty where something is missing.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to write in the place of `span`.
    pub fix: Option<String>,
}

impl SyntaxError {
    /// The error as a console shows it.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic { span: self.span(), message: self.to_string(), fix: None }
    }
}

impl CheckError {
    /// The error as a console shows it; `end` is the length of the text, where something missing is shown.
    #[must_use]
    pub fn diagnostic(&self, end: usize) -> Diagnostic {
        let fix = match self {
            Self::UnknownColumn { nearest, .. } | Self::UnknownModule { nearest, .. } => nearest.clone(),
            Self::NoWhere => Some(" where id is not null".to_owned()),
            Self::Limit { .. } => Some(super::MAX_LIMIT.to_string()),
            _ => None,
        };
        Diagnostic { span: self.span().cloned().unwrap_or(end..end), message: self.to_string(), fix }
    }
}
