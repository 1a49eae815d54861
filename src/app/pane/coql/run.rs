//! The last run of the console.

use crate::{
    app::Load,
    coql::{Fix, Span},
    protocol::Failure,
};

/// How the last run stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    /// Whether it still goes on.
    pub load: Load,
    /// What was run; none before the first run.
    pub ran: Option<Ran>,
    /// How far it is, while it goes on.
    pub progress: Option<RunProgress>,
    /// Why it gave no answer.
    pub failure: Option<Failure>,
}

/// A statement that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The statement.
    pub text: String,
    /// Where it stood in the editor's text.
    pub span: Span,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunProgress {
    /// Rows that the server has sent.
    pub rows: u64,
    /// Rows that it has to send, if that is known.
    pub expected: Option<u64>,
    /// Credits so far.
    pub credits: u64,
}

impl Run {
    /// Whether a run goes on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.load == Load::Asked
    }

    /// What puts right what the last run failed on, if the statement still stands in `text`, the editor's.
    #[must_use]
    pub fn fix(&self, text: &str) -> Option<Fix> {
        self.fault(text)?;
        let (ran, mut fix) = (self.ran.as_ref()?, self.failure.as_ref()?.spot.as_ref()?.fix.clone()?);
        for edit in &mut fix.edits {
            edit.span = ran.span.start + edit.span.start..ran.span.start + edit.span.end;
        }
        Some(fix)
    }

    /// Where in `text`, the editor's, the last run failed, if the statement still stands there.
    #[must_use]
    pub fn fault(&self, text: &str) -> Option<Span> {
        let (ran, span) = (self.ran.as_ref()?, &self.failure.as_ref()?.spot.as_ref()?.span);
        let same = text.get(ran.span.clone()) == Some(&ran.text);
        same.then(|| ran.span.start + span.start..ran.span.start + span.end)
    }
}
