//! Stepping through records without leaving the detail.

use super::{coql, notice, settle, travel};
use crate::{
    app::{Effect, List, Model, Place},
    domain::{Link, Module, RecordId, Row},
    protocol::AnswerRow,
};

/// The list that the record on the screen came from, if it is one of its rows.
#[must_use]
pub fn origin(model: &Model) -> Option<&Place> {
    let Place::Record(link) = &model.trail.here else { return None };
    let place = model.trail.back.last()?;
    position(model, place, link.module, &link.id).map(|_| place)
}

/// Where a record stands in a list.
fn position(model: &Model, place: &Place, module: Module, id: &RecordId) -> Option<u64> {
    let panes = &model.panes;
    match (place, module) {
        (Place::Board, Module::Pipelines) => ordinal(&panes.board.column()?.cards, id),
        (Place::Deals, Module::Pipelines) => ordinal(&panes.deals, id),
        (Place::Contacts, Module::Contacts) => ordinal(&panes.contacts, id),
        (Place::Companies, Module::Accounts) => ordinal(&panes.companies, id),
        (Place::Coql, _) => {
            let rows = &panes.coql.results.rows;
            let same = |row: &AnswerRow| {
                row.link.as_ref().is_some_and(|link| link.module == module && link.id == *id)
            };
            let at = rows.selected().is_some_and(same).then_some(rows.cursor);
            at.or_else(|| rows.rows.iter().position(same).map(|at| rows.first + at as u64))
        }
        _ => None,
    }
}

fn ordinal<R: Row>(list: &List<R>, id: &RecordId) -> Option<u64> {
    list.rows.iter().position(|row| row.id() == id).map(|at| list.first + at as u64)
}

/// The record at an ordinal of a list, if it is in hand.
fn at(model: &Model, place: &Place, ordinal: u64) -> Option<Link> {
    let panes = &model.panes;
    match place {
        Place::Board => panes.board.column()?.cards.row(ordinal).and_then(Row::record),
        Place::Deals => panes.deals.row(ordinal).and_then(Row::record),
        Place::Contacts => panes.contacts.row(ordinal).and_then(Row::record),
        Place::Companies => panes.companies.row(ordinal).and_then(Row::record),
        Place::Coql => panes.coql.results.rows.row(ordinal).and_then(Row::record),
        _ => None,
    }
}

fn total(model: &mut Model, place: &Place) -> u64 {
    model.list_at(place).map_or(0, |(_, _, list)| list.total())
}

/// Shows the next or previous record of the list behind, and moves the cursor there with it.
pub fn step(model: &mut Model, forward: bool, out: &mut Vec<Effect>) {
    let Place::Record(link) = model.trail.here.clone() else { return };
    let Some(place) = origin(model).cloned() else { return };
    let Some(here) = position(model, &place, link.module, &link.id) else { return };
    let next = if forward { Some(here + 1) } else { here.checked_sub(1) };
    let Some(next) = next.filter(|next| *next < total(model, &place)) else {
        let word = if forward { "last" } else { "first" };
        return notice::info(model, &format!("this is the {word} record of the list"));
    };
    let found = at(model, &place, next);
    if let Some((_, _, list)) = model.list_at(&place) {
        list.go_to(next);
    }
    match place {
        Place::Coql => coql::settle(model, out),
        _ => settle::fill(model, &place, out),
    }
    match found {
        Some(link) => travel::replace(model, link),
        None => notice::info(model, "the next rows are on their way; press it once more"),
    }
}
