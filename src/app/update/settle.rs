//! Asking for what the screen shows and is not in hand.

use jiff::ToSpan;

use super::ask;
use crate::{
    app::{
        Effect, Load, Model, Place, Walk, geometry,
        list::length,
        overlay::Overlay,
        pane::{CoqlFocus, RecordFocus, RecordPane},
    },
    domain::{Link, Module},
    protocol::{DealSort, JobKey, ListId, ListSpec, Request, SortWay},
};

/// Seconds for which a record pulled from the server is new enough.
const FRESH: i64 = 60;

/// Cards that a request for the board asks for in each column, at least.
const CARDS: u32 = 30;

/// Keeps every cursor inside of what it walks over, and asks for what is missing. Doing it twice changes nothing.
pub fn settle(model: &mut Model, out: &mut Vec<Effect>) {
    let here = model.trail.here.clone();
    match &here {
        Place::Board => board(model, out),
        Place::Deals | Place::Contacts | Place::Companies | Place::Notes => fill(model, &here, out),
        Place::Pipelines => pipelines(model, out),
        Place::Credits => credits(model, out),
        Place::Coql => super::coql::settle(model, out),
        Place::Record(link) => record(model, link, out),
    }
    peek(model, &here, out);
    super::history::fill(model, out);
}

impl Model {
    /// The list of a place with its key and its rows on the screen.
    pub(in crate::app) fn list_at(&mut self, place: &Place) -> Option<(JobKey, u16, &mut dyn Walk)> {
        let height = geometry::list_rows(self.size, self.options.peek_list).max(1);
        let panes = &mut self.panes;
        let (id, list): (ListId, &mut dyn Walk) = match place {
            Place::Board => {
                let height = geometry::board_cards(self.size, self.options.peek);
                let at = panes.board.focus;
                let id = ListId::Column(u16::try_from(at).ok()?);
                return Some((JobKey::List(id), height, &mut panes.board.columns.get_mut(at)?.cards));
            }
            Place::Deals => (ListId::Deals, &mut panes.deals),
            Place::Contacts => (ListId::Contacts, &mut panes.contacts),
            Place::Companies => (ListId::Companies, &mut panes.companies),
            Place::Notes => (ListId::Notes, &mut panes.notes),
            Place::Coql => {
                let height = geometry::coql_rows(self.size).1.max(1);
                return Some((JobKey::List(ListId::Answer), height, &mut panes.coql.results.rows));
            }
            _ => return None,
        };
        Some((JobKey::List(id), height, list))
    }
}

fn board(model: &mut Model, out: &mut Vec<Effect>) {
    let height = geometry::board_cards(model.size, model.options.peek);
    let board = &mut model.panes.board;
    board.focus = board.focus.min(board.columns.len().saturating_sub(1));
    for (at, column) in board.columns.iter_mut().enumerate() {
        column.cards.keep_in_view(height);
        column.cards.anchor.take_if(|_| at != board.focus);
    }
    let (load, filter) = (board.load, board.filter.clone());
    let Some(scope) = model.scope.clone() else { return };
    match load {
        Load::Ready => return fill(model, &Place::Board, out),
        Load::Asked | Load::Failed => return,
        Load::Idle => {}
    }
    model.panes.board.load = Load::Asked;
    let per_column = CARDS.max(u32::from(height) * 3);
    let request = Request::Board { scope: scope.clone(), filter: filter.clone(), per_column };
    ask(model, JobKey::Board, request, out);
    let list = ListSpec::Deals { scope, filter, sort: DealSort::default(), way: SortWay::default() };
    summary(model, Place::Board, list, out);
}

fn summary(model: &mut Model, place: Place, list: ListSpec, out: &mut Vec<Effect>) {
    let panes = &mut model.panes;
    // The figures of the other pane, if they are still on their way, are replaced by these: it asks again.
    match panes.summary_for.replace(place.clone()).filter(|other| *other != place) {
        Some(Place::Board) => panes.board.load = Load::Idle,
        Some(_) => panes.deals.load = Load::Idle,
        None => {}
    }
    ask(model, JobKey::Summary, Request::Summary { list }, out);
}

/// Fills the window of a list, wherever the user is.
pub fn fill(model: &mut Model, place: &Place, out: &mut Vec<Effect>) {
    let known = model.account.catalog.is_some();
    let Some((key, height, list)) = model.list_at(place) else { return };
    list.keep_in_view(height);
    let Some(spec) = list.spec().filter(|_| known).cloned() else { return };
    let Some(slice) = list.wants(height) else { return };
    let anew = list.load() == Load::Idle;
    list.set_load(Load::Asked);
    let len = length(&slice, height);
    ask(model, key, Request::Window { list: spec.clone(), slice, len }, out);
    if anew && *place == Place::Deals {
        summary(model, Place::Deals, spec, out);
    }
}

fn pipelines(model: &mut Model, out: &mut Vec<Effect>) {
    let height = usize::from(geometry::pipelines_rows(model.size));
    let pane = &mut model.panes.pipelines;
    pane.cursor = pane.cursor.min(pane.totals.len().saturating_sub(1));
    pane.top = in_view(pane.top, pane.cursor, height);
    if pane.load == Load::Idle && model.account.catalog.is_some() {
        pane.load = Load::Asked;
        ask(model, JobKey::Pipelines, Request::Pipelines, out);
    }
}

fn credits(model: &mut Model, out: &mut Vec<Effect>) {
    if model.panes.credits.load == Load::Idle {
        model.panes.credits.load = Load::Asked;
        ask(model, JobKey::Credits, Request::Credits, out);
    }
}

