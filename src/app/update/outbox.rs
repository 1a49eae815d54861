//! Writes that are not on the server: looking at them, changing them, deciding conflicts.

use super::{ask, moves, note, notice, stage, travel};
use crate::{
    app::{
        Effect, Model,
        actions::Action,
        input::{date, money},
        overlay::{ConflictView, LineInput, OutboxView, Overlay, Pick},
    },
    protocol::{
        DraftKey, DraftRow, JobKey, MoveField, OutboxItem, OutboxOrder, OutboxState, Request, Stand,
        TakenOut, Writing,
    },
};

/// Opens the outbox.
pub fn open(model: &mut Model, out: &mut Vec<Effect>) {
    model.overlay = Some(Overlay::Outbox(OutboxView::default()));
    tell(model, OutboxOrder::List, out);
}

fn tell(model: &mut Model, order: OutboxOrder, out: &mut Vec<Effect>) {
    ask(model, JobKey::Outbox, Request::Outbox(order), out);
}

/// The outbox is another: who looks at it sees it.
pub fn changed(model: &mut Model, state: OutboxState, out: &mut Vec<Effect>) {
    model.account.outbox = state;
    if matches!(model.overlay, Some(Overlay::Outbox(_) | Overlay::Conflict(_))) {
        tell(model, OutboxOrder::List, out);
    }
}

/// The rows of the outbox have come; the cursor stays on its write.
pub fn take(model: &mut Model, rows: Vec<OutboxItem>) {
    match &mut model.overlay {
        Some(Overlay::Outbox(view)) => {
            let no = view.selected().map(|row| row.no);
            let at = no.and_then(|no| rows.iter().position(|row| row.no == no));
            view.cursor = at.unwrap_or(view.cursor).min(rows.len().saturating_sub(1));
            (view.rows, view.read) = (rows, true);
        }
        Some(Overlay::Conflict(view)) => {
            let stopped = |row: &OutboxItem| row.no == view.no() && matches!(row.stand, Stand::Conflict(_));
            if !rows.iter().any(stopped) {
                let cursor = rows.iter().position(|row| row.no == view.no()).unwrap_or(0);
                model.overlay = Some(Overlay::Outbox(OutboxView { rows, cursor, read: true }));
            }
        }
        _ => {}
    }
}

fn selected(model: &Model) -> Option<OutboxItem> {
    match &model.overlay {
        Some(Overlay::Outbox(view)) => view.selected().cloned(),
        _ => None,
    }
}

/// Opens the record of the write under the cursor, or the question that it raises.
pub fn enter(model: &mut Model) {
    let Some(item) = selected(model) else { return };
    match ConflictView::of(&item) {
        Some(view) => model.overlay = Some(Overlay::Conflict(Box::new(view))),
        None => {
            model.overlay = None;
            travel::open(model, item.record);
        }
    }
}

/// Edits the write under the cursor: a note in its editor, a deal by its stage.
pub fn edit(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(item) = selected(model) else { return };
    match (&item.what, &item.stand, item.deal.as_deref()) {
        (_, Stand::Conflict(_), _) => enter(model),
        (Writing::Note(_), ..) => tell(model, OutboxOrder::Edit(item.no), out),
        (Writing::Move { .. }, _, Some(deal)) if model.sub_pipeline(deal).is_some() => {
            stage::pick_for(model, vec![deal.clone()]);
        }
        (Writing::Removal(_), ..) => notice::info(model, "a note that is to go has nothing to edit"),
        (Writing::Move { .. }, ..) => notice::info(model, "the stages of this deal are not known yet"),
    }
}

/// Does something with the write under the cursor that the worker does.
pub fn order(model: &mut Model, action: Action, out: &mut Vec<Effect>) {
    let Some(no) = selected(model).map(|item| item.no) else { return };
    let order = match action {
        Action::OutboxCancel => OutboxOrder::Cancel(no),
        Action::OutboxEarlier => OutboxOrder::Shift { no, up: true },
        Action::OutboxLater => OutboxOrder::Shift { no, up: false },
        _ => OutboxOrder::Send(no),
    };
    tell(model, order, out);
}

