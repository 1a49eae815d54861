//! Saying something to the user.

use jiff::ToSpan;

use crate::{
    app::{Model, Notice, NoticeKind},
    domain::SafeText,
    protocol::Failure,
};

/// Notices remembered.
const KEPT: usize = 100;

/// Seconds that a notice stays on the screen.
const SHOWN: i64 = 4;

/// Seconds in which the same notice is not said twice.
const SAME: i64 = 30;

/// Something was done.
pub fn done(model: &mut Model, text: &str) {
    say(model, NoticeKind::Done, SafeText::new(text), SafeText::default());
}

/// Something to know.
pub fn info(model: &mut Model, text: &str) {
    say(model, NoticeKind::Info, SafeText::new(text), SafeText::default());
}

/// Something that the user asked for failed; stays until a key is pressed.
pub fn failed(model: &mut Model, failure: &Failure) {
    say(model, NoticeKind::Failure, words(failure), failure.way_on.clone());
}

/// Something to know that stays until a key is pressed.
pub fn lasting(model: &mut Model, words: SafeText) {
    say(model, NoticeKind::Failure, words, SafeText::default());
}

/// Something failed by itself; the same thing is not said again for a while.
pub fn failed_behind(model: &mut Model, failure: &Failure) {
    let (text, now) = (words(failure), model.now);
    let lately = |notice: &&Notice| notice.at + SAME.seconds() > now;
    if !model.notices.iter().filter(lately).any(|notice| notice.text == text) {
        failed(model, failure);
    }
}

fn words(failure: &Failure) -> SafeText {
    if failure.doing.as_str().is_empty() {
        return failure.what.clone();
    }
    SafeText::new(&format!("{}: {}", failure.doing, failure.what))
}

/// A key was pressed: a failure has been seen.
pub fn seen(model: &mut Model) {
    let now = model.now;
    if let Some(last) = model.notices.last_mut().filter(|last| last.until.is_none()) {
        last.until = Some(now);
    }
}

fn say(model: &mut Model, kind: NoticeKind, text: SafeText, way_on: SafeText) {
    let at = model.now;
    let until = (kind != NoticeKind::Failure).then(|| at + SHOWN.seconds());
    match model.notices.last_mut().filter(|last| last.kind == kind && last.text == text) {
        Some(last) => (last.at, last.until) = (at, until),
        None => model.notices.push(Notice { kind, text, way_on, at, until }),
    }
    let extra = model.notices.len().saturating_sub(KEPT);
    model.notices.drain(..extra);
}
