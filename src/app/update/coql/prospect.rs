//! What running the statement under the cursor would take: planned at every change, and asked of the mirror once
//! nothing is typed for a moment.

use jiff::ToSpan;

use crate::{
    app::{
        Effect, Model, Place,
        pane::{Language, Prospect},
        update::ask,
    },
    coql::{self, Analysed, Diagnostic, Means, Mode, Plan, RunOn},
    protocol::{JobKey, Outlook, Request},
};

/// Milliseconds without a change after which the mirror is asked.
const PAUSE: i64 = 150;

/// Plans the statement under the cursor if it is another one than was planned.
pub fn plan(model: &mut Model) {
    let now = model.now;
    let pane = &mut model.panes.coql;
    let sound = pane.reading.statement(pane.editor.cursor()).filter(|statement| statement.is_sound());
    let found = sound.and_then(|statement| {
        Some((pane.reading.text.get(statement.span.clone())?.to_owned(), statement.span.clone()))
    });
    let same = match (&found, &pane.prospect.statement) {
        (Some((text, _)), Some((known, _))) => text == known,
        (None, None) => true,
        _ => false,
    };
    if same {
        pane.prospect.statement = found;
        return;
    }
    let due = found.as_ref().map(|_| now + PAUSE.milliseconds());
    // The mirror's age is known before this statement's rows are counted.
    let outlook = pane.prospect.outlook.map(|known| Outlook { matching: None, ..known });
    let mirror_at = pane.prospect.mirror_at;
    pane.prospect = Prospect { statement: found, outlook, mirror_at, due, ..Prospect::default() };
    again(model);
}

/// Plans it again: the terms have changed, or more is known.
pub fn again(model: &mut Model) {
    let parallel = model.account.usage.concurrency.max(1);
    let pane = &mut model.panes.coql;
    let planned = pane.reading.statement(pane.editor.cursor()).and_then(|statement| {
        let language = pane.reading.language.as_ref().filter(|_| pane.prospect.statement.is_some())?;
        if pane.terms.run_on == RunOn::Mirror && pane.prospect.outlook.is_none() {
            return None;
        }
        let outlook = pane.prospect.outlook.unwrap_or_default();
        let mut means =
            Means { run_on: pane.terms.run_on, mirror_age: outlook.mirror_age, parallel, ..Means::default() };
        means.counted.matching = outlook.matching;
        Some(planned(statement, &means, pane.terms.mode, language))
    });
    pane.prospect.plan = planned;
    pane.prospect.confirm = false;
}

fn planned(
    statement: &Analysed,
    means: &Means,
    mode: Mode,
    language: &Language,
) -> Result<Box<Plan>, Diagnostic> {
    // What is sent as it is runs on the server whatever else is chosen.
    let means = match mode {
        Mode::Strict => Means { run_on: RunOn::Server, ..means.clone() },
        Mode::Wide => means.clone(),
    };
    let planned = coql::plan(&statement.statement, &language.schemas, &language.context, &means);
    planned.map(Box::new).map_err(|said| {
        let whole = || Diagnostic::warning(statement.span.clone(), "it cannot be planned");
        said.into_iter().next().unwrap_or_else(whole)
    })
}

/// Asks the mirror what it knows of the statement.
pub fn look(model: &mut Model, out: &mut Vec<Effect>) {
    let pane = &mut model.panes.coql;
    pane.prospect.due = None;
    let Some((text, _)) = pane.prospect.statement.clone() else { return };
    let question = pane.terms.question(text);
    ask(model, JobKey::CoqlOutlook, Request::CoqlOutlook(Box::new(question)), out);
}

/// The mirror has told.
pub fn outlook(model: &mut Model, outlook: Outlook) {
    let prospect = &mut model.panes.coql.prospect;
    // What was asked for another statement is of no use.
    if prospect.due.is_none() {
        let seconds = outlook.mirror_age.and_then(|age| i64::try_from(age).ok());
        prospect.mirror_at = seconds.map(|seconds| model.now - seconds.seconds());
        prospect.outlook = Some(outlook);
        again(model);
    }
}

/// The mirror is up to date again: what it knows of the statement may have changed.
pub fn synced(model: &mut Model) {
    if model.trail.here == Place::Coql && model.panes.coql.prospect.statement.is_some() {
        model.panes.coql.prospect.due.get_or_insert(model.now);
    }
}
