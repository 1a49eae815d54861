//! The first fill, and what screens read of it.

use bigin::{
    api::{ListQuery, Record},
    domain::{Module, SafeText},
    protocol::{
        ContactSort, DealFilter, Event, ExportState, JobKey, ListId, ListSpec, Progress, Request, Rows,
        Scope, Slice, SortWay, SyncState,
    },
    sandbox,
    worker::{Server, Startup},
};
use tokio::sync::watch;

use crate::office::{Office, credentials, small};

async fn all(office: &Office, module: Module) -> Vec<Record> {
    let mut pages = office.other.pages(module, ListQuery::of(["Modified_Time"]));
    let mut records = Vec::new();
    while let Some(page) = pages.next().await.expect("a page") {
        records.extend(page.rows);
    }
    records
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_fill_the_mirror_has_what_the_server_has() {
    let office = Office::open().await;
    let catalog = office.catalog().await;
    let mut deals = 0;
    for pipeline in &catalog.pipelines {
        let scope = Scope { pipeline: pipeline.id.clone(), sub_pipeline: None };
        let list = ListSpec::Deals {
            scope,
            filter: DealFilter::default(),
            sort: Default::default(),
            way: SortWay::Ascending,
        };
        deals += office.window(list, Slice::Start, 1).await.total;
    }
    assert_eq!(deals, all(&office, Module::Pipelines).await.len() as u64);
    let contacts =
        ListSpec::Contacts { text: String::new(), sort: ContactSort::Name, way: SortWay::Ascending };
    let contacts = office.window(contacts, Slice::Start, 1).await.total;
    assert_eq!(contacts, all(&office, Module::Contacts).await.len() as u64);
    let notes = office.window(ListSpec::Notes { text: String::new() }, Slice::Start, 1).await.total;
    let server = office.ledger().await;
    assert!(notes > 0, "{server}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_session_the_catalog_and_the_sync_are_told_in_this_order() {
    let mut office = Office::prepare(small(sandbox::Edition::Premier)).await;
    let doing = SafeText::new("preparing the demo");
    let (tell, startup) =
        watch::channel(Startup::Starting(Progress { doing: doing.clone(), done: 1, total: Some(2) }));
    office.start_with(Server::Demo(startup));
    office
        .event("startup", |event| match event {
            Event::Sync(SyncState::Starting(progress)) => (progress.doing == doing).then_some(()),
            _ => None,
        })
        .await;
    tell.send_replace(Startup::Ready(credentials(&office.sandbox)));
    let mut order = Vec::new();
    office
        .event("sync", |event| {
            let word = match &event {
                Event::Session(session) => {
                    assert!(session.demo && session.web.is_none() && session.unkept.is_none());
                    assert!(!session.org.as_str().is_empty() && !session.user.as_str().is_empty());
                    "session"
                }
                Event::Catalog(_) => "catalog",
                Event::Sync(SyncState::Filling(_)) => "filling",
                Event::Sync(SyncState::Synced { .. }) => "synced",
                _ => return None,
            };
            if order.last() != Some(&word) {
                order.push(word);
            }
            (word == "synced").then_some(())
        })
        .await;
    assert_eq!(order, ["session", "catalog", "filling", "synced"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_board_adds_up_to_its_summary_and_its_lists() {
    let office = Office::open().await;
    let catalog = office.catalog().await;
    let scope = Scope { pipeline: catalog.pipelines[0].id.clone(), sub_pipeline: None };
    let filter = DealFilter { open_only: true, ..DealFilter::default() };
    let request = Request::Board { scope: scope.clone(), filter: filter.clone(), per_column: 5 };
    let asked = office.send(JobKey::Board, request);
    let columns = office
        .event("board", |event| match event {
            Event::Board { generation, columns, .. } if generation == asked => Some(columns),
            _ => None,
        })
        .await;
    assert!(columns.len() >= 3);
    let list = ListSpec::Deals { scope, filter, sort: Default::default(), way: SortWay::Ascending };
    let asked = office.send(JobKey::Summary, Request::Summary { list: list.clone() });
    let summary = office
        .event("summary", |event| match event {
            Event::Summary { generation, summary } if generation == asked => Some(summary),
            _ => None,
        })
        .await;
    assert_eq!(columns.iter().map(|column| column.count).sum::<u64>(), summary.count);
    assert_eq!(columns.iter().map(|column| column.sum).sum::<rust_decimal::Decimal>(), summary.sum);
    let window = office.window(list, Slice::Start, 1_000).await;
    assert_eq!(window.total, summary.count);
    let Rows::Deals(rows) = window.rows else { unreachable!("deals") };
    assert_eq!(rows.iter().filter_map(|row| row.amount).sum::<rust_decimal::Decimal>(), summary.sum);
    assert!(rows.iter().any(|row| row.next.is_some()), "activities are tied to their deals");
    assert!(rows.iter().any(|row| row.contact.is_some() && row.company.is_some()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn credits_are_counted_as_the_server_counts_them() {
    let mut office = Office::prepare(small(sandbox::Edition::Free)).await;
    office.start();
    let mut last = None;
    office
        .event("sync", |event| match event {
            Event::Usage(usage) => {
                assert!(usage.in_flight < usage.concurrency, "the last permit is the person's: {usage:?}");
                last = Some(usage);
                None
            }
            Event::Sync(SyncState::Synced { .. }) => Some(()),
            _ => None,
        })
        .await;
    let ledger = office.ledger().await;
    let quiet = office.event("usage", |event| match event {
        Event::Usage(usage) => (usage.in_flight == 0 && usage.queued == 0).then_some(usage),
        _ => None,
    });
    let usage = match last {
        Some(usage) if usage.in_flight == 0 && u64::from(usage.used) == ledger["used"] => usage,
        _ => quiet.await,
    };
    assert_eq!(u64::from(usage.used), ledger["used"].as_u64().expect("used"), "{ledger}");
    assert_eq!(u64::from(usage.limit), ledger["limit"].as_u64().expect("limit"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_start_is_from_disk() {
    let folder = tempfile::tempdir().expect("folder");
    let mut office = Office::prepare(small(sandbox::Edition::Premier)).await;
    office.keep_in(folder.path());
    office.start();
    office.synced().await;
    let before = office.deals().await.len();
    office.stop().await;
    let dead = serde_json::json!([{"match": {"path": "/bigin/*"}, "do": "close_before_read"}]);
    office.faults(dead).await;
    office.start();
    office.event("session", |event| matches!(event, Event::Session(_)).then_some(())).await;
    office
        .event("offline", |event| matches!(event, Event::Sync(SyncState::Offline { .. })).then_some(()))
        .await;
    office.faults(serde_json::json!([])).await;
    assert_eq!(office.deals().await.len(), before);
    office.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_job_of_a_key_is_answered() {
    let office = Office::open().await;
    let notes = || ListSpec::Notes { text: String::new() };
    let mut newest = 0;
    for len in 1..=50 {
        let request = Request::Window { list: notes(), slice: Slice::Start, len };
        newest = office.send(JobKey::List(ListId::Notes), request);
    }
    let window = office
        .event("window", |event| match event {
            Event::Window { generation, window, .. } if generation == newest => Some(window),
            _ => None,
        })
        .await;
    let Rows::Notes(rows) = window.rows else { unreachable!("notes") };
    assert_eq!(rows.len(), 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_in_a_file_add_up_to_what_the_server_counts() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("credits.csv");
    let office = Office::open().await;
    let used = office.ledger().await["used"].as_u64().expect("used");
    let asked = office.send(JobKey::Export, Request::ExportLedger { path: path.clone() });
    let rows = office
        .event("the file", |event| match event {
            Event::Export { generation, state: ExportState::Written { rows, .. } } if generation == asked => {
                Some(rows)
            }
            _ => None,
        })
        .await;
    let text = std::fs::read_to_string(&path).expect("the file");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("time,purpose,call,credits"));
    let credits: Vec<u64> =
        lines.filter_map(|line| line.rsplit(',').next()?.trim_matches('"').parse().ok()).collect();
    assert_eq!((credits.len() as u64, credits.iter().sum::<u64>()), (rows, used), "{text}");
    let again = office.send(JobKey::Export, Request::ExportLedger { path });
    office
        .event("it is left alone", |event| match event {
            Event::Export { generation, state: ExportState::Exists { .. } } if generation == again => {
                Some(())
            }
            _ => None,
        })
        .await;
}
