//! Typing into the open line or text.

use crokey::KeyCombination;

use super::{coql, note, palette, view};
use crate::app::{
    Effect, Model, command,
    input::{Edit, area},
    overlay::{LineInput, Overlay},
};

/// The line that is being typed into.
pub fn open(model: &mut Model) -> Option<&mut LineInput> {
    match model.overlay.as_mut()? {
        Overlay::Palette(palette) => Some(&mut palette.input),
        Overlay::Command(command) => Some(&mut command.input),
        Overlay::Filter(line) => Some(line),
        Overlay::Stage(picker) => Some(&mut picker.input),
        Overlay::Pipeline(picker) => Some(&mut picker.input),
        Overlay::Deal(close) => close.line(),
        Overlay::Parameters(form) => form.line(),
        Overlay::Runs(view) => Some(&mut view.input),
        Overlay::Saved(view) => Some(&mut view.input),
        Overlay::SaveQuery(dialog) => Some(&mut dialog.name),
        Overlay::Export(dialog) => Some(&mut dialog.path),
        Overlay::Help(help) if help.filtering => Some(&mut help.filter),
        Overlay::Conflict(view) => view.typed.as_mut(),
        Overlay::Help(_)
        | Overlay::Confirm(_)
        | Overlay::Note(_)
        | Overlay::Drafts(_)
        | Overlay::Messages(_)
        | Overlay::Calls(_)
        | Overlay::Outbox(_)
        | Overlay::History(_)
        | Overlay::Entry(_) => None,
    }
}

/// An editing key was pressed.
pub fn edit(model: &mut Model, key: KeyCombination, out: &mut Vec<Effect>) {
    let Some(edit) = Edit::of(key) else { return };
    let text = match &mut model.overlay {
        Some(Overlay::Note(note)) => Some(&mut note.text),
        None => return coql::edit(model, edit),
        Some(_) => None,
    };
    if let Some(text) = text {
        if area::edit(text, edit) {
            note::changed(model);
        }
    } else if let Some(line) = open(model) {
        if line.edit(edit) {
            changed(model, out);
        }
    } else {
        choose_close_stage(model, edit);
    }
}

/// In the dialog that closes a deal, digits choose among the stages while these have the keys.
fn choose_close_stage(model: &mut Model, edit: Edit) {
    if let (Some(Overlay::Deal(close)), Edit::Insert(c)) = (&mut model.overlay, edit)
        && let Some(at) = c.to_digit(10).and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1))
        && at < close.stages.len()
    {
        close.cursor = at;
    }
}

/// The open line has another text.
pub fn changed(model: &mut Model, out: &mut Vec<Effect>) {
    let completions = match &model.overlay {
        Some(Overlay::Command(line)) => command::completions(model, &line.input.text),
        _ => Vec::new(),
    };
    match &mut model.overlay {
        Some(Overlay::Palette(_)) => palette::typed(model, out),
        Some(Overlay::Command(line)) => {
            line.typed.clone_from(&line.input.text);
            (line.completions, line.chosen, line.history_at, line.error) = (completions, None, None, None);
        }
        Some(Overlay::Filter(_)) => view::filter_typed(model),
        Some(Overlay::Stage(picker)) => picker.cursor = 0,
        Some(Overlay::Pipeline(picker)) => picker.cursor = 0,
        Some(Overlay::Deal(close)) => close.error = None,
        Some(Overlay::Runs(_)) => coql::library::search(model, out),
        Some(Overlay::Saved(view)) => view.cursor = 0,
        Some(Overlay::SaveQuery(dialog)) => dialog.exists = false,
        Some(Overlay::Export(dialog)) => dialog.exists = false,
        Some(Overlay::Help(help)) => help.top = 0,
        Some(Overlay::Conflict(view)) => view.error = None,
        Some(
            Overlay::Parameters(_)
            | Overlay::Confirm(_)
            | Overlay::Note(_)
            | Overlay::Drafts(_)
            | Overlay::Messages(_)
            | Overlay::Calls(_)
            | Overlay::Outbox(_)
            | Overlay::History(_)
            | Overlay::Entry(_),
        )
        | None => {}
    }
}
