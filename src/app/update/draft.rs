//! Text on its way to the disk.

use jiff::ToSpan as _;

use super::ask;
use crate::{
    app::{Effect, Model, input::area, overlay::Overlay},
    protocol::{DraftKey, DraftRow, JobKey, NewNote, Request},
};

/// Seconds after which a text is handed to a disk again that refused it.
const AGAIN: i64 = 5;

/// Keeps everything that was typed and is not kept.
pub fn keep_all(model: &mut Model, out: &mut Vec<Effect>) {
    keep_note(model, out);
    keep_coql(model, out);
    keep_again(model, out);
}

/// Keeps the text of the note editor.
pub fn keep_note(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Note(note)) = &mut model.overlay else { return };
    if note.changed_at.take().is_none() {
        return;
    }
    let (draft, text) = (DraftKey::Note(note.home.clone()), area::text(&note.text));
    keep(model, draft, text, out);
}

/// Keeps the text of the console.
pub fn keep_coql(model: &mut Model, out: &mut Vec<Effect>) {
    if model.panes.coql.editor.changed_at.take().is_some() {
        let text = model.panes.coql.editor.text();
        keep(model, DraftKey::Coql, text, out);
    }
}

fn keep(model: &mut Model, draft: DraftKey, text: String, out: &mut Vec<Effect>) {
    if text.trim().is_empty() {
        return drop(model, draft, out);
    }
    model.drafts.retain(|row| !same(&row.draft, &draft));
    model.drafts.insert(0, DraftRow { draft: draft.clone(), text: text.clone(), at: model.now });
    hand_in(model, draft, text, out);
}

/// The disk refused a text: all of them are handed to it again after a while.
pub fn again(model: &mut Model) {
    let later = model.now + AGAIN.seconds();
    model.keep_again.get_or_insert(later);
    model.keeping.clear();
}

/// Hands every text to the disk that it may not have.
pub fn keep_again(model: &mut Model, out: &mut Vec<Effect>) {
    if model.keep_again.take().is_none() {
        return;
    }
    for DraftRow { draft, text, .. } in model.drafts.clone() {
        hand_in(model, draft, text, out);
    }
}

fn hand_in(model: &mut Model, draft: DraftKey, text: String, out: &mut Vec<Effect>) {
    model.keeping.push(draft.clone());
    ask(model, JobKey::Keep, Request::SaveDraft { draft, text }, out);
}

/// The disk has a text: one of those that were handed to it.
pub fn kept(model: &mut Model, draft: &DraftKey) {
    if let Some(at) = model.keeping.iter().position(|other| same(other, draft)) {
        model.keeping.remove(at);
    }
    model.keep_again = None;
}

/// Forgets a draft.
pub fn drop(model: &mut Model, draft: DraftKey, out: &mut Vec<Effect>) {
    model.drafts.retain(|row| !same(&row.draft, &draft));
    ask(model, JobKey::Keep, Request::DropDraft(draft), out);
}

/// Takes a draft from the list that the screen knows, and leaves what is kept alone.
pub fn forget(model: &mut Model, draft: &DraftKey) {
    model.drafts.retain(|row| !same(&row.draft, draft));
}

/// The text that waits under a key.
#[must_use]
pub fn find<'a>(model: &'a Model, draft: &DraftKey) -> Option<&'a DraftRow> {
    model.drafts.iter().find(|row| same(&row.draft, draft))
}

/// Whether two keys name the same draft: a record may have been renamed since.
fn same(one: &DraftKey, two: &DraftKey) -> bool {
    match (one, two) {
        (DraftKey::Note(one), DraftKey::Note(two)) => one.module == two.module && one.id == two.id,
        (DraftKey::Coql, DraftKey::Coql) => true,
        _ => false,
    }
}

/// A note that was not taken becomes a draft again; what was typed since stays below it.
pub fn restore(model: &mut Model, note: NewNote, out: &mut Vec<Effect>) {
    let draft = DraftKey::Note(note.parent);
    if let Some(Overlay::Note(editor)) = &mut model.overlay
        && same(&DraftKey::Note(editor.home.clone()), &draft)
    {
        let typed = area::text(&editor.text);
        if typed.trim().is_empty() {
            editor.text = area::with(&note.text);
        } else if typed != note.text {
            editor.text = area::with(&format!("{}\n{typed}", note.text));
        }
        editor.changed_at.get_or_insert(model.now);
        return;
    }
    let text = match find(model, &draft) {
        Some(row) if row.text != note.text => format!("{}\n{}", note.text, row.text),
        _ => note.text,
    };
    keep(model, draft, text, out);
}
