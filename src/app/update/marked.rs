//! Doing something with all marked deals at once.

use super::{ask, deal_form, moves, notice, stage, yank};
use crate::{
    app::{
        Effect, Marks, Model, Place,
        actions::Action,
        overlay::{Confirm, DealForm, Overlay},
    },
    domain::{DealRow, Module, Outcome, RecordId, Stage},
    protocol::{JobKey, Request, Rows, StageChange},
};

/// What can be done with several records, or once more with another one.
#[derive(Debug, Clone, PartialEq)]
pub enum Bulk {
    /// Carrying deals one stage on or back.
    Carry(bool),
    /// Picking a stage for them.
    Pick,
    /// Moving them to the stage with this name.
    To(String),
    /// Closing them.
    Close(Outcome),
    /// Changing the amount (1) or the closing date (2).
    Change(usize),
    /// Changing them as a form said.
    Form(Box<DealForm>),
    /// Copying.
    Yank(Action),
}

/// What a deal becomes, or why it stays as it is.
pub(super) type Wish = Result<StageChange, String>;

impl Model {
    /// Marked deals that an action of a deal is for; empty where it is for the one under the cursor.
    #[must_use]
    pub fn marked_deals(&self) -> Vec<RecordId> {
        match self.trail.here {
            Place::Board | Place::Deals | Place::Coql => {
                let marks = self.marks().into_iter().flat_map(Marks::iter);
                marks.filter(|link| link.module == Module::Pipelines).map(|link| link.id.clone()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The deals with these ids, if all of them are in hand.
    fn deals_in_hand(&self, ids: &[RecordId]) -> Option<Vec<DealRow>> {
        let cards = self.panes.board.columns.iter().flat_map(|column| &column.cards.rows);
        let rows: Vec<&DealRow> = match self.trail.here {
            Place::Board => cards.collect(),
            Place::Coql => {
                self.panes.coql.results.rows.rows.iter().filter_map(|row| row.deal.as_deref()).collect()
            }
            _ => self.panes.deals.rows.iter().collect(),
        };
        ids.iter().map(|id| rows.iter().find(|row| row.id == *id).map(|row| (*row).clone())).collect()
    }
}

/// Does it with the marked deals; false if none is marked.
pub fn begin(model: &mut Model, bulk: Bulk, out: &mut Vec<Effect>) -> bool {
    let ids = model.marked_deals();
    if ids.is_empty() {
        return false;
    }
    match model.deals_in_hand(&ids) {
        Some(deals) => act(model, bulk, deals, out),
        None => look_up(model, bulk, out),
    }
    true
}

/// Does what was done last once more: with the marked deals, or with the current one.
pub fn repeat(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(last) = model.last.clone() else { return };
    if !begin(model, last.clone(), out)
        && let Some(deal) = model.current_deal().cloned()
    {
        act(model, last, vec![deal], out);
    }
}

/// Asks how the marked records stand, to go on when that is known.
pub fn look_up(model: &mut Model, bulk: Bulk, out: &mut Vec<Effect>) {
    let marks = model.marks().into_iter().flat_map(Marks::iter);
    let module = model.trail.here.lists().unwrap_or(Module::Pipelines);
    let ids = marks.filter(|link| link.module == module).map(|link| link.id.clone()).collect();
    model.bulk = Some(bulk);
    ask(model, JobKey::Marked, Request::Records { module, ids }, out);
}

/// The worker told how the marked records stand.
pub fn take(model: &mut Model, rows: Rows, out: &mut Vec<Effect>) {
    match (model.bulk.take(), rows) {
        (Some(Bulk::Yank(action)), rows) => yank::rows(model, action, &rows, out),
        (Some(bulk), Rows::Deals(mut deals)) if model.overlay.is_none() => {
            for deal in &mut deals {
                moves::overlay(model, deal);
            }
            act(model, bulk, deals, out);
        }
        _ => {}
    }
}

fn act(model: &mut Model, bulk: Bulk, deals: Vec<DealRow>, out: &mut Vec<Effect>) {
    match bulk {
        Bulk::Carry(forward) => {
            let wishes = deals.iter().map(|deal| carried(model, deal, forward)).collect();
            let way = if forward { "one stage on" } else { "one stage back" };
            propose(model, wishes, &|many| format!("Move {many} {way}?"), out);
        }
        Bulk::Pick => stage::pick_for(model, deals),
        Bulk::To(name) => {
            let stages = most(model, &deals);
            match stage::named(&stages, &name).cloned() {
                Some(stage) => stage::to_stage(model, deals, &stage, out),
                None => notice::info(model, &format!("no stage of these deals is called {name}")),
            }
        }
        Bulk::Close(outcome) => {
            let stage = most(model, &deals).into_iter().find(|stage| stage.outcome == outcome);
            match stage {
                Some(stage) => deal_form::close_into(model, deals, &stage),
                None => notice::info(model, "this pipeline has no stage for that"),
            }
        }
        Bulk::Change(field) => deal_form::change(model, deals, field),
        Bulk::Form(form) => deal_form::once_more(model, DealForm { deals, ..*form }, out),
        Bulk::Yank(_) => {}
    }
}

/// The stages of the sub-pipeline that most of the deals are in.
#[must_use]
pub(super) fn most(model: &Model, deals: &[DealRow]) -> Vec<Stage> {
    let place = |deal: &DealRow| (deal.pipeline.clone(), deal.sub_pipeline.clone());
    let with = |deal: &DealRow| deals.iter().filter(|other| place(other) == place(deal)).count();
    let mut seen = Vec::new();
    let mut best: Option<(usize, &DealRow)> = None;
    for deal in deals {
        if !seen.contains(&place(deal)) {
            seen.push(place(deal));
            let many = with(deal);
            if best.is_none_or(|(most, _)| many > most) {
                best = Some((many, deal));
            }
        }
    }
    best.and_then(|(_, deal)| model.sub_pipeline(deal)).map(|sub| sub.stages.clone()).unwrap_or_default()
}

/// A deal one stage on or back.
fn carried(model: &Model, deal: &DealRow, forward: bool) -> Wish {
    let sub = model.sub_pipeline(deal).ok_or("in a pipeline that is not known here")?;
    if !sub.stages.iter().any(|stage| stage.value == deal.stage && stage.outcome == Outcome::Open) {
        return Err("closed".to_owned());
    }
    let to = if forward { sub.next_open(&deal.stage) } else { sub.previous_open(&deal.stage) };
    let end = if forward { "in the last open stage" } else { "in the first stage" };
    to.map(|to| stage::change(deal, &to.value)).ok_or_else(|| end.to_owned())
}

/// Asks whether all of these are to be, and how many stay as they are. What concerns one deal only is done.
pub(super) fn propose(
    model: &mut Model,
    wishes: Vec<Wish>,
    question: &dyn Fn(&str) -> String,
    out: &mut Vec<Effect>,
) {
    let (mut changes, mut stays): (Vec<StageChange>, Vec<(u64, String)>) = Default::default();
    for wish in wishes {
        match wish {
            Ok(change) => changes.push(change),
            Err(reason) => count(&mut stays, reason),
        }
    }
    let stay = staying(&stays);
    match changes.len() {
        0 => notice::info(model, &format!("nothing to do: {stay}")),
        1 => {
            unmark(model);
            send(model, changes, out);
            if !stay.is_empty() {
                notice::info(model, &stay);
            }
        }
        many => {
            let mut groups = Vec::new();
            for change in &changes {
                count(&mut groups, what(model, change));
            }
            let question = question(&format!("{many} deals"));
            model.prefix = None;
            model.overlay = Some(Overlay::Confirm(Confirm { question, groups, stay, changes }));
        }
    }
}

/// What stays as it is, in words: `2 stay: 1 closed, 1 in the last open stage`; empty for nothing.
fn staying(stays: &[(u64, String)]) -> String {
    let reasons: Vec<String> = stays.iter().map(|(many, reason)| format!("{many} {reason}")).collect();
    match stays.iter().map(|(many, _)| many).sum::<u64>() {
        0 => String::new(),
        1 => format!("1 stays: {}", reasons.join(", ")),
        all => format!("{all} stay: {}", reasons.join(", ")),
    }
}

fn count(groups: &mut Vec<(u64, String)>, what: String) {
    match groups.iter_mut().find(|(_, other)| *other == what) {
        Some((many, _)) => *many += 1,
        None => groups.push((1, what)),
    }
}

/// What a change does, in words that deals have in common.
fn what(model: &Model, change: &StageChange) -> String {
    let mut words = Vec::new();
    if change.from != change.to {
        let label = |value: &str| moves::label(model, value).to_string();
        words.push(format!("{} → {}", label(&change.from), label(&change.to)));
    }
    if change.amount.is_some() {
        words.push("another amount".to_owned());
    }
    words.extend(change.closing.map(|date| format!("closing {}", date.strftime("%-d %b %Y"))));
    words.join(", ")
}

/// Yes: all of them are written, as one action, and the marks have done their service.
pub fn confirmed(model: &mut Model, out: &mut Vec<Effect>) {
    let Some(Overlay::Confirm(confirm)) = model.overlay.take() else { return };
    let many = confirm.changes.len();
    unmark(model);
    send(model, confirm.changes, out);
    notice::done(model, &format!("{many} deals changed; u takes it back"));
}

fn unmark(model: &mut Model) {
    if let Some(marks) = model.marks_mut() {
        marks.clear();
    }
}

/// Writes changes as one action.
pub(super) fn send(model: &mut Model, mut changes: Vec<StageChange>, out: &mut Vec<Effect>) {
    for change in &mut changes {
        change.write = model.take_write_id();
        model.moves.insert(change.write, change.clone());
        moves::show(model, change);
    }
    if let Some(first) = changes.first().map(|change| change.write) {
        ask(model, JobKey::Write(first), Request::MoveDeals(changes), out);
    }
}
