//! What is made of an answer: orders, further statements, files, history, saved queries.

use std::{collections::BTreeMap, path::Path};

use bigin::{
    coql::{Mode, RunOn},
    domain::{DealRow, RecordId},
    protocol::{
        Answer, AnswerCopy, AnswerOrder, AnswerRow, AnswerView, Event, Excerpt, ExportFormat, ExportState,
        Failure, Guard, HistoryRow, JobKey, ListId, OutboxState, Question, Request, SavedQuery, Slice,
        Standing, Turn, Undoing,
    },
};

use crate::office::Office;

async fn run(office: &Office, text: &str, run_on: RunOn) -> Answer {
    let question = Question {
        text: text.to_owned(),
        mode: Mode::Wide,
        run_on,
        parameters: BTreeMap::new(),
        matching: None,
        guard: Guard::OFF,
    };
    let asked = office.send(JobKey::Coql, Request::Coql(Box::new(question)));
    let done = |event| match event {
        Event::Coql { result: Ok(answer), .. } if answer.standing == Standing::Running => None,
        Event::Coql { generation, result } if generation == asked => Some(result.map(|answer| *answer)),
        _ => None,
    };
    office.event("answer", done).await.expect(text)
}

async fn rows(office: &Office, view: AnswerView) -> Vec<AnswerRow> {
    let request = Request::CoqlRows { view, slice: Slice::Start, len: 10_000 };
    let asked = office.send(JobKey::List(ListId::Answer), request);
    let found = |event| match event {
        Event::CoqlRows { generation, window } if generation == asked => Some(window),
        _ => None,
    };
    let window = office.event("rows", found).await;
    assert_eq!(window.view, view);
    window.rows
}

fn as_it_came(answer: &Answer) -> AnswerView {
    AnswerView { answer: answer.id, order: None }
}

async fn turned(office: &Office, view: AnswerView, turn: Turn) -> Result<String, Failure> {
    let asked = office.send(JobKey::CoqlTurn, Request::CoqlTurn { view, turn });
    let found = |event| match event {
        Event::CoqlTurned { generation, result } if generation == asked => Some(result),
        _ => None,
    };
    office.event("statement", found).await
}

async fn exported(
    office: &Office,
    view: AnswerView,
    format: ExportFormat,
    path: &Path,
    replace: bool,
) -> ExportState {
    let rows = Excerpt { view, only: Vec::new() };
    let request = Request::Export { rows, format, path: path.to_owned(), replace };
    let asked = office.send(JobKey::Export, request);
    let found = |event| match event {
        Event::Export { state: ExportState::Writing { .. }, .. } => None,
        Event::Export { generation, state } if generation == asked => Some(state),
        _ => None,
    };
    office.event("file", found).await
}

async fn history(office: &Office, search: &str) -> Vec<HistoryRow> {
    let asked = office.send(JobKey::Runs, Request::QueryHistory { search: search.to_owned() });
    let found = |event| match event {
        Event::QueryHistory { generation, rows } if generation == asked => Some(rows),
        _ => None,
    };
    office.event("history", found).await
}

