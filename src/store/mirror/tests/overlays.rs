use super::*;
use crate::store::keep::{MoveImage, OutboxRow, WriteBody, WriteState};

fn moved(no: i64, to: &str, amount: Option<i64>) -> OutboxRow {
    let image = |stage: &str, amount: Option<i64>| MoveImage {
        stage: stage.to_owned(),
        amount: amount.map(Into::into),
        closing: None,
        clears: crate::store::keep::Clears::NONE,
    };
    OutboxRow {
        no,
        write: 1,
        state: WriteState::Written,
        record: link(Module::Pipelines, 1, "deal"),
        body: WriteBody::Move { before: image("Qualification", Some(5)), after: image(to, amount) },
        intent: now(),
        based_on: None,
        tries: 0,
        trouble: None,
        theirs: None,
    }
}

fn shown(mirror: &Mirror) -> (String, String, bool) {
    let moment = mirror.moment(now());
    let deal = mirror.deal_row(1, &moment).expect("read").expect("deal");
    (deal.stage, deal.amount.unwrap_or_default().to_string(), deal.pending)
}

fn small() -> Mirror {
    let mut mirror = mirror();
    put(&mut mirror, Module::Pipelines, &[deal(1, "deal", "Qualification", 5, None)]);
    mirror
}

#[test]
fn a_move_shows_at_once_and_its_end_shows_what_the_server_said() {
    let mut mirror = small();
    let before = mirror.deal_row(1, &mirror.moment(now())).expect("read");
    mirror.show_pending(&[moved(1, "Proposal", Some(9))], now()).expect("show");
    assert_eq!(shown(&mirror), ("Proposal".to_owned(), "9".to_owned(), true));
    mirror.show_pending(&[], now()).expect("show");
    assert_eq!(mirror.deal_row(1, &mirror.moment(now())).expect("read"), before, "its age included");
}

#[test]
fn a_pending_amount_does_not_hide_the_stage_that_someone_else_chose() {
    let mut mirror = small();
    mirror.show_pending(&[moved(1, "Qualification", Some(9))], now()).expect("show");
    put(&mut mirror, Module::Pipelines, &[deal(1, "deal", "Proposal", 5, None)]);
    assert_eq!(shown(&mirror), ("Proposal".to_owned(), "9".to_owned(), true));
}

#[test]
fn what_an_earlier_run_showed_is_taken_back_when_it_is_in_the_outbox_no_more() {
    let folder = tempfile::tempdir().expect("folder");
    let place = Place::File(folder.path().join("mirror.sqlite"));
    let mut mirror = Mirror::open(&place).expect("open");
    mirror.set_catalog(catalog(), now()).expect("catalog");
    put(&mut mirror, Module::Pipelines, &[deal(1, "deal", "Qualification", 5, None)]);
    mirror.show_pending(&[moved(1, "Proposal", Some(9))], now()).expect("show");
    drop(mirror);
    let mut mirror = Mirror::open(&place).expect("open again");
    mirror.show_pending(&[], now()).expect("show");
    assert_eq!(shown(&mirror), ("Qualification".to_owned(), "5".to_owned(), false));
}

#[test]
fn a_pull_does_not_overwrite_what_is_pending() {
    let mut mirror = small();
    mirror.show_pending(&[moved(1, "Proposal", None)], now()).expect("show");
    put(&mut mirror, Module::Pipelines, &[deal(1, "renamed", "Qualification", 7, None)]);
    assert_eq!(
        shown(&mirror),
        ("Proposal".to_owned(), "7".to_owned(), true),
        "other fields follow the server"
    );
    mirror.show_pending(&[], now()).expect("show");
    assert_eq!(shown(&mirror), ("Qualification".to_owned(), "7".to_owned(), false));
}

#[test]
fn a_confirmed_move_is_what_the_server_says_from_then_on() {
    let mut mirror = small();
    mirror.show_pending(&[moved(1, "Proposal", None)], now()).expect("show");
    let confirmed = record(json!({"Stage": "Proposal", "Modified_Time": "2026-09-24T12:00:01Z"}));
    mirror.amend(Module::Pipelines, "1", &confirmed, now()).expect("amend");
    mirror.show_pending(&[], now()).expect("show");
    assert_eq!(shown(&mirror), ("Proposal".to_owned(), "5".to_owned(), false));
    let since = mirror.deal_row(1, &mirror.moment(now())).expect("read").expect("deal").since.expect("since");
    assert_eq!((since.at, since.observed), (at("2026-09-24T12:00:01Z"), true));
}

#[test]
fn later_moves_show_over_earlier_ones() {
    let mut mirror = small();
    mirror.show_pending(&[moved(1, "Proposal", Some(9)), moved(2, "Closed Won", None)], now()).expect("show");
    assert_eq!(shown(&mirror), ("Closed Won".to_owned(), "9".to_owned(), true));
    let image = mirror.image(&link(Module::Pipelines, 1, "deal")).expect("read").expect("image");
    assert_eq!((image.stage.as_str(), image.amount), ("Closed Won", Some(9.into())));
}

#[test]
fn a_new_note_stands_in_timeline_and_list_until_the_real_one_comes() {
    let mut mirror = small();
    let note = OutboxRow {
        no: 7,
        write: 2,
        state: WriteState::Written,
        record: link(Module::Pipelines, 1, "deal"),
        body: WriteBody::Note { text: "net-45 ok".to_owned() },
        intent: now(),
        based_on: None,
        tries: 0,
        trouble: None,
        theirs: None,
    };
    mirror.show_pending(std::slice::from_ref(&note), now()).expect("show");
    mirror.show_pending(std::slice::from_ref(&note), now()).expect("twice");
    let list = ListSpec::Notes { text: "net-45".to_owned() };
    let moment = mirror.moment(now());
    let Rows::Notes(rows) = mirror.window(&list, &Slice::Start, 9, &moment).expect("window").rows else {
        unreachable!("notes")
    };
    assert_eq!(rows.len(), 1);
    assert!(rows[0].pending && rows[0].author.as_str() == "Mira Solt", "{:?}", rows[0]);
    let detail = mirror.detail(Module::Pipelines, &id(1), &moment).expect("read").expect("detail");
    assert!(detail.timeline[0].pending);
    mirror.show_pending(&[], now()).expect("show");
    assert_eq!(names(&mut mirror, &list, &Slice::Start, 9), Vec::<String>::new());
}
