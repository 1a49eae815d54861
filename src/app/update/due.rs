//! Deadlines: the only way in which time changes the model.

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{draft, view};
use crate::app::{Effect, Model, overlay::Overlay};

/// Milliseconds after which the strip of continuations opens.
pub const STRIP: i64 = 300;

/// Milliseconds for which the `/` line waits for the next letter.
pub const FILTER: i64 = 80;

/// Milliseconds of typing that may be lost at most.
pub const DRAFT: i64 = 300;

impl Model {
    /// When [`crate::app::Msg::Due`] must come; none if nothing waits and the process may sleep.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        [
            strip(self),
            self.live_filter.due,
            note(self),
            self.keep_again,
            coql(self),
            busy(self),
            self.panes.coql.prospect.due,
            self.notice().and_then(|notice| notice.until),
        ]
        .into_iter()
        .flatten()
        .min()
    }
}

fn strip(model: &Model) -> Option<Timestamp> {
    let prefix = model.prefix.as_ref().filter(|prefix| !prefix.shown)?;
    Some(prefix.since + STRIP.milliseconds())
}

fn note(model: &Model) -> Option<Timestamp> {
    match &model.overlay {
        Some(Overlay::Note(note)) => Some(note.changed_at? + DRAFT.milliseconds()),
        _ => None,
    }
}

fn coql(model: &Model) -> Option<Timestamp> {
    Some(model.panes.coql.editor.changed_at? + DRAFT.milliseconds())
}

/// When the seconds until the next try change on the screen.
fn busy(model: &Model) -> Option<Timestamp> {
    let until = model.account.busy.as_ref()?.until;
    let left = until.duration_since(model.now).as_millis();
    // A whole second is still that second.
    let seconds = i64::try_from((left - 1).max(0) / 1_000).unwrap_or(0);
    Some(until - seconds.seconds())
}

/// The clock was put forward or back: what waits, waits for as long as it would have.
pub fn leap(model: &mut Model, by: SignedDuration) {
    let shifted = |at: Timestamp| at.saturating_add(by).unwrap_or(at);
    model.now = shifted(model.now);
    if let Some(prefix) = &mut model.prefix {
        prefix.since = shifted(prefix.since);
    }
    for notice in &mut model.notices {
        notice.at = shifted(notice.at);
    }
    let note = match &mut model.overlay {
        Some(Overlay::Note(note)) => Some(&mut note.changed_at),
        _ => None,
    };
    let coql = &mut model.panes.coql;
    let waits = [
        &mut model.live_filter.due,
        &mut model.keep_again,
        &mut model.resync_asked_at,
        &mut model.interrupted_at,
        &mut model.leave_asked_at,
        &mut coql.editor.changed_at,
        &mut coql.prospect.due,
    ];
    let notices = model.notices.iter_mut().map(|notice| &mut notice.until);
    for at in waits.into_iter().chain(note).chain(notices) {
        *at = at.map(shifted);
    }
}

/// Does everything whose time has come.
pub fn due(model: &mut Model, out: &mut Vec<Effect>) {
    let now = model.now;
    let over = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
    if over(strip(model))
        && let Some(prefix) = &mut model.prefix
    {
        prefix.shown = true;
    }
    if over(model.live_filter.due) {
        view::apply_filter(model);
    }
    if over(note(model)) {
        draft::keep_note(model, out);
    }
    if over(model.keep_again) {
        draft::keep_again(model, out);
    }
    if model.account.busy.as_ref().is_some_and(|busy| busy.until <= now) {
        model.account.busy = None;
    }
    if over(coql(model)) {
        draft::keep_coql(model, out);
    }
    if over(model.panes.coql.prospect.due) {
        super::coql::look(model, out);
    }
}