async fn saved(office: &Office) -> Vec<SavedQuery> {
    let asked = office.send(JobKey::Library, Request::SavedQueries);
    let found = |event| match event {
        Event::SavedQueries { generation, queries } if generation == asked => Some(queries),
        _ => None,
    };
    office.event("saved queries", found).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_leads_to_its_rows_and_both_answers_stay_in_hand() {
    let office = Office::open().await;
    let answer = run(&office, "select Stage, count(*) as n from Deals group by Stage", RunOn::Mirror).await;
    let order = AnswerOrder { column: 1, descending: true };
    let view = AnswerView { order: Some(order), ..as_it_came(&answer) };
    let groups = rows(&office, view).await;
    let counts: Vec<u64> = groups.iter().map(|row| row.cells[1].as_str().parse().expect("a count")).collect();
    assert!(counts.len() > 2 && counts.is_sorted_by(|a, b| a >= b), "{counts:?}");

    let text = turned(&office, view, Turn::Behind { row: 1 }).await.expect("a statement");
    let behind = run(&office, &text, RunOn::Mirror).await;
    assert_eq!((behind.total, behind.grouped), (counts[1], false), "{text}");
    let stage = behind.columns.iter().position(|column| column.name.as_str() == "Stage").expect("a stage");
    let records = rows(&office, as_it_came(&behind)).await;
    assert!(records.iter().all(|row| row.link.is_some() && row.cells[stage] == groups[1].cells[0]), "{text}");
    assert_eq!(rows(&office, view).await, groups, "one can go back for nothing");

    let frequency = turned(&office, as_it_came(&behind), Turn::Frequency { column: stage }).await;
    let frequency = run(&office, &frequency.expect("a statement"), RunOn::Mirror).await;
    let only = rows(&office, as_it_came(&frequency)).await;
    assert_eq!(only.len(), 1);
    assert_eq!(only[0].cells[1].as_str(), counts[1].to_string());
    let wrong = turned(&office, view, Turn::Totals { column: 1 }).await.expect_err("a figure of groups");
    assert!(wrong.what.as_str().contains("figure of groups"), "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_holds_every_row_in_the_order_on_the_screen_with_names() {
    let office = Office::open().await;
    let folder = tempfile::tempdir().expect("a folder");
    let answer = run(&office, "select Deal_Name, Amount, Owner from Deals", RunOn::Server).await;
    let view = AnswerView { order: Some(AnswerOrder { column: 1, descending: true }), ..as_it_came(&answer) };
    let shown = rows(&office, view).await;
    let path = folder.path().join("deals.csv");
    let state = exported(&office, view, ExportFormat::Csv, &path, false).await;
    let text = std::fs::read_to_string(&path).expect("the file");
    let bytes = text.len() as u64;
    assert_eq!(state, ExportState::Written { path: path.clone(), rows: answer.total, bytes });
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().expect("names"), vec!["Deal_Name", "Amount", "Owner"]);
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("CSV")).collect();
    assert_eq!(records.len(), shown.len());
    for (record, row) in records.iter().zip(&shown) {
        assert_eq!(&record[2], row.cells[2].as_str(), "owners go by name");
        assert_eq!(&record[1], row.cells[1].as_str());
    }
    let again = exported(&office, view, ExportFormat::Csv, &path, false).await;
    assert_eq!(again, ExportState::Exists { path: path.clone() });
    let database = folder.path().join("deals.sqlite");
    exported(&office, view, ExportFormat::Sqlite, &database, false).await;
    let conn = rusqlite::Connection::open(&database).expect("a database");
    let count: i64 = conn.query_row("SELECT count(*) FROM result", [], |row| row.get(0)).expect("a count");
    assert_eq!(u64::try_from(count), Ok(answer.total));
    let names: Vec<_> = std::fs::read_dir(folder.path()).expect("the folder").collect();
    assert_eq!(names.len(), 2, "nothing else is left");
}

async fn copy(office: &Office, view: AnswerView, only: Vec<RecordId>, most: usize) -> AnswerCopy {
    let asked = office.send(JobKey::Copy, Request::CoqlCopy { rows: Excerpt { view, only }, most });
    let found = |event| match event {
        Event::CoqlCopied { generation, copy } if generation == asked => Some(copy),
        _ => None,
    };
    office.event("rows as text", found).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_rows_or_the_marked_ones_leave_as_text_and_as_files_up_to_a_size() {
    let office = Office::open_with(1_200).await;
    let answer = run(&office, "select Deal_Name, Owner from Deals", RunOn::Mirror).await;
    let view =
        AnswerView { order: Some(AnswerOrder { column: 0, descending: false }), ..as_it_came(&answer) };
    let shown = rows(&office, view).await;
    let all = copy(&office, view, Vec::new(), 1_000_000).await;
    assert_eq!((all.rows, all.total), (1_200, 1_200), "more rows than the screen has in hand");
    let lines: Vec<&str> = all.text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (1_201, "Deal_Name\tOwner"));
    assert!(
        lines[1..]
            .iter()
            .zip(&shown)
            .all(|(line, row)| line.split('\t').nth(1) == Some(row.cells[1].as_str()))
    );

    let cut = copy(&office, view, Vec::new(), 10_000).await;
    assert!(cut.text.len() <= 10_000 && cut.rows < 1_200 && cut.total == 1_200, "{} rows", cut.rows);
    assert!(all.text.starts_with(&cut.text));
    assert_eq!(cut.text.lines().count() as u64, cut.rows + 1, "rows are whole");

    let marked: Vec<RecordId> =
        [700, 3].iter().filter_map(|at: &usize| Some(shown[*at].link.as_ref()?.id.clone())).collect();
    let two = copy(&office, view, marked.clone(), 10_000).await;
    assert_eq!(two.text, format!("{}\n{}\n{}", lines[0], lines[4], lines[701]), "in the order of the screen");
    let asked = office.send(JobKey::Marks, Request::CoqlRecords { view, from: 1_190, len: 100 });
    let told = |event| match event {
        Event::CoqlRecords { generation, records, .. } if generation == asked => Some(records),
        _ => None,
    };
    let records = office.event("records", told).await;
    let links: Vec<_> = shown[1_190..].iter().filter_map(|row| row.link.clone()).collect();
    assert_eq!(records, links);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("two.tsv");
    let rows = Excerpt { view, only: marked };
    let request = Request::Export { rows, format: ExportFormat::Tsv, path: path.clone(), replace: false };
    office.send(JobKey::Export, request);
    let written = |event| match event {
        Event::Export { state: ExportState::Written { rows, .. }, .. } => Some(rows),
        _ => None,
    };
    assert_eq!(office.event("file", written).await, 2);
    assert_eq!(std::fs::read_to_string(&path).expect("the file").trim_end(), two.text);
}

