//! The pure heart: a model and a message make a model and effects.
//!
//! A message first changes the model; then [`settle`] looks at what is on the screen and asks for what is missing.

mod accept;
mod act;
mod answer;
mod command;
mod coql;
mod credits;
mod deal_form;
mod draft;
mod due;
mod history;
mod line;
mod marked;
mod marks;
mod motion;
mod moves;
mod note;
mod notice;
mod outbox;
mod palette;
mod pipeline;
mod press;
mod screen;
mod settle;
mod stage;
pub mod step;
mod travel;
mod turn;
mod view;
mod watch;
mod yank;

#[cfg(test)]
mod tests;

pub use marked::Bulk;

use super::{Effect, Model, Msg, Size};
use crate::protocol::{Job, JobKey, Request};

/// Changes the model by one message and says what must happen outside.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut out = Vec::new();
    match msg {
        Msg::Key(event) => {
            watch::touch(model);
            press::key(model, event, &mut out);
        }
        Msg::Keys(events) => {
            watch::touch(model);
            press::keys_at_once(model, &events, &mut out);
        }
        Msg::Paste(text) => press::paste(model, &text, &mut out),
        Msg::Resize { cols, rows } => model.size = Size { cols, rows },
        Msg::Focus(focused) => model.focused = focused,
        Msg::Worker(event) => answer::event(model, event, &mut out),
        Msg::Due => due::due(model, &mut out),
        Msg::Edited(text) => note::edited(model, text),
        Msg::Told(text) => notice::done(model, &text),
        Msg::Terminate => quit(model, &mut out),
    }
    settle::settle(model, &mut out);
    watch::tell(model, &mut out);
    screen::keep(model, &mut out);
    out
}

/// Hands a job to the worker; it replaces the one with the same key.
fn ask(model: &mut Model, key: JobKey, request: Request, out: &mut Vec<Effect>) {
    let generation = model.generations.entry(key.clone()).or_default();
    *generation += 1;
    model.behind.remove(&key);
    out.push(Effect::Ask(Job { key, generation: *generation, request }));
}

/// Leaves; what was typed is kept first.
fn quit(model: &mut Model, out: &mut Vec<Effect>) {
    draft::keep_all(model, out);
    out.push(Effect::Quit);
}
