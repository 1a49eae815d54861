//! Completing what is typed.

use crate::{
    app::{
        Model, Place,
        input::{Edit, area},
        pane::{CoqlFocus, Popup},
        update::{note, notice},
    },
    coql::{self, Completion},
};

/// Opens, refreshes or closes the list after an editing key.
pub fn typed(model: &mut Model, edit: Edit) {
    let opens = match edit {
        Edit::Insert(c) => c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '$' | '\'' | '"'),
        Edit::Backspace => model.panes.coql.popup.is_some(),
        _ => false,
    };
    let popup = if opens { found(model, true) } else { None };
    model.panes.coql.popup = popup;
}

/// Opens the list at once, or takes the only thing that could be meant.
pub fn complete(model: &mut Model) {
    match found(model, false) {
        None => notice::info(model, "nothing to complete here"),
        Some(popup) if popup.items.len() == 1 => {
            model.panes.coql.popup = Some(popup);
            take(model);
        }
        popup => model.panes.coql.popup = popup,
    }
}

/// What could be written at the cursor. As one types, only where something was begun that is not whole.
fn found(model: &Model, typing: bool) -> Option<Popup> {
    let pane = &model.panes.coql;
    if model.trail.here != Place::Coql || pane.focus != CoqlFocus::Editor {
        return None;
    }
    let language = pane.reading.language.as_ref()?;
    let (text, at) = (pane.editor.text(), pane.editor.cursor());
    let items = coql::complete(&text, at, &language.schemas, pane.terms.mode, &language.context);
    let first = items.first()?;
    let start = first.replace.start;
    let word = text.get(start..at).unwrap_or_default();
    let whole = |item: &Completion| item.text.eq_ignore_ascii_case(word);
    if typing && (word.is_empty() || items.iter().any(whole)) {
        return None;
    }
    Some(Popup { start, items, cursor: 0 })
}

/// Moves among the completions, round and round.
pub fn choose(model: &mut Model, rows: i64) {
    if let Some(popup) = &mut model.panes.coql.popup {
        let len = i64::try_from(popup.items.len()).unwrap_or(i64::MAX).max(1);
        let at = i64::try_from(popup.cursor).unwrap_or(0);
        popup.cursor = usize::try_from((at + rows).rem_euclid(len)).unwrap_or(0);
    }
}

/// Writes the completion under the cursor.
pub fn take(model: &mut Model) {
    let pane = &mut model.panes.coql;
    let Some(item) = pane.popup.take().and_then(|popup| popup.chosen().cloned()) else { return };
    let mut text = pane.editor.text();
    if text.get(item.replace.clone()).is_none() {
        return;
    }
    text.replace_range(item.replace.clone(), &item.text);
    pane.editor.set(&text);
    area::place(&mut pane.editor.area, item.replace.start + item.text.len());
    note::changed(model);
}

/// Closes the list.
pub fn close(model: &mut Model) {
    model.panes.coql.popup = None;
}
