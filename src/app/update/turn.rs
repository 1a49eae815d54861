//! Undoing and redoing.

use super::{ask, draft, moves, notice, settle};
use crate::{
    app::{Effect, Model},
    protocol::{DraftKey, DraftRow, JobKey, Request, Turned, Undoing},
};

/// Names that an order keeps free for the writes that it takes.
const NAMES: u64 = 1_000;

/// Asks for what was done last to be undone, or done again.
pub fn turn(model: &mut Model, turn: Undoing, out: &mut Vec<Effect>) {
    let write = model.take_write_id();
    model.next_write = write + NAMES;
    ask(model, JobKey::Write(write), Request::Undo { write, turn }, out);
}

/// It is done: what the screen showed of the writes before is no longer so.
pub fn turned(model: &mut Model, turned: Turned, out: &mut Vec<Effect>) {
    let Turned { write, turn, words, records, kept, taken } = turned;
    moves::forget(model, write, &records);
    let board = &mut model.panes.board;
    let card = board.card().map(|card| card.id.clone());
    board.follow = card.filter(|id| records.iter().any(|record| record.id == *id));
    let mut drafted = false;
    for taken in taken {
        model.notes.remove(&taken.write);
        let Some(text) = taken.draft else { continue };
        let key = DraftKey::Note(taken.record);
        draft::forget(model, &key);
        model.drafts.insert(0, DraftRow { draft: key, text, at: model.now });
        drafted = true;
    }
    settle::stale(model, out);
    let did = match turn {
        Undoing::Undo => "Undid",
        Undoing::Redo => "Redid",
    };
    let mut said = format!("{did}: {words}");
    if drafted {
        said.push_str("; the text is a draft again: gN lists it");
    }
    match kept.as_slice() {
        [] => return notice::done(model, &said),
        [reason] => said = format!("{said}; kept {reason}"),
        [first, rest @ ..] => said = format!("{said}; kept {first}, and {} more", rest.len()),
    }
    notice::info(model, &said);
}
