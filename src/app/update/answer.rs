//! What the worker says.

mod board;

use std::mem::discriminant;

use super::{
    ask, coql, draft, due, history, marked, marks, moves, note, notice, outbox, palette, screen, settle,
    turn, view, yank,
};
use crate::{
    app::{
        Effect, List, Load, Model, Place, geometry,
        overlay::Overlay,
        pane::{RecordPane, RunProgress},
    },
    domain::{Catalog, Detail, Link, Row},
    protocol::{
        CompanySort, ContactSort, DealFilter, DraftKey, DraftRow, Event, Failure, Generation, JobKey, ListId,
        ListSpec, Request, Rows, Scope, Slice, SortWay, SyncState, WindowReply,
    },
};

/// The job that an event answers.
fn job(event: &Event) -> Option<(JobKey, Generation)> {
    Some(match event {
        Event::Board { generation, .. } => (JobKey::Board, *generation),
        Event::Summary { generation, .. } => (JobKey::Summary, *generation),
        Event::Pipelines { generation, .. } => (JobKey::Pipelines, *generation),
        Event::Credits { generation, .. } => (JobKey::Credits, *generation),
        Event::Found { generation, .. } => (JobKey::Find, *generation),
        Event::Coql { generation, .. } | Event::CoqlProgress { generation, .. } => {
            (JobKey::Coql, *generation)
        }
        Event::CoqlTurned { generation, .. } => (JobKey::CoqlTurn, *generation),
        Event::CoqlRecords { generation, .. } => (JobKey::Marks, *generation),
        Event::CoqlCopied { generation, .. } => (JobKey::Copy, *generation),
        Event::Export { generation, .. } => (JobKey::Export, *generation),
        Event::QueryHistory { generation, .. } => (JobKey::Runs, *generation),
        Event::SavedQueries { generation, .. } => (JobKey::Library, *generation),
        Event::CoqlRows { generation, .. } => (JobKey::List(ListId::Answer), *generation),
        Event::CoqlOutlook { generation, .. } => (JobKey::CoqlOutlook, *generation),
        Event::Records { generation, .. } => (JobKey::Marked, *generation),
        Event::History { generation, .. } => (JobKey::History, *generation),
        // That typed text could not be kept is never old news.
        Event::Failed { key: JobKey::Keep, .. } => return None,
        // What nobody asked for has no older and newer.
        Event::Failed { generation: 0, .. } => return None,
        Event::Window { key, generation, .. }
        | Event::Detail { key, generation, .. }
        | Event::Failed { key, generation, .. } => (key.clone(), *generation),
        _ => return None,
    })
}

