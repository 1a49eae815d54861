//! Writing a note.

use super::{ask, draft, notice};
use crate::{
    app::{
        Effect, Model, Place,
        current::takes_notes,
        input::area,
        overlay::{NoteEditor, Overlay},
    },
    domain::{Head, Link, Module},
    protocol::{DraftKey, JobKey, NewNote, Request, WriteId},
};

/// Opens the editor over the current record, with the draft that waits for it.
pub fn open(model: &mut Model) {
    if let Some(home) = model.note_target() {
        let others = others(model, &home);
        open_on(model, home, others);
    }
}

/// Opens the editor over a record.
pub fn open_on(model: &mut Model, home: Link, others: Vec<Link>) {
    let kept = draft::find(model, &DraftKey::Note(home.clone()));
    let (text, kept_at) = kept.map_or_else(Default::default, |row| (row.text.clone(), Some(row.at)));
    let text = area::with(&text);
    let editor = NoteEditor { target: home.clone(), home, others, text, kept_at, changed_at: None };
    model.overlay = Some(Overlay::Note(Box::new(editor)));
}

/// Records that a note on `home` could go on instead.
fn others(model: &Model, home: &Link) -> Vec<Link> {
    let mut others = Vec::new();
    let deal = model.current_deal();
    let (contact, company) = match (home.module, &model.trail.here) {
        (Module::Pipelines, _) => {
            (deal.and_then(|deal| deal.contact.clone()), deal.and_then(|deal| deal.company.clone()))
        }
        (Module::Contacts, Place::Contacts) => {
            (None, model.panes.contacts.selected().and_then(|row| row.company.clone()))
        }
        (Module::Contacts, Place::Record(_)) => {
            match model.record().and_then(|pane| pane.detail.as_ref()).map(|d| &d.head) {
                Some(Head::Contact(contact)) => (None, contact.company.clone()),
                _ => (None, None),
            }
        }
        _ => (None, None),
    };
    others.extend(contact);
    others.extend(company);
    if let Some(deal) = deal.filter(|_| home.module != Module::Pipelines) {
        others.push(deal.link());
    }
    others.retain(|link| takes_notes(link.module) && link.id != home.id);
    others
}

/// Puts the note on the next or previous of the records it can be on.
pub fn target(model: &mut Model, forward: bool) {
    let Some(Overlay::Note(note)) = &mut model.overlay else { return };
    if note.others.is_empty() {
        return notice::info(model, "this is the only record that the note can be on");
    }
    if forward {
        let next = note.others.remove(0);
        note.others.push(std::mem::replace(&mut note.target, next));
    } else if let Some(previous) = note.others.pop() {
        note.others.insert(0, std::mem::replace(&mut note.target, previous));
    }
}

/// Sends the note.
pub fn save(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Note(note)) = &model.overlay else { return };
    let (text, parent, home) = (area::text(&note.text), note.target.clone(), note.home.clone());
    if text.trim().is_empty() {
        return notice::info(model, "the note is empty; Esc closes it");
    }
    let over = text.chars().count().saturating_sub(NewNote::LONGEST);
    if over > 0 {
        let words = format!("Bigin takes no note of this length; {over} characters have to go first");
        return notice::info(model, &words);
    }
    model.overlay = None;
    let elsewhere = home.id != parent.id;
    let write = send(model, parent, text, out);
    // The note takes its record's draft along in one commit; until then the draft is what is on disk.
    let draft = DraftKey::Note(home);
    draft::forget(model, &draft);
    if elsewhere {
        model.spent.insert(write, draft);
    }
}

/// Sends a note that was typed elsewhere.
pub fn send(model: &mut Model, parent: Link, text: String, out: &mut Vec<Effect>) -> WriteId {
    let write = model.take_write_id();
    let note = NewNote { write, parent, text };
    notice::done(model, &format!("saving the note on {}", note.parent.name));
    model.notes.insert(write, note.clone());
    ask(model, JobKey::Write(write), Request::AddNote(note), out);
    write
}

/// A note is on disk: the draft that it was typed in is no longer needed.
pub fn taken(model: &mut Model, write: WriteId, out: &mut Vec<Effect>) {
    if let Some(draft) = model.spent.remove(&write) {
        draft::drop(model, draft, out);
    }
}

/// Closes the editor and keeps the text.
pub fn park(model: &mut Model, out: &mut Vec<Effect>) {
    draft::keep_note(model, out);
    if let Some(Overlay::Note(note)) = model.overlay.take()
        && !area::text(&note.text).trim().is_empty()
    {
        notice::info(model, "the draft is kept; n brings it back, gN lists all");
    }
}

/// The text of the open editor changed.
pub fn changed(model: &mut Model) {
    let now = model.now;
    if let Some(Overlay::Note(note)) = &mut model.overlay {
        note.changed_at.get_or_insert(now);
    } else if model.trail.here == Place::Coql {
        model.panes.coql.editor.changed_at.get_or_insert(now);
        model.panes.coql.editor.history_at = None;
    }
}

/// The text of the open editor, for `$EDITOR`.
pub fn external(model: &mut Model, out: &mut Vec<Effect>) {
    let text = match &model.overlay {
        Some(Overlay::Note(note)) => area::text(&note.text),
        _ => model.panes.coql.editor.text(),
    };
    draft::keep_all(model, out);
    out.push(Effect::Edit(text));
}

/// `$EDITOR` ended.
pub fn edited(model: &mut Model, text: Option<String>) {
    let Some(text) = text else {
        return notice::info(model, "the editor failed; the text is as it was");
    };
    let new = area::with(crate::app::input::pasted(&text).trim_end_matches('\n'));
    match &mut model.overlay {
        Some(Overlay::Note(note)) => note.text = new,
        _ if model.trail.here == Place::Coql => model.panes.coql.editor.area = new,
        _ => return,
    }
    changed(model);
}

/// The server took a note.
pub fn confirmed(model: &mut Model, write: WriteId) {
    if let Some(note) = model.notes.remove(&write) {
        notice::done(model, &format!("the note is on {}", note.parent.name));
    }
}

/// A note was refused: its text is a draft again.
pub fn refused(model: &mut Model, write: WriteId, out: &mut Vec<Effect>) {
    model.spent.remove(&write);
    let Some(note) = model.notes.remove(&write) else { return };
    draft::restore(model, note, out);
}
