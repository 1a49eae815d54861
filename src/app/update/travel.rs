//! Going from place to place.

use super::{act, marks, notice, view};
use crate::{
    app::{
        Effect, List, Load, Model, Panes, Place, Walk,
        current::opens,
        overlay::{DraftsView, MessagesView, Overlay},
        pane::{CoqlFocus, RecordPane},
    },
    domain::Link,
    protocol::{ListSpec, Scope},
};

/// Goes somewhere new.
pub fn go(model: &mut Model, place: Place) {
    leave(model);
    model.trail.go(place);
    arrive(model);
}

/// Shows a record; a note has no screen of its own.
pub fn open(model: &mut Model, link: Link) {
    if opens(link.module) {
        go(model, Place::Record(link));
    } else {
        notice::info(model, "a note is shown on the record it belongs to");
    }
}

/// Shows what the cursor is on.
pub fn enter(model: &mut Model) {
    if model.trail.here == Place::Pipelines {
        let row = model.panes.pipelines.totals.get(model.panes.pipelines.cursor);
        if let Some(scope) = row.map(|row| row.scope.clone()) {
            look_at(model, scope);
            go(model, Place::Board);
        }
    } else if let Some(link) = model.points_to() {
        open(model, link);
    }
}

/// Out of a record to where it was entered from.
pub fn up(model: &mut Model) {
    if let Some(above) = model.trail.here.up()
        && !back(model)
    {
        leave(model);
        model.trail.here = above;
        arrive(model);
    }
}

/// Back along the trail; false at its beginning.
pub fn back(model: &mut Model) -> bool {
    leave(model);
    let moved = model.trail.back();
    arrive(model);
    moved
}

/// Forward along the trail.
pub fn forward(model: &mut Model) {
    leave(model);
    model.trail.forward();
    arrive(model);
}

/// Out of a record, or out of the program.
pub fn leave_place(model: &mut Model, out: &mut Vec<Effect>) {
    if model.trail.here.up().is_some() {
        up(model);
    } else {
        act::leave(model, out);
    }
}

/// Shows another record in the place of the one on the screen.
pub fn replace(model: &mut Model, link: Link) {
    leave(model);
    model.trail.here = Place::Record(link);
    arrive(model);
}

/// The record that is left is remembered, so that going back to it is answered from memory.
fn leave(model: &mut Model) {
    marks::leave_range(model);
    let panes = &mut model.panes;
    if let Some(pane) = panes.record.take_if(|pane| pane.detail.is_some()) {
        panes.visited.retain(|old| old.link.id != pane.link.id);
        panes.visited.push(pane);
        let extra = panes.visited.len().saturating_sub(Panes::VISITED);
        panes.visited.drain(..extra);
    }
}

fn arrive(model: &mut Model) {
    match &model.trail.here {
        Place::Record(link) => {
            let known = model.panes.visited.iter().position(|pane| pane.link.id == link.id);
            let pane = match known {
                Some(at) => RecordPane { load: Load::Idle, ..model.panes.visited.remove(at) },
                None => RecordPane::new(link.clone()),
            };
            model.panes.record = Some(pane);
        }
        Place::Coql if model.panes.coql.results.answer.is_none() => {
            model.panes.coql.focus = CoqlFocus::Editor
        }
        _ => {}
    }
}

/// Switches between board and list and keeps the deal under the cursor.
pub fn toggle_board(model: &mut Model) {
    let deal = model.current_deal().map(|deal| (deal.id.clone(), deal.stage.clone()));
    if model.trail.here == Place::Board {
        go(model, Place::Deals);
        if let Some((id, _)) = deal {
            model.panes.deals.follow(&id);
        }
        return;
    }
    go(model, Place::Board);
    let board = &mut model.panes.board;
    if let Some((id, stage)) = deal
        && let Some(at) = board.columns.iter().position(|column| column.stage.value == stage)
    {
        board.focus = at;
        board.columns[at].cards.follow(&id);
    }
}

/// Makes board and list look at another pipeline.
pub fn look_at(model: &mut Model, scope: Scope) {
    if model.scope.as_ref() == Some(&scope) {
        return;
    }
    let panes = &mut model.panes;
    (panes.board.columns, panes.board.summary, panes.board.load) = (Vec::new(), None, Load::Idle);
    panes.board.focus = 0;
    let (filter, sort, way) = view::deal_order(panes);
    panes.deals = List::default();
    panes.deals.show(ListSpec::Deals { scope: scope.clone(), filter, sort, way });
    panes.peek = None;
    model.scope = Some(scope);
}

/// Lists the texts that wait.
pub fn drafts(model: &mut Model) {
    if model.drafts.is_empty() {
        notice::info(model, "there are no drafts");
        return;
    }
    model.overlay = Some(Overlay::Drafts(DraftsView { rows: model.drafts.clone(), cursor: 0 }));
}

/// Lists what was said lately.
pub fn messages(model: &mut Model) {
    let rows = model.notices.iter().rev().cloned().collect();
    model.overlay = Some(Overlay::Messages(MessagesView { rows, top: 0 }));
}