/// Takes in what the worker says. An answer to a job that was replaced is dropped here and nowhere else.
pub fn event(model: &mut Model, event: Event, out: &mut Vec<Effect>) {
    let answered = job(&event);
    if let Some((key, generation)) = &answered
        && model.generations.get(key) != Some(generation)
    {
        return;
    }
    match event {
        Event::Session(session) => {
            let known = model.account.session.replace(session.clone());
            let unkept = session.unkept.filter(|_| known.is_none_or(|known| known.unkept.is_none()));
            for words in [session.found, unkept].into_iter().flatten() {
                notice::lasting(model, words);
            }
            if !std::mem::replace(&mut model.drafts_asked, true) {
                ask(model, JobKey::Keep, Request::Drafts, out);
            }
        }
        Event::Catalog(catalog) => {
            self::catalog(model, &catalog);
            model.account.catalog = Some(catalog);
            (model.panes.coql.reading.language, model.panes.coql.prospect.statement) = (None, None);
        }
        Event::Usage(usage) => {
            model.account.usage = usage;
            settle::spent(model);
        }
        Event::Plan(plan) => {
            model.account.plan = plan;
            settle::spent(model);
        }
        Event::Fresh(fresh) => model.account.fresh = fresh,
        Event::Busy(busy) => {
            // Offline is a state that lasts: tries that are made meanwhile are not counted down.
            let offline = matches!(model.account.sync, SyncState::Offline { .. });
            model.account.busy = busy.filter(|_| !offline);
        }
        Event::Screen(text) => screen::come_back(model, text),
        Event::Credits { cockpit, .. } => {
            (model.panes.credits.cockpit, model.panes.credits.load) = (Some(cockpit), Load::Ready);
        }
        Event::Sync(state) => sync(model, state),
        Event::Outbox(state) => outbox::changed(model, state, out),
        Event::Turns(turns) => model.account.turns = turns,
        Event::Turned(turned) => turn::turned(model, turned, out),
        Event::Changed => settle::stale(model, out),
        Event::Board { scope, columns, .. } => board::take(model, &scope, columns),
        Event::Summary { summary, .. } => match model.panes.summary_for.take() {
            Some(Place::Board) => model.panes.board.summary = Some(summary),
            Some(_) => model.panes.deals.summary = Some(summary),
            None => {}
        },
        Event::Window { key: JobKey::Marks, window, .. } => marks::take(model, window),
        Event::Window { key, window, .. } => self::window(model, &key, window),
        Event::Pipelines { totals, .. } => {
            (model.panes.pipelines.totals, model.panes.pipelines.load) = (totals, Load::Ready);
        }
        Event::Records { rows, .. } => marked::take(model, rows, out),
        Event::Detail { key, link, detail, .. } => self::detail(model, &key, &link, detail),
        Event::History { record, changes, .. } => history::take(model, &record, changes),
        Event::Found { hits, .. } => palette::found(model, hits),
        Event::Coql { result, .. } => coql::answer(model, result),
        Event::CoqlProgress { rows, expected, credits, .. } => {
            coql::progress(model, RunProgress { rows, expected, credits });
        }
        Event::CoqlRows { window, .. } => coql::rows(model, window),
        Event::CoqlOutlook { outlook, .. } => coql::outlook(model, outlook),
        Event::CoqlTurned { result, .. } => coql::turned(model, result, out),
        Event::QueryHistory { rows, .. } => coql::library::history_heard(model, rows),
        Event::QueryExists { .. } => coql::library::name_taken(model),
        Event::CoqlRecords { answer, records, .. } => marks::take_records(model, answer, records),
        Event::CoqlCopied { copy, .. } => yank::copied_rows(model, &copy, out),
        Event::Export { state, .. } => coql::export::heard(model, state),
        Event::SavedQueries { queries, .. } => coql::library::saved_heard(model, queries),
        Event::QuerySaved { name, path } => coql::library::is_saved(model, &name, &path),
        Event::DraftKept { draft, at } => draft_kept(model, &draft, at),
        Event::Drafts(rows) => drafts(model, rows),
        Event::Taken { write } => note::taken(model, write, out),
        Event::OutboxItems(items) => outbox::take(model, items),
        Event::TakenOut(out_of) => outbox::taken_out(model, out_of, out),
        Event::Clashed { failure, .. } => notice::failed(model, &failure),
        Event::Confirmed { write } => {
            moves::confirmed(model, write);
            note::confirmed(model, write);
        }
        Event::Refused { write, failure } => {
            moves::refused(model, write);
            note::refused(model, write, out);
            notice::failed(model, &failure);
            settle::stale(model, out);
        }
        Event::Failed { key, failure, .. } => failed(model, &key, failure),
        Event::Demo(words) => notice::done(model, words.as_str()),
        Event::Clock { ahead } => {
            due::leap(model, ahead - model.account.ahead);
            model.account.ahead = ahead;
        }
        Event::Stopped(failure) => notice::failed(model, &failure),
    }
    if let Some((key, _)) = answered
        && model.behind.remove(&key)
    {
        forget(model, &key);
    }
}

/// An answer was old when it came: it is asked for again when it is shown.
fn forget(model: &mut Model, key: &JobKey) {
    if let Some(load) = load_of(model, key) {
        *load = Load::Idle;
    }
}

