//! Running, stopping and going on.

use crate::{
    app::{
        Effect, Load, Model, Place,
        input::area,
        pane::{CoqlFocus, Ran, RunProgress},
        update::{ask, draft, notice},
    },
    coql,
    protocol::{Answer, Cut, Failure, Guard, JobKey, Question, Request, Standing},
};

/// Runs the statement under the cursor.
pub fn run(model: &mut Model, out: &mut Vec<Effect>) {
    draft::keep_coql(model, out);
    let pane = &mut model.panes.coql;
    let text = pane.editor.text();
    let Some(span) = coql::statement_at(&text, pane.editor.cursor()) else {
        return notice::info(model, "there is no query to run");
    };
    let statement = text[span.clone()].to_owned();
    pane.editor.history.retain(|old| *old != text);
    pane.editor.history.push(text);
    pane.editor.history_at = None;
    (pane.run.failure, pane.run.progress, pane.run.load) = (None, None, Load::Asked);
    pane.run.ran = Some(Ran { text: statement.clone(), span });
    let question = Question {
        text: statement,
        mode: pane.terms.mode,
        run_on: pane.terms.run_on,
        parameters: pane.terms.parameters.clone(),
        matching: None,
        guard: pane.terms.guard,
    };
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
            pane.focus = CoqlFocus::Editor;
            pane.run.failure = Some(failure);
            if let Some(span) = pane.run.fault(&pane.editor.text()) {
                area::place(&mut pane.editor.area, span.start);
            }
        }
    }
}
