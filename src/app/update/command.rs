//! Running the `:` line.

use super::{act, ask, coql, motion, note, notice, pipeline, stage, view};
use crate::{
    app::{
        Effect, Model,
        actions::Action,
        command::{self, Command},
    },
    protocol::{DemoCommand, JobKey, Request},
};

/// Runs a line.
///
/// # Errors
///
/// In words: what is not understood, or why it cannot be done now.
pub fn run(model: &mut Model, line: &str, out: &mut Vec<Effect>) -> Result<(), String> {
    match command::parse(model, line)? {
        Command::Act(action) => {
            can(model, action)?;
            act::act(model, action, out);
        }
        Command::Row(number) => motion::row(model, number),
        Command::Pick(number) => motion::pick(model, number),
        Command::Note(text) => {
            can(model, Action::NewNote)?;
            if let Some(target) = model.note_target() {
                note::send(model, target, text, out);
            }
        }
        Command::Stage(name) => {
            can(model, Action::StagePick)?;
            stage::by_name(model, &name, out)?;
        }
        Command::Pipeline(name) => {
            can(model, Action::PickPipeline)?;
            pipeline::by_name(model, &name)?;
        }
        Command::Filter(words) => {
            can(model, Action::Filter)?;
            view::set_text(model, &words);
        }
        Command::Guard(guard) => coql::guard(model, guard),
        Command::Demo(switch) => demo(model, switch, out)?,
    }
    Ok(())
}

fn can(model: &Model, action: Action) -> Result<(), String> {
    action.availability(model).reason().map_or(Ok(()), |reason| Err(reason.to_owned()))
}

fn demo(model: &mut Model, switch: DemoCommand, out: &mut Vec<Effect>) -> Result<(), String> {
    if !model.account.session.as_ref().is_some_and(|session| session.demo) {
        return Err("these switches are the demo's; this is a real account".to_owned());
    }
    notice::info(model, "telling the demo");
    ask(model, JobKey::Demo, Request::Demo(switch), out);
    Ok(())
}
