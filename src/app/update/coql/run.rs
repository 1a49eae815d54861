//! Running, stopping and going on.

use super::parameters;
use crate::{
    app::{
        Effect, Load, Model, Place,
        input::area,
        pane::{CoqlFocus, Ran, RunProgress},
        update::{ask, draft, notice},
    },
    coql::{Rows, Severity},
    protocol::{Answer, Cut, Failure, Guard, JobKey, Question, Request, Standing},
};

/// Runs the statement under the cursor, once it has values for its parameters.
pub fn run(model: &mut Model, out: &mut Vec<Effect>) {
    draft::keep_coql(model, out);
    super::popup::close(model);
    super::prepare(model);
    let pane = &mut model.panes.coql;
    let Some(statement) = pane.reading.statement(pane.editor.cursor()) else {
        return notice::info(model, "there is no query to run");
    };
    if let Some(said) = statement.diagnostics.iter().find(|said| said.severity == Severity::Error) {
        let at = said.span.start;
        area::place(&mut pane.editor.area, at);
        pane.focus = CoqlFocus::Editor;
        let way_on = if pane.reading.said(at).is_some_and(|said| said.fix.is_some()) {
            "what stops it is under the cursor, F3 puts it right"
        } else {
            "what stops it is under the cursor"
        };
        return notice::info(model, way_on);
    }
    if !parameters::ask(model) {
        checked(model, out);
    }
}

/// Runs it, unless it is known to take more than is allowed: then it is asked for once more.
pub fn checked(model: &mut Model, out: &mut Vec<Effect>) {
    let pane = &mut model.panes.coql;
    let Some((text, span)) = pane.prospect.statement.clone() else { return };
    if let Some(Err(said)) = &pane.prospect.plan {
        let words = format!("it cannot run: {}", said.message);
        return notice::info(model, &words);
    }
    let over = pane.prospect.exceeds(pane.terms.guard);
    if over && !pane.prospect.confirm {
        pane.prospect.confirm = true;
        let number = |rows: Option<Rows>| rows.and_then(Rows::number).unwrap_or(0);
        let cost = pane.prospect.cost();
        let (rows, credits) = (number(cost.map(|cost| cost.rows)), number(cost.map(|cost| cost.credits)));
        let words = format!("{rows} rows for {credits} credits are over the limit; F5 once more runs it");
        return notice::info(model, &words);
    }
    pane.prospect.confirm = false;
    let whole = pane.editor.text();
    pane.editor.history.retain(|old| *old != whole);
    pane.editor.history.push(whole);
    pane.editor.history_at = None;
    (pane.run.failure, pane.run.progress, pane.run.load) = (None, None, Load::Asked);
    let matching = pane.prospect.outlook.and_then(|outlook| outlook.matching);
    let guard = if over { Guard::OFF } else { pane.terms.guard };
    let question = Question { matching, guard, ..pane.terms.question(text.clone()) };
    pane.results.earlier.clear();
    pane.run.ran = Some(Ran { text, span });
    ask(model, JobKey::Coql, Request::Coql(Box::new(question)), out);
}

/// Fetches what is missing of the answer.
pub fn resume(model: &mut Model, out: &mut Vec<Effect>) {
    let run = &mut model.panes.coql.run;
    (run.failure, run.load) = (None, Load::Asked);
    ask(model, JobKey::Coql, Request::CoqlResume(Guard::OFF), out);
}

/// Stops the running query; false if there is none. What has come is shown.
pub fn cancel(model: &mut Model, out: &mut Vec<Effect>) -> bool {
    if model.trail.here != Place::Coql || !model.panes.coql.run.is_running() {
        return false;
    }
    let run = &mut model.panes.coql.run;
    let began = run.progress.take().is_some();
    run.load = Load::Ready;
    if began {
        // This takes the place of the run, and shows what has come.
        ask(model, JobKey::Coql, Request::CoqlStop, out);
    } else {
        // Its answer, should it be on its way, is of no interest any more.
        *model.generations.entry(JobKey::Coql).or_default() += 1;
        out.push(Effect::Cancel(JobKey::Coql));
    }
    notice::info(model, "the query was stopped");
    true
}

/// Another page has come.
pub fn progress(model: &mut Model, progress: RunProgress) {
    let run = &mut model.panes.coql.run;
    if run.is_running() {
        run.progress = Some(progress);
    }
}

/// A query was answered, wholly or so far.
pub fn answer(model: &mut Model, result: Result<Box<Answer>, Failure>) {
    let pane = &mut model.panes.coql;
    match result {
        Ok(answer) => {
            if answer.standing != Standing::Running {
                (pane.run.load, pane.run.progress) = (Load::Ready, None);
            }
            pane.run.failure = None;
            let lost = match &answer.standing {
                Standing::Cut(Cut::Lost(failure)) => Some(failure.clone()),
                _ => None,
            };
            pane.results.hear(answer);
            if let Some(failure) = lost {
                notice::failed(model, &failure);
            }
        }
        Err(failure) => {
            (pane.run.load, pane.run.progress) = (Load::Ready, None);
            if pane.results.earlier.is_empty() {
                pane.focus = CoqlFocus::Editor;
            }
            pane.run.failure = Some(failure);
            if let Some(span) = pane.run.fault(&pane.editor.text()) {
                area::place(&mut pane.editor.area, span.start);
            }
        }
    }
}
