//! A worker that answers from the fixture.

use std::sync::LazyLock;

use crate::{
    app::fixture,
    domain::{ContactRow, RecordId, SafeText},
    protocol::{
        Answer, AnswerCopy, AnswerView, AnswerWindow, BoardColumn, Event, ExportState, Failure, Found, Job,
        ListSpec, Outlook, Request, Rows, Slice, Spot, Summary, Turned, WindowReply,
    },
};

/// Contacts in the long list.
pub const MANY: u64 = 2_000;

pub fn failure(what: &str) -> Failure {
    let text = SafeText::new;
    Failure {
        doing: text("do it"),
        what: text(what),
        way_on: text("try again"),
        retry_at: None,
        spot: Some(Box::new(Spot { span: 3..9, fix: None })),
    }
}

/// Whether a bad answer to a request has a word of its own.
fn fails_by_itself(request: &Request) -> bool {
    matches!(
        request,
        Request::MoveDeals(_)
            | Request::AddNote(_)
            | Request::Export { .. }
            | Request::ExportLedger { .. }
            | Request::SaveQuery { .. }
    )
}

/// The answer to a job: a good one, or a bad one where there can be one.
pub fn answer(job: &Job, good: bool) -> Option<Event> {
    let (key, generation) = (job.key.clone(), job.generation);
    if !good && !fails_by_itself(&job.request) {
        return Some(Event::Failed { key, generation, failure: failure("the server is down") });
    }
    let refused = failure("no permission");
    Some(match &job.request {
        Request::Board { scope, per_column, .. } => {
            let columns = fixture::board().panes.board.columns.into_iter().map(|column| BoardColumn {
                stage: column.stage.value,
                count: column.count,
                sum: column.sum,
                weighted: column.weighted,
                median_days: None,
                rows: column.cards.rows.into_iter().take(*per_column as usize).collect(),
            });
            Event::Board { generation, scope: scope.clone(), columns: columns.collect() }
        }
        Request::Summary { .. } => Event::Summary { generation, summary: Summary::default() },
        Request::Window { list, slice, len } => {
            Event::Window { key, generation, window: window(list, slice, u64::from(*len)) }
        }
        Request::Pipelines => {
            Event::Pipelines { generation, totals: fixture::pipelines().panes.pipelines.totals }
        }
        Request::Credits => {
            let cockpit = fixture::credits().panes.credits.cockpit.unwrap_or_default();
            Event::Credits { generation, cockpit }
        }
        Request::Detail { module, id, .. } => {
            let link = crate::domain::Link { module: *module, id: id.clone(), name: SafeText::new("x") };
            Event::Detail { key, generation, detail: fixture::detail(&link).map(Box::new), link }
        }
        Request::Find { .. } | Request::Search { .. } => {
            let hits = vec![Found { link: fixture::ana(), note: SafeText::default() }];
            Event::Found { generation, hits }
        }
        Request::Coql(question) if question.text.len() % 2 == 0 => {
            Event::Coql { generation, result: Err(refused) }
        }
        Request::Coql(_) | Request::CoqlResume(_) | Request::CoqlStop => {
            Event::Coql { generation, result: Ok(Box::new(console_answer(generation))) }
        }
        Request::CoqlRows { view, slice, len } => {
            let window = console_window(*view, slice, u64::from(*len));
            Event::CoqlRows { generation, window }
        }
        Request::CoqlOutlook(_) => {
            let outlook = Outlook { mirror_age: Some(12), matching: Some(13) };
            Event::CoqlOutlook { generation, outlook }
        }
        Request::History(record) => {
            Event::History { generation, record: record.clone(), changes: fixture::history() }
        }
        Request::CoqlTurn { .. } => {
            let text = "select Stage, count(*) as n from Deals group by Stage".to_owned();
            Event::CoqlTurned { generation, result: Ok(text) }
        }
        Request::CoqlRecords { view, from, len } => {
            let window = console_window(*view, &Slice::Start, u64::MAX);
            let rows = window.rows.into_iter().filter_map(|row| row.link);
            let (from, len) = (usize::try_from(*from).unwrap_or(usize::MAX), *len as usize);
            let records = rows.skip(from).take(len).collect();
            Event::CoqlRecords { generation, answer: view.answer, records }
        }
        Request::CoqlCopy { rows, .. } => {
            let rows = rows.only.len() as u64;
            let copy = AnswerCopy { text: "Stage\tn".to_owned(), rows, total: rows };
            Event::CoqlCopied { generation, copy }
        }
        Request::Export { path, .. } | Request::ExportLedger { path } if good => {
            let state = ExportState::Written { path: path.clone(), rows: 13, bytes: 700 };
            Event::Export { generation, state }
        }
        Request::Export { path, .. } | Request::ExportLedger { path } => {
            Event::Export { generation, state: ExportState::Exists { path: path.clone() } }
        }
        Request::QueryHistory { .. } => Event::QueryHistory { generation, rows: fixture::runs() },
        Request::SavedQueries => Event::SavedQueries { generation, queries: fixture::saved() },
        Request::SaveQuery { name, .. } if good => {
            Event::QuerySaved { name: name.clone(), path: "/queries/it.coql".into() }
        }
        Request::SaveQuery { name, .. } => Event::QueryExists { name: name.clone() },
        Request::MoveDeals(changes) if good => Event::Confirmed { write: changes[0].write },
        Request::MoveDeals(changes) => Event::Refused { write: changes[0].write, failure: refused },
        Request::Records { ids, .. } => {
            let rows = fixture::deal_rows().into_iter().filter(|row| ids.contains(&row.id));
            Event::Records { generation, rows: Rows::Deals(rows.collect()) }
        }
        Request::AddNote(note) if good => Event::Confirmed { write: note.write },
        Request::AddNote(note) => Event::Refused { write: note.write, failure: refused },
        Request::Undo { write, turn } => Event::Turned(Turned {
            write: *write,
            turn: *turn,
            words: SafeText::new("Northwind renewal  Negotiation → Proposal"),
            records: vec![fixture::northwind()],
            taken: Vec::new(),
            kept: Vec::new(),
        }),
        Request::SaveDraft { draft, .. } => Event::DraftKept { draft: draft.clone(), at: fixture::now() },
        Request::Drafts => Event::Drafts(fixture::drafts()),
        Request::Refresh | Request::Resync => Event::Changed,
        Request::DropDraft(_)
        | Request::Demo(_)
        | Request::Outbox(_)
        | Request::Attention(_)
        | Request::KeepScreen(_) => {
            return None;
        }
    })
}

