//! All that can be said of a text while it is typed.

use super::{
    bind::{bind, module_named},
    check::check_all,
    context::Context,
    diagnostic::{Diagnostic, Fix, Severity},
    dialect::Dialect,
    error::CheckError,
    highlight::Token,
    parser::parse,
    reader::Reading,
    script::{pieces_of_statements, statement_at},
    span::Span,
    statement::Statement,
};
use crate::domain::Schemas;

/// Which language a text is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Bigin's documented language, exactly.
    Strict,
    /// That and what this program adds to it.
    #[default]
    Wide,
}

/// A text, taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Analysis {
    /// Its statements, from left to right.
    pub statements: Vec<Analysed>,
    /// Its tokens with their classes, from left to right.
    pub tokens: Vec<Token>,
}

/// One statement of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysed {
    /// Bytes of the text.
    pub span: Span,
    /// The tree; partial where the text is broken.
    pub statement: Statement,
    /// What is to say about it, by place in the whole text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Takes `text` apart, whatever is wrong with it: every statement is looked at, and every clause of it.
#[must_use]
pub fn analyse(text: &str, schemas: &Schemas, mode: Mode, context: &Context) -> Analysis {
    let (tokens, statements) = pieces_of_statements(text);
    let statements = statements.into_iter().map(|(span, reading)| {
        let mut diagnostics = match mode {
            Mode::Strict => strict(&text[span.clone()], span.start, schemas, &reading, context),
            Mode::Wide => wide(&reading, schemas, context),
        };
        diagnostics.sort_by_key(|said| said.span.start);
        Analysed { span, statement: reading.statement, diagnostics }
    });
    Analysis { statements: statements.collect(), tokens }
}

/// What is wrong with a statement of the whole language; nothing is said of names in a part that cannot be read.
fn wide(reading: &Reading, schemas: &Schemas, context: &Context) -> Vec<Diagnostic> {
    merged(reading.diagnostics.clone(), bind(&reading.statement, schemas, context).1)
}

/// `said` with what `more` says of other places.
fn merged(mut said: Vec<Diagnostic>, more: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for own in more {
        let overlaps = |known: &Diagnostic| {
            known.span.start <= own.span.start && own.span.start < known.span.end.max(known.span.start + 1)
        };
        if !said.iter().any(overlaps) {
            said.push(own);
        }
    }
    said
}

/// What keeps Bigin from running the statement `text`, which begins at byte `start`.
fn strict(
    text: &str,
    start: usize,
    schemas: &Schemas,
    reading: &Reading,
    context: &Context,
) -> Vec<Diagnostic> {
    let names = bind(&reading.statement, schemas, context).1;
    let query = match parse(text) {
        Ok(query) => query,
        Err(error) => {
            let mut said = [reading.diagnostics.as_slice(), &reading.ungrouped].concat();
            let own = error.diagnostic().moved(start);
            if !said
                .iter()
                .any(|known| known.severity == Severity::Error && known.span.start == own.span.start)
            {
                said.push(own);
            }
            return merged(said, names);
        }
    };
    let errors = check_all(&query, schemas, &Dialect::STRICT).err().unwrap_or_default();
    let shown = errors.iter().map(|error| {
        let said = error.diagnostic(text.len()).moved(start);
        let module = query.module.span.start + start..query.module.span.end + start;
        match error {
            CheckError::UnknownModule { module: name, .. } => match module_named(name) {
                Some(meant) => said.with(Fix::replace(module, meant.api_name())),
                None => said,
            },
            CheckError::NoWhere => said.with(Fix::replace(module.end..module.end, " where id is not null")),
            _ => said,
        }
    });
    let doubts = names.into_iter().filter(|said| said.severity == Severity::Warning);
    merged(shown.collect(), doubts.collect())
}

impl Analysis {
    /// The statement of `text` that a cursor at byte `at` is in or behind.
    #[must_use]
    pub fn at(&self, text: &str, at: usize) -> Option<&Analysed> {
        let span = statement_at(text, at)?;
        self.statements.iter().find(|statement| statement.span == span)
    }

    /// What is to say about the whole text, from left to right.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.statements.iter().flat_map(|statement| &statement.diagnostics)
    }
}

impl Analysed {
    /// Whether nothing keeps it from running.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.diagnostics.iter().all(|said| said.severity != Severity::Error)
    }
}