/// A write is out of the outbox: the screen goes back to what was before it.
pub fn taken_out(model: &mut Model, taken: TakenOut, out: &mut Vec<Effect>) {
    let TakenOut { write, record, draft, edit } = taken;
    moves::refused(model, write);
    model.notes.remove(&write);
    super::settle::stale(model, out);
    let Some(text) = draft else {
        notice::done(model, &format!("{} stays as the server has it", record.name));
        return;
    };
    let key = DraftKey::Note(record.clone());
    super::draft::forget(model, &key);
    let kept = !text.is_empty();
    if kept {
        model.drafts.insert(0, DraftRow { draft: key, text, at: model.now });
    }
    if edit {
        note::open_on(model, record, Vec::new());
    } else if kept {
        notice::done(model, "not sent; the text is kept as a draft: gN lists it");
    } else {
        notice::done(model, "the note is gone");
    }
}

/// Decides the field under the cursor; when all are decided, the write goes its way.
pub fn pick(model: &mut Model, pick: Pick, out: &mut Vec<Effect>) {
    let Some(Overlay::Conflict(view)) = &mut model.overlay else { return };
    if let Some(decided) = view.picks.get_mut(view.field) {
        *decided = Some(pick);
    }
    (view.typed, view.error) = (None, None);
    if let Some(next) = view.picks.iter().position(Option::is_none) {
        view.field = next;
        return;
    }
    let (no, Some(values)) = (view.no(), view.decided()) else { return };
    let name = view.item.record.name.clone();
    model.overlay = Some(Overlay::Outbox(OutboxView::default()));
    notice::done(model, &format!("{name}: decided"));
    tell(model, OutboxOrder::Settle { no, values }, out);
    tell(model, OutboxOrder::List, out);
}

/// Opens the line for another value of the field under the cursor, with the user's own in it.
pub fn type_value(model: &mut Model) {
    let label = |value: String| stage_label(model, &value);
    let Some(Overlay::Conflict(view)) = &model.overlay else { return };
    let Some(field) = view.clashes.get(view.field) else { return };
    let mine = view.mine.text(*field).unwrap_or_default();
    let mine = if *field == MoveField::Stage { label(mine) } else { mine };
    if let Some(Overlay::Conflict(view)) = &mut model.overlay {
        view.typed = Some(LineInput::new(mine));
    }
}

/// Takes the typed value, or says what is wrong with it.
pub fn typed(model: &mut Model, out: &mut Vec<Effect>) {
    let today = model.today();
    let stages = stages(model);
    let Some(Overlay::Conflict(view)) = &mut model.overlay else { return };
    let (Some(line), Some(field)) = (&view.typed, view.clashes.get(view.field)) else { return };
    let text = line.text.trim();
    let mut values = view.mine.clone();
    let read = match field {
        MoveField::Stage => match stage::named(&stages, text) {
            Some(stage) => {
                values.stage.clone_from(&stage.value);
                Ok(())
            }
            None => Err("no stage of this pipeline is called so"),
        },
        MoveField::Amount => {
            money::parse(text, view.theirs.values.amount).map(|amount| values.amount = Some(amount))
        }
        MoveField::Closing => date::parse(text, today).map(|date| values.closing = Some(date)),
    };
    match read {
        Ok(()) => pick(model, Pick::Other(Box::new(values)), out),
        Err(error) => view.error = Some(error.to_owned()),
    }
}

/// Closes the line, or goes back to the outbox with the question undecided.
pub fn leave_conflict(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Conflict(view)) = &mut model.overlay else { return };
    if view.typed.take().is_some() {
        view.error = None;
    } else {
        open(model, out);
    }
}

/// The stages of the deal that the question is about.
fn stages(model: &Model) -> Vec<crate::domain::Stage> {
    let Some(Overlay::Conflict(view)) = &model.overlay else { return Vec::new() };
    let sub = view.item.deal.as_deref().and_then(|deal| model.sub_pipeline(deal));
    sub.map(|sub| sub.stages.clone()).unwrap_or_default()
}

fn stage_label(model: &Model, value: &str) -> String {
    let stages = stages(model);
    let stage = stages.iter().find(|stage| stage.value == value);
    stage.map_or_else(|| value.to_owned(), |stage| stage.label.clone())
}
