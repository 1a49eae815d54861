//! Going on from an answer to the next, and back.

use crate::{
    app::{
        Effect, Load, Model,
        pane::{Earlier, Ran},
        update::{ask, notice},
    },
    coql::Mode,
    protocol::{Failure, JobKey, Question, Request, Standing, Turn},
};

/// Answers that one can go back to.
const DEPTH: usize = 9;

/// Asks for the statement that the cell under the cursor leads to.
pub fn turn(model: &mut Model, turn: impl FnOnce(u64, usize) -> Turn, out: &mut Vec<Effect>) {
    let results = &model.panes.coql.results;
    let Some(view) = results.view() else { return };
    let turn = turn(results.rows.cursor, results.column);
    ask(model, JobKey::CoqlTurn, Request::CoqlTurn { view, turn }, out);
}

/// The next statement is known: it is run, and the answer at hand can be gone back to.
pub fn turned(model: &mut Model, result: Result<String, Failure>, out: &mut Vec<Effect>) {
    let text = match result {
        Ok(text) => text,
        Err(failure) => return notice::failed(model, &failure),
    };
    remember(model);
    let pane = &mut model.panes.coql;
    // What follows from an answer may need what Bigin's own language has not.
    let question = Question { mode: Mode::Wide, ..pane.terms.question(text.clone()) };
    (pane.run.failure, pane.run.progress, pane.run.load) = (None, None, Load::Asked);
    pane.run.ran = Some(Ran { text, span: 0..0 });
    ask(model, JobKey::Coql, Request::Coql(Box::new(question)), out);
}

fn remember(model: &mut Model) {
    let pane = &mut model.panes.coql;
    let Some(mut answer) = pane.results.answer.clone() else { return };
    if matches!(answer.standing, Standing::Cut(_)) {
        // The run that could be gone on with is given up by the next one.
        answer.standing = Standing::More;
    }
    let results = &mut pane.results;
    results.earlier.push(Earlier {
        answer,
        statement: pane.run.ran.as_ref().map_or_else(String::new, |ran| ran.text.clone()),
        order: results.order,
        cell: (results.rows.cursor, results.column),
        widths: results.widths.clone(),
    });
    let extra = results.earlier.len().saturating_sub(DEPTH);
    results.earlier.drain(..extra);
}

/// Out of a run that goes on, else back to the answer that led to the one on the screen. What has come of a run that
/// is stopped stays; where nothing has come, one is back at once.
pub fn up(model: &mut Model, out: &mut Vec<Effect>) {
    let results = &model.panes.coql.results;
    let newest = results.newest().map(|answer| answer.id);
    let came = results.earlier.last().is_none_or(|earlier| Some(earlier.answer.id) != newest);
    if !came || !super::cancel(model, out) {
        back(model, out);
    }
}

/// Costs nothing.
fn back(model: &mut Model, out: &mut Vec<Effect>) {
    let pane = &mut model.panes.coql;
    let Some(earlier) = pane.results.earlier.pop() else { return };
    if pane.run.is_running() {
        out.push(Effect::Cancel(JobKey::Coql));
        *model.generations.entry(JobKey::Coql).or_default() += 1;
    }
    (pane.run.failure, pane.run.progress, pane.run.load) = (None, None, Load::Ready);
    pane.run.ran = Some(Ran { text: earlier.statement.clone(), span: 0..0 });
    let results = &mut pane.results;
    results.coming = None;
    if results.answer.as_ref().is_none_or(|answer| answer.id != earlier.answer.id) {
        results.coming = Some(earlier.answer.clone());
        results.back = Some(earlier);
        results.rows.load = Load::Idle;
    }
}
