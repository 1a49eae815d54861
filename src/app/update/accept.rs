//! Taking what a dialog holds, or closing it.

use super::{command, coql, deal_form, draft, note, notice, outbox, palette, pipeline, stage, travel, view};
use crate::{
    app::{Effect, Model, Place, overlay::Overlay},
    protocol::DraftKey,
};

/// Takes what is typed or under the cursor.
pub fn accept(model: &mut Model, out: &mut Vec<Effect>) {
    match &mut model.overlay {
        Some(Overlay::Palette(_)) => palette::accept(model, out),
        Some(Overlay::Command(_)) => run_line(model, out),
        Some(Overlay::Filter(_)) => {
            view::apply_filter(model);
            model.overlay = None;
        }
        Some(Overlay::Stage(_)) => stage::pick_chosen(model, out),
        Some(Overlay::Pipeline(_)) => pipeline::accept(model),
        Some(Overlay::Deal(_)) => deal_form::confirmed(model, out),
        Some(Overlay::Parameters(_)) => coql::parameters::accept(model, out),
        Some(Overlay::Drafts(_)) => open_draft(model),
        Some(Overlay::Help(help)) => help.filtering = false,
        Some(
            Overlay::Note(_)
            | Overlay::Confirm(_)
            | Overlay::Messages(_)
            | Overlay::Calls(_)
            | Overlay::Outbox(_)
            | Overlay::Conflict(_)
            | Overlay::History(_)
            | Overlay::Entry(_)
            | Overlay::Runs(_)
            | Overlay::Saved(_)
            | Overlay::SaveQuery(_)
            | Overlay::Export(_),
        )
        | None => {}
    }
}

/// Closes the dialog. What was typed into a note is kept; a filter becomes what it was.
pub fn close(model: &mut Model, out: &mut Vec<Effect>) {
    match &mut model.overlay {
        Some(Overlay::Note(_)) => note::park(model, out),
        Some(Overlay::Help(help)) if help.filtering => {
            help.filtering = false;
            help.filter.set("");
        }
        Some(Overlay::Filter(_)) => {
            model.overlay = None;
            view::restore_filter(model);
        }
        Some(Overlay::Conflict(_)) => outbox::leave_conflict(model, out),
        _ => model.overlay = None,
    }
}

fn open_draft(model: &mut Model) {
    let Some(Overlay::Drafts(drafts)) = &model.overlay else { return };
    let Some(row) = drafts.rows.get(drafts.cursor).cloned() else { return };
    model.overlay = None;
    match row.draft {
        DraftKey::Note(link) => note::open_on(model, link, Vec::new()),
        DraftKey::Coql => {
            travel::go(model, Place::Coql);
            coql::begin(model);
            model.panes.coql.editor.set(&row.text);
        }
    }
}

/// Throws away the draft under the cursor.
pub fn drop_draft(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Drafts(drafts)) = &mut model.overlay else { return };
    if drafts.cursor >= drafts.rows.len() {
        return;
    }
    let row = drafts.rows.remove(drafts.cursor);
    drafts.cursor = drafts.cursor.min(drafts.rows.len().saturating_sub(1));
    if drafts.rows.is_empty() {
        model.overlay = None;
    }
    draft::drop(model, row.draft, out);
    notice::done(model, "the draft is gone");
}

/// Runs the command line; what is wrong with it is said in its place.
fn run_line(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Command(line)) = &model.overlay else { return };
    let text = line.input.text.trim().to_owned();
    if text.is_empty() {
        model.overlay = None;
        return;
    }
    let before = model.overlay.take();
    model.commands.retain(|old| *old != text);
    model.commands.push(text.clone());
    if let Err(error) = command::run(model, &text, out) {
        model.overlay = before;
        if let Some(Overlay::Command(line)) = &mut model.overlay {
            line.error = Some(error);
        }
    }
}

/// Puts the next or previous completion into the line.
pub fn complete(model: &mut Model, forward: bool) {
    let Some(Overlay::Command(line)) = &mut model.overlay else { return };
    let len = line.completions.len();
    if len == 0 {
        return;
    }
    let next = match (line.chosen, forward) {
        (None, true) => 0,
        (None, false) => len - 1,
        (Some(at), true) => (at + 1) % len,
        (Some(at), false) => (at + len - 1) % len,
    };
    line.chosen = Some(next);
    line.error = None;
    line.input.set(line.completions[next].0.clone());
}

/// Walks through the commands that were run.
pub fn recall(model: &mut Model, older: bool) {
    let Some(Overlay::Command(line)) = &mut model.overlay else { return };
    let len = model.commands.len();
    let at = line.history_at.unwrap_or(len);
    let next = if older { at.saturating_sub(1) } else { (at + 1).min(len) };
    line.history_at = (next < len).then_some(next);
    line.chosen = None;
    line.error = None;
    let text = model.commands.get(next).unwrap_or(&line.typed).clone();
    line.input.set(text);
}