/// Credits or calls changed: the cockpit is read anew when it is shown.
pub fn spent(model: &mut Model) {
    match &mut model.panes.credits.load {
        Load::Asked => {
            model.behind.insert(JobKey::Credits);
        }
        load => *load = Load::Idle,
    }
}

/// The first line on the screen that keeps the cursor there.
pub fn in_view(top: usize, cursor: usize, height: usize) -> usize {
    top.clamp((cursor + 1).saturating_sub(height.max(1)), cursor)
}

fn record(model: &mut Model, link: &Link, out: &mut Vec<Effect>) {
    let (facts, entries) = geometry::record_rows(model.size);
    if model.panes.record.as_ref().is_none_or(|pane| pane.link.id != link.id) {
        model.panes.record = Some(RecordPane::new(link.clone()));
    }
    let Some(pane) = &mut model.panes.record else { return };
    let timeline = pane.detail.as_ref().map_or(0, |detail| detail.timeline.len());
    pane.fact = pane.fact.min(pane.facts().saturating_sub(1));
    pane.entry = pane.entry.min(timeline.saturating_sub(1));
    pane.fact_top = in_view(pane.fact_top, pane.fact, usize::from(facts));
    pane.entry_top = in_view(pane.entry_top, pane.entry, usize::from(entries));
    if pane.load == Load::Idle && model.account.catalog.is_some() {
        let pulled = pane.detail.as_ref().and_then(|detail| detail.pulled_at);
        let fresh = pulled.is_none_or(|at| at + FRESH.seconds() < model.now);
        ask_record(model, fresh, out);
    }
}

/// Asks for the record on the screen.
pub fn ask_record(model: &mut Model, fresh: bool, out: &mut Vec<Effect>) {
    let Some(pane) = &mut model.panes.record else { return };
    pane.load = Load::Asked;
    let (module, id) = (pane.link.module, pane.link.id.clone());
    ask(model, JobKey::Detail, Request::Detail { module, id, fresh }, out);
}

fn peek(model: &mut Model, here: &Place, out: &mut Vec<Effect>) {
    let shown = match here {
        Place::Board => model.options.peek,
        Place::Deals | Place::Contacts | Place::Companies => model.options.peek_list,
        _ => false,
    };
    // A deal must be known before it can be moved: one that is not in the mirror yet is asked for.
    let pane = &model.panes.coql;
    let unknown = pane.results.rows.selected().is_some_and(|row| row.deal.is_none());
    let answer = *here == Place::Coql && pane.focus == CoqlFocus::Result && unknown;
    if (geometry::strip_rows(model.size, shown) == 0 && !answer) || model.account.catalog.is_none() {
        return;
    }
    let wanted =
        |link: &Link| if answer { link.module == Module::Pipelines } else { link.module != Module::Notes };
    let Some(link) = model.current().filter(wanted) else {
        model.panes.peek = None;
        return;
    };
    if model.panes.peek.as_ref().is_none_or(|pane| pane.link.id != link.id) {
        let known = model.panes.visited.iter().find(|pane| pane.link.id == link.id);
        let detail = known.and_then(|pane| pane.detail.clone());
        model.panes.peek = Some(RecordPane { detail, ..RecordPane::new(link) });
    }
    let Some(pane) = model.panes.peek.as_mut().filter(|pane| pane.load == Load::Idle) else { return };
    pane.load = Load::Asked;
    let (module, id) = (pane.link.module, pane.link.id.clone());
    ask(model, JobKey::Peek, Request::Detail { module, id, fresh: false }, out);
}

/// Something changed in the mirror: what is on the screen is asked for again, the rest when it is shown.
pub fn stale(model: &mut Model, out: &mut Vec<Effect>) {
    let mut late = Vec::new();
    let mut mark = |load: &mut Load, key: JobKey| match load {
        Load::Asked => late.push(key),
        load => *load = Load::Idle,
    };
    let panes = &mut model.panes;
    mark(&mut panes.board.load, JobKey::Board);
    mark(&mut panes.pipelines.load, JobKey::Pipelines);
    mark(&mut panes.deals.load, JobKey::List(ListId::Deals));
    mark(&mut panes.contacts.load, JobKey::List(ListId::Contacts));
    mark(&mut panes.companies.load, JobKey::List(ListId::Companies));
    mark(&mut panes.notes.load, JobKey::List(ListId::Notes));
    mark(&mut panes.coql.results.rows.load, JobKey::List(ListId::Answer));
    if let Some(peek) = &mut panes.peek {
        mark(&mut peek.load, JobKey::Peek);
    }
    if let Some(Overlay::History(view)) = &mut model.overlay {
        mark(&mut view.load, JobKey::History);
    }
    let shown = matches!(model.trail.here, Place::Record(_));
    match &mut model.panes.record {
        Some(pane) if pane.load == Load::Asked => late.push(JobKey::Detail),
        Some(_) if shown => ask_record(model, false, out),
        Some(pane) => pane.load = Load::Idle,
        None => {}
    }
    model.behind.extend(late);
}

impl RecordPane {
    /// A record of which only the name is known.
    #[must_use]
    pub fn new(link: Link) -> Self {
        Self {
            link,
            detail: None,
            gone: false,
            load: Load::Idle,
            focus: RecordFocus::Facts,
            fact: 0,
            fact_top: 0,
            entry: 0,
            entry_top: 0,
        }
    }
}