fn load_of<'a>(model: &'a mut Model, key: &JobKey) -> Option<&'a mut Load> {
    let panes = &mut model.panes;
    Some(match key {
        JobKey::Board => &mut panes.board.load,
        JobKey::Pipelines => &mut panes.pipelines.load,
        JobKey::Credits => &mut panes.credits.load,
        JobKey::Coql => &mut panes.coql.run.load,
        JobKey::List(ListId::Answer) => &mut panes.coql.results.rows.load,
        JobKey::Detail => &mut panes.record.as_mut()?.load,
        JobKey::Peek => &mut panes.peek.as_mut()?.load,
        JobKey::List(ListId::Deals) => &mut panes.deals.load,
        JobKey::List(ListId::Contacts) => &mut panes.contacts.load,
        JobKey::List(ListId::Companies) => &mut panes.companies.load,
        JobKey::List(ListId::Notes) => &mut panes.notes.load,
        JobKey::List(ListId::Column(at)) => &mut panes.board.columns.get_mut(usize::from(*at))?.cards.load,
        JobKey::History => match &mut model.overlay {
            Some(Overlay::History(view)) => &mut view.load,
            _ => return None,
        },
        JobKey::Find => match &mut model.overlay {
            Some(Overlay::Palette(palette)) => &mut palette.load,
            _ => return None,
        },
        JobKey::Summary
        | JobKey::Marks
        | JobKey::Marked
        | JobKey::CoqlOutlook
        | JobKey::Refresh
        | JobKey::Keep
        | JobKey::Outbox
        | JobKey::CoqlTurn
        | JobKey::Copy
        | JobKey::Export
        | JobKey::Runs
        | JobKey::Library
        | JobKey::Write(_)
        | JobKey::Attention
        | JobKey::Screen
        | JobKey::Demo => return None,
    })
}

fn failed(model: &mut Model, key: &JobKey, failure: Failure) {
    if let Some(load) = load_of(model, key) {
        *load = Load::Failed;
    }
    match key {
        JobKey::Coql => coql::answer(model, Err(failure)),
        JobKey::Export => coql::export::failed(model, &failure),
        JobKey::Marks | JobKey::Marked | JobKey::Copy | JobKey::CoqlTurn | JobKey::Runs | JobKey::Library => {
            notice::failed(model, &failure);
        }
        JobKey::Keep => {
            // It is tried again every few seconds, which covers nothing that was said meanwhile.
            draft::again(model);
            notice::failed_behind(model, &failure);
        }
        JobKey::Refresh | JobKey::Outbox | JobKey::Demo | JobKey::Write(_) => notice::failed(model, &failure),
        _ => notice::failed_behind(model, &failure),
    }
}

fn sync(model: &mut Model, state: SyncState) {
    if matches!(state, SyncState::Synced { .. }) {
        coql::synced(model);
    }
    let before = std::mem::replace(&mut model.account.sync, state.clone());
    if discriminant(&before) == discriminant(&state) {
        return;
    }
    if matches!(state, SyncState::Offline { .. }) {
        model.account.busy = None;
    }
    match state {
        SyncState::Offline { failure, .. }
        | SyncState::Waiting { failure, .. }
        | SyncState::SignedOut(failure) => {
            notice::failed_behind(model, &failure);
        }
        SyncState::Synced { .. }
            if matches!(before, SyncState::Offline { .. } | SyncState::Waiting { .. }) =>
        {
            notice::info(model, "Bigin answers again");
        }
        _ => {}
    }
}

/// The org is known: its zone, its first pipeline, and what the lists begin with.
fn catalog(model: &mut Model, catalog: &Catalog) {
    if let Ok(zone) = jiff::tz::TimeZone::get(&catalog.org.time_zone) {
        model.zone = zone;
    }
    let known = |scope: &Scope| {
        catalog.pipeline(&scope.pipeline).is_some_and(|pipeline| {
            let there = |sub: &String| pipeline.sub_pipelines.iter().any(|other| other.name == *sub);
            scope.sub_pipeline.as_ref().is_none_or(there)
        })
    };
    if model.account.catalog.as_deref().is_some_and(|old| old.pipelines != catalog.pipelines) {
        model.panes.board.load = Load::Idle;
    }
    if !model.scope.as_ref().is_some_and(known) {
        // Stages of one sub-pipeline are one way to go; all of them together are several.
        model.scope = catalog.pipelines.first().map(|first| Scope {
            pipeline: first.id.clone(),
            sub_pipeline: first.sub_pipelines.first().map(|sub| sub.name.clone()),
        });
        model.panes.board.load = Load::Idle;
    }
    let panes = &mut model.panes;
    if panes.deals.spec.is_none()
        && let Some(scope) = model.scope.clone()
    {
        panes.board.filter = DealFilter { open_only: true, ..DealFilter::default() };
        let (filter, sort, way) = view::deal_order(panes);
        panes.deals.show(ListSpec::Deals { scope, filter, sort, way });
        let (text, way) = (String::new(), SortWay::default());
        panes.contacts.show(ListSpec::Contacts { text: text.clone(), sort: ContactSort::default(), way });
        panes.companies.show(ListSpec::Companies { text: text.clone(), sort: CompanySort::default(), way });
        panes.notes.show(ListSpec::Notes { text });
    }
}