static CONTACTS: LazyLock<Vec<ContactRow>> = LazyLock::new(|| {
    let one = fixture::contact_rows().swap_remove(0);
    (0..MANY).map(|n| ContactRow { id: fixture::id(10_000 + n), ..one.clone() }).collect()
});

/// The answer of the fixture's console under another id.
pub fn console_answer(id: u64) -> Answer {
    let answer = fixture::coql().panes.coql.results.answer.expect("an answer");
    Answer { id, ..*answer }
}

/// Rows of it.
pub fn console_window(view: AnswerView, slice: &Slice, len: u64) -> AnswerWindow {
    let rows = fixture::coql().panes.coql.results.rows.rows;
    let total = rows.len() as u64;
    let (from, to) = cut(slice, len, total, &|id| rows.iter().position(|row| row.place == *id));
    AnswerWindow {
        view,
        slice: slice.clone(),
        first: from as u64,
        total,
        rows: rows[from..to.max(from)].to_vec(),
    }
}

/// Where a slice of `total` rows begins and ends.
fn cut(slice: &Slice, len: u64, total: u64, find: &dyn Fn(&RecordId) -> Option<usize>) -> (usize, usize) {
    let from = match slice {
        Slice::Start => 0,
        Slice::End => total.saturating_sub(len),
        Slice::At(at) => at.saturating_sub(len / 2),
        Slice::After { ordinal, .. } => ordinal + 1,
        Slice::Before { ordinal, .. } => ordinal.saturating_sub(len),
        Slice::Around { id } => find(id).map_or(0, |at| (at as u64).saturating_sub(len / 2)),
    };
    let from = from.min(total);
    let to = match slice {
        Slice::Before { ordinal, .. } => (*ordinal).min(total),
        _ => (from + len).min(total),
    };
    (from as usize, to as usize)
}

fn window(list: &ListSpec, slice: &Slice, len: u64) -> WindowReply {
    macro_rules! reply {
        ($rows:expr, $kind:ident) => {{
            let rows = $rows;
            let find = |id: &RecordId| rows.iter().position(|row| row.id == *id);
            let (from, to) = cut(slice, len, rows.len() as u64, &find);
            let part = rows[from..to.max(from)].to_vec();
            (from as u64, rows.len() as u64, Rows::$kind(part))
        }};
    }
    let (first, total, rows) = match list {
        ListSpec::Deals { filter, .. } if filter.text.is_empty() => reply!(fixture::deal_rows(), Deals),
        ListSpec::Deals { .. } => reply!(fixture::deal_rows()[..3].to_vec(), Deals),
        ListSpec::Stage { stage, .. } => {
            let rows: Vec<_> = fixture::deal_rows().into_iter().filter(|row| row.stage == *stage).collect();
            reply!(rows, Deals)
        }
        ListSpec::Contacts { text, .. } if text.is_empty() => reply!(&*CONTACTS, Contacts),
        ListSpec::Contacts { .. } => reply!(Vec::<ContactRow>::new(), Contacts),
        ListSpec::Companies { .. } => reply!(fixture::company_rows(), Companies),
        ListSpec::Notes { .. } => reply!(fixture::note_rows(), Notes),
    };
    WindowReply { list: list.clone(), slice: slice.clone(), first, total, rows }
}