/// The cells of a deal's row.
async fn cells(office: &Office, view: AnswerView, deal: &DealRow) -> Vec<String> {
    let rows = rows(office, view).await;
    let of = |row: &AnswerRow| row.link.as_ref().is_some_and(|link| link.id == deal.id);
    let row = rows.into_iter().find(of).expect("the deal's row");
    assert_eq!(row.deal.expect("it is in the mirror").stage, row.cells[1].as_str());
    row.cells.iter().map(ToString::to_string).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_shows_what_the_user_changed_since_over_what_came() {
    let office = Office::open().await;
    let text = "select Deal_Name, Stage, upper(Stage) from Deals";
    for (at, run_on) in [(0, RunOn::Server), (1, RunOn::Mirror)] {
        let write = 1 + at * 10;
        let (deal, next) = office.open_deal().await;
        let answer = run(&office, text, run_on).await;
        let view = as_it_came(&answer);
        assert_eq!(cells(&office, view, &deal).await[1], deal.stage);
        office.carry(write, &deal, &deal.stage, &next);
        office.event("the move on disk", |event| (event == Event::Taken { write }).then_some(())).await;
        let moved = cells(&office, view, &deal).await;
        assert_eq!((&moved[1], &moved[2]), (&next, &deal.stage.to_uppercase()), "what was computed stays");
        let early = run(&office, text, run_on).await;
        assert_eq!(office.verdict(write).await, None);
        assert_eq!(cells(&office, view, &deal).await[1], next, "it stays when the server has it");
        assert_eq!(
            cells(&office, as_it_came(&early), &deal).await[1],
            next,
            "whether it came before or after"
        );

        let sorted = AnswerView { order: Some(AnswerOrder { column: 1, descending: false }), ..view };
        assert!(rows(&office, sorted).await.is_sorted_by_key(|row| row.cells[1].as_str().to_lowercase()));
        let row = rows(&office, view)
            .await
            .into_iter()
            .find(|row| row.link.as_ref().is_some_and(|link| link.id == deal.id));
        let row = row.expect("a row").place.as_str().parse().expect("its place");
        let like =
            turned(&office, view, Turn::Like { row, column: 1, keep: true }).await.expect("a statement");
        assert!(like.contains(&format!("'{next}'")), "{like}");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deals.ndjson");
        exported(&office, view, ExportFormat::Ndjson, &path, false).await;
        let file = std::fs::read_to_string(&path).expect("the file");
        let written = file.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let own: Vec<_> = written.filter(|row| row["Deal_Name"] == deal.name.as_str()).collect();
        assert!(own.iter().any(|row| row["Stage"] == next.as_str()), "{own:?}");

        let undo = Request::Undo { write: write + 1, turn: Undoing::Undo };
        office.send(JobKey::Write(write + 1), undo);
        let undone = |event| matches!(event, Event::Turned(_)).then_some(());
        office.event("the move back", undone).await;
        assert_eq!(cells(&office, view, &deal).await[1], deal.stage);
        let empty = |event| match event {
            Event::Outbox(OutboxState { pending: 0, .. }) => Some(()),
            _ => None,
        };
        office.event("an empty outbox", empty).await;
        assert_eq!(cells(&office, view, &deal).await[1], deal.stage);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_run_and_saved_outlives_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut office = Office::prepare(bigin::sandbox::Options { deals: 20, ..Default::default() }).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let (first, second) = ("select id from Deals", "select Full_Name from Contacts limit 3");
    run(&office, first, RunOn::Server).await;
    run(&office, second, RunOn::Mirror).await;
    run(&office, second, RunOn::Mirror).await;
    let (name, text) = ("mine-now".to_owned(), "-- Mine\nselect id from Deals".to_owned());
    for (replace, done) in [(false, true), (false, false), (true, true)] {
        let request = Request::SaveQuery { name: name.clone(), text: text.clone(), replace };
        office.send(JobKey::Library, request);
        let word = |event| match event {
            Event::QuerySaved { .. } => Some(true),
            Event::QueryExists { .. } => Some(false),
            _ => None,
        };
        assert_eq!(office.event("a word", word).await, done);
    }
    office.stop().await;
    office.start();
    office.synced().await;
    let rows = history(&office, "").await;
    let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(texts, [second, first]);
    assert_eq!((rows[0].mirror, rows[0].credits, rows[0].rows), (true, 0, 3));
    assert_eq!((rows[1].mirror, rows[1].rows), (false, 20));
    assert!(rows[1].credits >= 1);
    assert_eq!(history(&office, "CONTACTS name").await.len(), 1);
    let queries = saved(&office).await;
    assert_eq!(
        (queries[0].name.as_str(), queries[0].title.as_str(), queries[0].own),
        ("mine-now", "Mine", true)
    );
    assert!(queries.len() > 12);
}
