//! From the user's text to a statement, and from what is wrong with it to words.

use crate::{
    api::{self, Kind},
    coql::{self, Analysed, Context, Diagnostic, Severity},
    domain::{Catalog, SafeText, Schemas},
    protocol::{Failure, Question, Spot},
    sync::failure,
    worker::query::RunError,
};

use super::DOING;

/// A statement with what it is read with.
pub(super) struct Read {
    pub schemas: Schemas,
    pub context: Context,
    pub analysed: Analysed,
    /// The first line of the journal that what is fetched from now on may not have.
    pub since: i64,
}

impl Read {
    /// Ids of users and team pipelines with their names.
    pub fn names(&self) -> Vec<(String, String)> {
        self.context.users.iter().chain(&self.context.pipelines).cloned().collect()
    }
}

/// Reads the one statement of a question; nothing is sent for one that is wrong.
pub(super) fn read(
    question: &Question,
    catalog: &Catalog,
    now: jiff::Timestamp,
    since: i64,
) -> Result<Read, Failure> {
    let schemas: Schemas = catalog.schemas.iter().cloned().collect();
    let mut context = Context::of(catalog, now);
    context.parameters.clone_from(&question.parameters);
    let mut analysis = coql::analyse(&question.text, &schemas, question.mode, &context);
    if let Some(said) = analysis.diagnostics().find(|said| said.severity == Severity::Error) {
        return Err(wrong(said));
    }
    if analysis.statements.is_empty() {
        return Err(failure::plain(DOING, "there is no query to run", ""));
    }
    Ok(Read { analysed: analysis.statements.remove(0), schemas, context, since })
}

/// What is wrong with a text before anything is sent.
pub(super) fn wrong(said: &Diagnostic) -> Failure {
    let way_on = format!("Nothing was sent. {}", way_on(said));
    Failure {
        spot: Some(Box::new(Spot { span: said.span.clone(), fix: said.fix.clone() })),
        ..failure::plain(DOING, &said.message, way_on.trim())
    }
}

/// What to do about it.
fn way_on(said: &Diagnostic) -> String {
    match &said.fix {
        _ if !said.help.is_empty() => sentence(&said.help),
        Some(fix) => format!("To put it right, {}.", fix.title),
        None => String::new(),
    }
}

/// Words as a sentence of their own.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).chain(['.']).collect()
}

/// Why a run of `text` stopped. A refusal is shown at its place.
pub(super) fn stopped(text: &str, read: &Read, error: &RunError) -> Failure {
    match error {
        RunError::Api(error) => of_call(text, read, error),
        RunError::Tables(error) => {
            failure::plain(DOING, &format!("the rows could not be kept: {error}"), "Try again.")
        }
    }
}

fn of_call(text: &str, read: &Read, error: &api::Error) -> Failure {
    let Kind::Refused(refusal) = error.kind() else { return failure::of(DOING, error, "") };
    let answer = (refusal.code.as_str(), refusal.message.as_str(), &refusal.details);
    let said = coql::refused(text, answer, &read.schemas, &read.context);
    Failure {
        what: SafeText::new(&said.message),
        way_on: SafeText::new(&way_on(&said)),
        spot: Some(Box::new(Spot { span: said.span, fix: said.fix })),
        ..failure::of(DOING, error, "")
    }
}
