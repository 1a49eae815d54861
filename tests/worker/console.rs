//! Queries of the console.

use std::collections::BTreeMap;

use bigin::{
    coql::{Mode, RunOn},
    domain::Module,
    protocol::{
        Answer, AnswerRow, AnswerView, Cut, Event, Failure, Guard, JobKey, ListId, Outlook, QuerySource,
        Question, Request, Slice, Standing,
    },
};
use serde_json::json;

use crate::office::Office;

fn question(text: &str, run_on: RunOn) -> Question {
    Question {
        text: text.to_owned(),
        mode: Mode::Wide,
        run_on,
        parameters: BTreeMap::new(),
        matching: None,
        guard: Guard::OFF,
    }
}

async fn ask(office: &Office, request: Request) -> Result<Answer, Failure> {
    let asked = office.send(JobKey::Coql, request);
    let done = |event| match event {
        Event::Coql { result: Ok(answer), .. } if answer.standing == Standing::Running => None,
        Event::Coql { generation, result } if generation == asked => Some(result.map(|answer| *answer)),
        _ => None,
    };
    office.event("answer", done).await
}

async fn run(office: &Office, text: &str) -> Result<Answer, Failure> {
    ask(office, Request::Coql(Box::new(question(text, RunOn::Server)))).await
}

