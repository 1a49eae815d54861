//! What is wrong with a text, as a console shows it.

use super::{error::CheckError, span::Span, syntax::SyntaxError};

/// Something to say about a text: in words, where it is, and how it could be put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Bytes of the text; empty where something is missing.
    pub span: Span,
    /// Whether the query can run.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// How to put it right.
    pub fix: Option<Fix>,
    /// What to do where no change of the text can be offered; empty where there is nothing to add.
    pub help: String,
}

/// What is said of one statement at most; nobody reads more, and a long text of nothing but slips stays quick.
pub(super) const MOST_SAID: usize = 100;

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The query can be run and may not be what was meant.
    Warning,
    /// The query cannot be run.
    Error,
}

/// A change to the text that one key makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, in words such as "write Stage".
    pub title: String,
    /// From left to right, none over another.
    pub edits: Vec<Edit>,
}

/// A part of the text and what to write in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Bytes of the text; empty to write between two of them.
    pub span: Span,
    /// What to write.
    pub text: String,
}

impl Fix {
    /// Writes `text` in the place of `span`.
    #[must_use]
    pub fn replace(span: Span, text: &str) -> Self {
        let title = if text.trim().is_empty() {
            "take it out".to_owned()
        } else if span.is_empty() {
            format!("add {}", text.trim())
        } else {
            format!("write {}", text.trim())
        };
        Self { title, edits: vec![Edit { span, text: text.to_owned() }] }
    }

    /// Several changes under one title; brought into order.
    #[must_use]
    pub fn all(title: &str, mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|edit| edit.span.start);
        Self { title: title.to_owned(), edits }
    }

    /// `text` with the change made; as it is where the change does not fit it.
    ///
    /// ```
    /// use bigin::coql::Fix;
    /// assert_eq!(Fix::replace(7..11, "Stage").apply("select Stge from Pipelines"), "select Stage from Pipelines");
    /// ```
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 16);
        let mut at = 0;
        for edit in &self.edits {
            let Some(kept) = text.get(at..edit.span.start) else { return text.to_owned() };
            out.push_str(kept);
            out.push_str(&edit.text);
            at = edit.span.end;
        }
        match text.get(at..) {
            Some(rest) => out + rest,
            None => text.to_owned(),
        }
    }
}

impl Diagnostic {
    /// Something that keeps the query from running.
    #[must_use]
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self { span, severity: Severity::Error, message: message.into(), fix: None, help: String::new() }
    }

    /// Something that does not keep the query from running.
    #[must_use]
    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(span, message) }
    }

    /// The same with a way to put it right.
    #[must_use]
    pub fn with(self, fix: Fix) -> Self {
        Self { fix: Some(fix), ..self }
    }

    /// The same in a text that has `by` more bytes before it.
    #[must_use]
    pub(super) fn moved(mut self, by: usize) -> Self {
        let moved = |span: &Span| span.start + by..span.end + by;
        self.span = moved(&self.span);
        for edit in self.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span = moved(&edit.span);
        }
        self
    }
}

impl SyntaxError {
    /// The error as a console shows it.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.span(), self.to_string())
    }
}

impl CheckError {
    /// The error as a console shows it; `end` is the length of the text, where something missing is shown.
    #[must_use]
    pub fn diagnostic(&self, end: usize) -> Diagnostic {
        let span = self.span().cloned().unwrap_or(end..end);
        let text = match self {
            Self::UnknownColumn { nearest, .. } | Self::UnknownModule { nearest, .. } => nearest.clone(),
            Self::NoWhere => Some(" where id is not null".to_owned()),
            Self::Limit { .. } => Some(super::MAX_LIMIT.to_string()),
            _ => None,
        };
        let fix = text.map(|text| Fix::replace(span.clone(), &text));
        Diagnostic { fix, ..Diagnostic::error(span, self.to_string()) }
    }
}
