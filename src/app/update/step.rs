//! Stepping through records without leaving the detail.

use crate::{
    app::{Model, Place},
    domain::{Link, Module, RecordId},
};

/// The list that the record on the screen came from, if it is one of its rows.
#[must_use]
pub fn origin(model: &Model) -> Option<&Place> {
    let Place::Record(link) = &model.trail.here else { return None };
    let place = model.trail.back.last()?;
    holds(model, place, link.module, &link.id).then_some(place)
}

fn holds(model: &Model, place: &Place, module: Module, id: &RecordId) -> bool {
    let panes = &model.panes;
    match (place, module) {
        (Place::Board, Module::Pipelines) => {
            panes.board.column().is_some_and(|column| column.cards.rows.iter().any(|row| row.id == *id))
        }
        (Place::Deals, Module::Pipelines) => panes.deals.rows.iter().any(|row| row.id == *id),
        (Place::Contacts, Module::Contacts) => panes.contacts.rows.iter().any(|row| row.id == *id),
        (Place::Companies, Module::Accounts) => panes.companies.rows.iter().any(|row| row.id == *id),
        (Place::Coql, _) => panes.coql.table.as_ref().is_some_and(|table| {
            table.links.iter().flatten().any(|link: &Link| link.module == module && link.id == *id)
        }),
        _ => false,
    }
}
