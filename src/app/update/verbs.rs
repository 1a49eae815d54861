//! Commands with an argument.

use super::{ask, motion, note, notice, pipeline, stage, view};
use crate::{
    app::{
        Effect, Model,
        actions::{Action, Availability},
    },
    protocol::{DemoCommand, JobKey, Request},
};

/// Goes to a row by its number.
pub fn row(model: &mut Model, number: u64) {
    motion::row(model, number);
}

/// Takes the nth visible thing.
pub fn pick(model: &mut Model, number: usize) {
    motion::pick(model, number);
}

/// Writes a note on the record under the cursor.
///
/// # Errors
///
/// Why no note can be written here.
pub fn note(model: &mut Model, text: &str, out: &mut Vec<Effect>) -> Result<(), String> {
    can(model, Action::NewNote)?;
    if let Some(target) = model.note_target() {
        note::send(model, target, text.to_owned(), out);
    }
    Ok(())
}

/// Moves the deal under the cursor to a stage.
///
/// # Errors
///
/// Why it cannot be moved, or which stages there are.
pub fn stage(model: &mut Model, name: &str, out: &mut Vec<Effect>) -> Result<(), String> {
    can(model, Action::StagePick)?;
    stage::by_name(model, name, out)
}

/// Looks at another pipeline.
///
/// # Errors
///
/// Which pipelines there are.
pub fn pipeline(model: &mut Model, name: &str) -> Result<(), String> {
    can(model, Action::PickPipeline)?;
    pipeline::by_name(model, name)
}

/// Names of all pipelines.
#[must_use]
pub fn pipelines(model: &Model) -> Vec<String> {
    pipeline::choices(model).into_iter().map(|(_, name)| name).collect()
}

/// Narrows the list.
///
/// # Errors
///
/// That there is no list here.
pub fn filter(model: &mut Model, words: &str) -> Result<(), String> {
    can(model, Action::Filter)?;
    view::set_text(model, words);
    Ok(())
}

/// Tells the emulated server what to do.
///
/// # Errors
///
/// That this is a real account.
pub fn demo(model: &mut Model, command: DemoCommand, out: &mut Vec<Effect>) -> Result<(), String> {
    if !model.account.session.as_ref().is_some_and(|session| session.demo) {
        return Err("these switches are the demo's; this is a real account".to_owned());
    }
    notice::info(model, "telling the demo");
    ask(model, JobKey::Demo, Request::Demo(command), out);
    Ok(())
}

/// Whether an action can be done now.
///
/// # Errors
///
/// Why not.
pub fn can(model: &Model, action: Action) -> Result<(), String> {
    match action.availability(model) {
        Availability::Yes => Ok(()),
        Availability::No(reason) => Err(reason.to_owned()),
    }
}