impl Model {
    /// Whether the records come in for the first time.
    pub(in crate::app) fn is_filling(&self) -> bool {
        matches!(self.account.sync, SyncState::Starting(_) | SyncState::Filling(_))
    }
}

/// A window without its rows.
struct Piece {
    spec: ListSpec,
    slice: Slice,
    first: u64,
    total: u64,
    height: u16,
    filling: bool,
}

impl Piece {
    fn join<R: Row>(self, list: &mut List<R>, rows: Vec<R>) {
        if list.spec.as_ref() == Some(&self.spec) {
            // While the mirror fills, rows come in above: who has not moved yet stays at the first one.
            list.outdated |= self.filling && list.is_at_start();
            list.take(&self.slice, self.first, self.total, rows, self.height);
        }
    }
}

fn window(model: &mut Model, key: &JobKey, reply: WindowReply) {
    let JobKey::List(id) = key else { return };
    let height = match id {
        ListId::Column(_) => geometry::board_cards(model.size, model.options.peek),
        _ => geometry::list_rows(model.size, model.options.peek_list).max(1),
    };
    let WindowReply { list: spec, slice, first, total, rows } = reply;
    let piece = Piece { spec, slice, first, total, height, filling: model.is_filling() };
    let panes = &mut model.panes;
    match (id, rows) {
        (ListId::Deals, Rows::Deals(rows)) => piece.join(&mut panes.deals, rows),
        (ListId::Contacts, Rows::Contacts(rows)) => piece.join(&mut panes.contacts, rows),
        (ListId::Companies, Rows::Companies(rows)) => piece.join(&mut panes.companies, rows),
        (ListId::Notes, Rows::Notes(rows)) => piece.join(&mut panes.notes, rows),
        (ListId::Column(at), Rows::Deals(rows)) => {
            if let Some(column) = panes.board.columns.get_mut(usize::from(*at)) {
                column.count = total;
                piece.join(&mut column.cards, rows);
            }
        }
        _ => {}
    }
    if matches!(id, ListId::Deals | ListId::Column(_)) {
        moves::show_all(model);
    }
}

fn detail(model: &mut Model, key: &JobKey, link: &Link, detail: Option<Box<Detail>>) {
    let pane = match key {
        JobKey::Detail => &mut model.panes.record,
        _ => &mut model.panes.peek,
    };
    let Some(pane) = pane.as_mut().filter(|pane: &&mut RecordPane| pane.link.id == link.id) else { return };
    pane.load = Load::Ready;
    pane.gone = detail.is_none();
    if let Some(detail) = detail {
        pane.link = detail.link.clone();
        pane.detail = Some(detail);
    }
    moves::show_all(model);
}

fn draft_kept(model: &mut Model, key: &DraftKey, at: jiff::Timestamp) {
    if let (Some(Overlay::Note(note)), DraftKey::Note(link)) = (&mut model.overlay, key)
        && note.home.id == link.id
    {
        note.kept_at = Some(at);
    }
    draft::kept(model, key);
}

fn drafts(model: &mut Model, rows: Vec<DraftRow>) {
    let first = model.drafts.is_empty();
    let notes = rows.iter().filter(|row| row.draft != DraftKey::Coql).count();
    model.drafts = rows;
    coql::begin_again(model);
    if first && notes > 0 {
        let words =
            if notes == 1 { "a draft is kept".to_owned() } else { format!("{notes} drafts are kept") };
        notice::info(model, &format!("{words}; gN lists them"));
    }
}