async fn rows(office: &Office, answer: &Answer, slice: Slice, len: u32) -> Vec<AnswerRow> {
    let request = Request::CoqlRows { view: AnswerView { answer: answer.id, order: None }, slice, len };
    let asked = office.send(JobKey::List(ListId::Answer), request);
    let found = |event| match event {
        Event::CoqlRows { generation, window } if generation == asked => Some(window),
        _ => None,
    };
    let window = office.event("rows", found).await;
    assert_eq!((window.view.answer, window.total), (answer.id, answer.total));
    window.rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_is_answered_in_windows_with_names_and_links() {
    let office = Office::open().await;
    let text = "select Deal_Name, Amount, Owner, Account_Name from Deals limit 50";
    let answer = run(&office, text).await.expect("an answer");
    let headings: Vec<&str> = answer.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(headings, ["Deal_Name", "Amount", "Owner", "Account_Name"]);
    let numeric: Vec<bool> = answer.columns.iter().map(|column| column.numeric).collect();
    assert_eq!(numeric, [false, true, false, false]);
    assert_eq!(
        (answer.total, answer.credits, answer.source, &answer.standing),
        (50, 1, QuerySource::Server, &Standing::Complete)
    );
    let users: Vec<String> = office.catalog().await.users.iter().map(|user| user.name.clone()).collect();
    let first = rows(&office, &answer, Slice::Start, 5).await;
    assert_eq!(first.len(), 5);
    for row in &first {
        let owner = row.cells[2].as_str();
        assert!(users.iter().any(|user| user == owner), "an owner is named, not numbered: {row:?}");
        let link = row.link.as_ref().expect("a link");
        assert_eq!((link.module, &link.name), (Module::Pipelines, &row.cells[0]));
    }
    let last = rows(&office, &answer, Slice::End, 5).await;
    assert_eq!(last.last().map(|row| row.place.as_str()), Some("49"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mirror_gives_the_same_rows_for_nothing() {
    let office = Office::open().await;
    let text = "select Stage, count(*) n, sum(Amount) from Deals group by Stage order by Stage";
    let server = run(&office, text).await.expect("an answer");
    let theirs = rows(&office, &server, Slice::Start, 100).await;
    let before = office.seen("POST", "/bigin/v2/coql").await;
    let question = question(text, RunOn::Mirror);
    let mirror = ask(&office, Request::Coql(Box::new(question.clone()))).await.expect("an answer");
    assert!(matches!(mirror.source, QuerySource::Mirror(_)) && mirror.credits == 0 && mirror.grouped);
    assert_eq!(rows(&office, &mirror, Slice::Start, 100).await, theirs);
    assert_eq!(office.seen("POST", "/bigin/v2/coql").await, before);

    let asked = office.send(JobKey::CoqlOutlook, Request::CoqlOutlook(Box::new(question)));
    let told = |event| match event {
        Event::CoqlOutlook { generation, outlook } if generation == asked => Some(outlook),
        _ => None,
    };
    let Outlook { mirror_age, matching } = office.event("outlook", told).await;
    assert!(mirror_age.is_some());
    assert_eq!(matching, Some(60), "every deal is looked at");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_is_asked_in_pages_gives_the_rows_that_all_records_give() {
    let office = Office::open_with(450).await;
    for text in [
        "select Deal_Name, Amount, Stage, Owner, Account_Name from Deals",
        "select * from Deals where Amount > 5000 and Stage != 'Closed Lost' or Owner = $me order by Amount desc, id limit 300",
        "select Deal_Name from Deals where Description is null and Closing_Date < $today order by Deal_Name offset 7",
        "select Deal_Name, Account_Name.Account_Name, Contact_Name.Email, Owner.email from Deals order by Deal_Name",
        "select distinct Stage, Owner from Deals order by Stage, Owner",
        "select Stage, Owner, count(*) n, sum(Amount), min(Closing_Date) from Deals group by Stage, Owner having n > 1 order by n desc, Stage, Owner",
        "select year(Closing_Date) y, avg(Amount) from Deals where Amount is not null group by y order by y",
        "select case when Amount > 20000 then 'big' else 'small' end size, count(*) from Deals group by size order by size",
        "select count(*), max(Amount) from Deals",
        "select Full_Name, Email from Contacts where Account_Name is not null and (Email like '%a%' or Phone is null) order by Full_Name",
        "select Account_Name, count(*) from Contacts group by Account_Name having count(*) > 1 order by 2 desc, 1",
        "select Account_Name, Website from Companies where not (Website is null) order by Account_Name desc limit 40",
        "select Subject, Due_Date from Tasks where Status != 'Completed' order by Due_Date, Subject",
    ] {
        let server = run(&office, text).await.expect(text);
        assert_eq!((server.source, &server.standing), (QuerySource::Server, &Standing::Complete), "{text}");
        let mirror = Request::Coql(Box::new(question(text, RunOn::Mirror)));
        let mirror = ask(&office, mirror).await.expect(text);
        assert!(matches!(mirror.source, QuerySource::Mirror(_)), "{text}");
        let theirs = rows(&office, &server, Slice::Start, 2_000).await;
        let ours = rows(&office, &mirror, Slice::Start, 2_000).await;
        assert!(!ours.is_empty(), "{text}");
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!((&ours.cells, &ours.link), (&theirs.cells, &theirs.link), "{text}");
        }
        assert_eq!(ours.len(), theirs.len(), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_found_is_an_empty_answer() {
    let office = Office::open().await;
    let answer = run(&office, "select Deal_Name from Deals where Deal_Name = 'no such deal'").await;
    let answer = answer.expect("an answer");
    assert_eq!((answer.columns.len(), answer.total, answer.standing), (1, 0, Standing::Complete));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mistakes_are_shown_in_the_text_and_cost_nothing() {
    let office = Office::open().await;
    let before = office.seen("POST", "/bigin/v2/coql").await;
    let failure = run(&office, "select Deal_Nam from Deals").await.expect_err("wrong");
    assert!(failure.spot.as_ref().is_some_and(|spot| spot.span == (7..15)));
    assert!(failure.way_on.as_str().contains("write Deal_Name"), "{failure:?}");
    assert!(run(&office, "delete from Deals").await.is_err());
    let strict = Question { mode: Mode::Strict, ..question("select Deal_Name from Deals", RunOn::Server) };
    let failure = ask(&office, Request::Coql(Box::new(strict))).await.expect_err("no such module");
    assert!(failure.spot.is_some(), "{failure:?}");
    assert_eq!(office.seen("POST", "/bigin/v2/coql").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strict_query_is_sent_as_it_is() {
    let office = Office::open().await;
    let text = "select Deal_Name from Pipelines where id is not null limit 7";
    let strict = Question { mode: Mode::Strict, ..question(text, RunOn::Server) };
    let answer = ask(&office, Request::Coql(Box::new(strict))).await.expect("an answer");
    assert_eq!((answer.total, answer.credits, answer.standing), (7, 1, Standing::More));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_s_own_refusal_is_told_in_words_at_its_place() {
    let office = Office::open().await;
    let body = json!({"code": "INVALID_QUERY", "details": {"column_name": "Amount"},
        "message": "column given seems to be invalid", "status": "error"});
    let rule =
        json!([{"match": "POST /bigin/v2/coql", "do": "status", "status": 400, "body": body.to_string()}]);
    office.faults(rule).await;
    let text = "select Amount, Deal_Name from Deals limit 9";
    let failure = run(&office, text).await.expect_err("refused");
    assert!(failure.what.as_str().contains("Bigin has no Amount to query"), "{failure:?}");
    let spot = failure.spot.expect("a place");
    assert_eq!(spot.span, 7..13);
    let mended = spot.fix.map(|fix| fix.apply(text)).expect("a fix");
    assert_eq!(mended, "select Deal_Name from Deals limit 9");
    office.faults(json!([])).await;
    assert_eq!(run(&office, &mended).await.expect("an answer").total, 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_is_cut_by_the_guard_or_a_lost_connection_and_goes_on() {
    let office = Office::open_with(500).await;
    let guarded = Question {
        guard: Guard { rows: 200, credits: 10 },
        ..question("select Deal_Name from Deals", RunOn::Server)
    };
    let answer = ask(&office, Request::Coql(Box::new(guarded))).await.expect("an answer");
    assert_eq!((answer.standing, answer.total >= 200), (Standing::Cut(Cut::Guard), true));
    assert!(answer.total < 500, "{}", answer.total);

    office.faults(json!([{"match": "POST /bigin/v2/coql", "do": "status", "status": 500}])).await;
    let lost = ask(&office, Request::CoqlResume(Guard::OFF)).await.expect("what came");
    assert!(matches!(lost.standing, Standing::Cut(Cut::Lost(_))), "{:?}", lost.standing);
    assert_eq!((lost.id, lost.total), (answer.id, answer.total), "the pages so far stay");
    office.faults(json!([])).await;
    let whole = ask(&office, Request::CoqlResume(Guard::OFF)).await.expect("the rest");
    assert_eq!((whole.standing, whole.total), (Standing::Complete, 500));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_that_is_given_up_shows_what_came_and_goes_on() {
    let office = Office::open_with(500).await;
    let slow = json!([{"match": "POST /bigin/v2/coql", "nth": 2, "do": "delay", "delay_ms": 60_000}]);
    office.faults(slow).await;
    let question = question("select Deal_Name from Deals", RunOn::Server);
    let given_up = office.send(JobKey::Coql, Request::Coql(Box::new(question)));
    let first = |event| match event {
        Event::CoqlProgress { generation, rows, .. } if generation == given_up => Some(rows),
        _ => None,
    };
    // Pages are asked for side by side, so any but the slow one may come first.
    let came = office.event("the first page", first).await;
    let stopped = ask(&office, Request::CoqlStop).await.expect("what came");
    assert_eq!(stopped.standing, Standing::Cut(Cut::Stopped));
    assert!(came > 0 && (came..500).contains(&stopped.total), "{came}, {}", stopped.total);
    office.faults(json!([])).await;
    let whole = ask(&office, Request::CoqlResume(Guard::OFF)).await.expect("the rest");
    assert_eq!((whole.standing, whole.total), (Standing::Complete, 500));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_that_is_given_up_before_anything_came_is_not_answered() {
    let office = Office::open().await;
    office
        .faults(json!([{"match": "POST /bigin/v2/coql", "times": 1, "do": "delay", "delay_ms": 60_000}]))
        .await;
    let text = "select Amount from Deals limit 9";
    let asked = Request::Coql(Box::new(question(text, RunOn::Server)));
    let given_up = office.send(JobKey::Coql, asked);
    office
        .event("the call", |event| match event {
            Event::Usage(usage) => (usage.in_flight > 0).then_some(()),
            _ => None,
        })
        .await;
    office.cancel(&JobKey::Coql);
    office
        .event("the free place", |event| match event {
            Event::Usage(usage) => (usage.in_flight == 0).then_some(()),
            Event::Coql { generation, .. } => unreachable!("{generation} of {given_up} was answered"),
            _ => None,
        })
        .await;
    assert!(run(&office, text).await.is_ok());
}
