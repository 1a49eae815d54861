//! Every view at three sizes.

use bigin::{
    app::{
        Model, Notice, NoticeKind, Options, Place, Size, Trail, actions, fixture,
        overlay::{CallsView, Overlay},
        pane::RecordFocus,
    },
    domain::{Link, Module, SafeText, Usage},
    protocol::{Busy, Failure, Guard, OutboxState, Progress, Spot, Step, SyncState},
    ui::Theme,
};
use jiff::{SignedDuration, ToSpan, tz::TimeZone};

use crate::drawing::{draw, look, row, sized, text};

fn starting() -> Model {
    let options =
        Options { ascii: false, peek: true, peek_list: false, read_only: false, guard: Guard::default() };
    let mut model = Model::new(fixture::now(), TimeZone::UTC, Size { cols: 120, rows: 36 }, options);
    model.account.sync = SyncState::Starting(Progress {
        doing: SafeText::new("preparing the demo company"),
        done: 84_000,
        total: Some(200_000),
    });
    model
}

fn failure() -> Failure {
    Failure {
        doing: SafeText::new("run the query"),
        what: SafeText::new("Bigin refused it: there is no field Stag in the module Pipelines"),
        way_on: SafeText::new("the text is kept; correct it and run it again"),
        retry_at: None,
        spot: Some(Box::new(Spot { span: 62..66, fix: None })),
    }
}

#[test]
fn a_wait_a_pause_and_the_age_of_the_records_are_said() {
    let mut model = fixture::deals();
    model.account.fresh.insert(Module::Pipelines, fixture::now() - 2.minutes());
    model.account.plan.step = Step::Slower;
    let until = fixture::now() + 11_200.milliseconds();
    model.account.busy = Some(Busy { until, why: SafeText::new("too many calls") });
    let screen = text(&model);
    for words in ["as of 14:38", "! waiting 12 s: too many calls", "slow sync"] {
        assert!(screen.contains(words), "{words} is missing:\n{screen}");
    }
}

#[test]
fn credits() {
    look("credits", &fixture::credits());
}

#[test]
fn credits_with_the_log_of_calls() {
    let mut model = fixture::credits();
    let rows = model.panes.credits.cockpit.as_ref().expect("a cockpit").calls.clone();
    model.overlay = Some(Overlay::Calls(CallsView { rows, cursor: 1, copied: false }));
    look("credits-calls", &model);
}

#[test]
fn credits_when_few_are_left_and_someone_paused_the_sync() {
    let mut model = fixture::credits();
    let spent = |usage: Usage| Usage { used: 4_700, ..usage };
    model.account.usage = spent(model.account.usage);
    model.account.plan.step = Step::Off;
    model.account.plan.paused = true;
    model.account.plan.lines.clear();
    if let Some(cockpit) = &mut model.panes.credits.cockpit {
        cockpit.spending.usage = spent(cockpit.spending.usage);
        cockpit.spending.hours[23].ours = 900;
        cockpit.spending.flights.clear();
        cockpit.spending.shares.clear();
    }
    look("credits-low", &model);
}

/// Marks deals, whether or not they are on the screen.
fn mark<const N: usize>(model: &mut Model, deals: [u64; N]) {
    let link = |n| Link { module: Module::Pipelines, id: fixture::id(n), name: SafeText::new("a deal") };
    model.panes.marks.entry(Module::Pipelines).or_default().add(deals.map(link));
}

#[test]
fn board() {
    let mut model = fixture::board();
    mark(&mut model, [1002]);
    model.panes.board.columns[2].cards.rows[2].pending = true;
    model.account.outbox = OutboxState { pending: 1, ..OutboxState::default() };
    look("board", &model);
}

#[test]
fn board_in_ascii_and_without_its_strip() {
    let mut model = fixture::board();
    model.options.ascii = true;
    model.options.peek = false;
    look("board-ascii", &model);
}

#[test]
fn board_scrolled_down_with_more_stages_than_fit() {
    let mut model = fixture::board();
    let more = model.panes.board.columns.clone();
    model.panes.board.columns.extend(more);
    model.panes.board.focus = 7;
    model.panes.board.columns[7].cards.top = 4;
    model.panes.board.columns[7].cards.cursor = 6;
    look("board-scrolled", &model);
}

#[test]
fn board_before_anything_is_known() {
    look("board-starting", &starting());
}

#[test]
fn board_where_nothing_matches() {
    let mut model = fixture::board();
    model.panes.board.filter.mine = true;
    model.panes.board.filter.text = "zzz".to_owned();
    for column in &mut model.panes.board.columns {
        column.cards.rows.clear();
        column.cards.total = Some(0);
        column.count = 0;
    }
    look("board-empty", &model);
}

#[test]
fn deals() {
    let mut model = fixture::deals();
    model.panes.deals.cursor = 2;
    mark(&mut model, [1002, 1003, 77]);
    model.panes.deals.rows[4].pending = true;
    look("deals", &model);
}

#[test]
fn deals_with_the_strip_and_a_notice() {
    let mut model = fixture::deals();
    model.options.peek_list = true;
    model.notices.push(Notice {
        kind: NoticeKind::Failure,
        text: SafeText::new("Northwind renewal was not moved: Bigin refused it, the stage is locked"),
        way_on: SafeText::new("it is back in Proposal; m picks another stage"),
        at: fixture::now(),
        until: None,
    });
    look("deals-strip", &model);
}

#[test]
fn deals_while_offline_and_credits_run_out() {
    let mut model = fixture::deals();
    let since = Some(fixture::now() - 12.minutes());
    model.account.sync = SyncState::Offline { failure: failure(), since };
    model.account.usage = Usage { used: 4_700, limit: 5_000, in_flight: 5, concurrency: 5, queued: 3 };
    model.account.outbox = OutboxState { pending: 2, refused: 1, conflicts: 0 };
    model.account.ahead = SignedDuration::from_hours(7 * 24);
    model.panes.deals.rows.truncate(3);
    look("deals-offline", &model);
}

#[test]
fn closed_deals_ask_for_nothing() {
    let mut model = sized(fixture::deals(), (120, 36));
    let row = &mut model.panes.deals.rows[0];
    row.stage = "Closed Won".to_owned();
    row.next = None;
    let screen = text(&model);
    let line = screen.lines().find(|line| line.contains("Tern Charter")).expect("the deal");
    assert!(line.contains("Closed Won") && line.contains("29d") && line.contains("18 Sep "), "{line}");
    assert!(!line.contains('!') && !line.contains('?'), "{line}");
}

#[test]
fn deals_where_nothing_matches() {
    let mut model = fixture::deals();
    model.panes.deals.rows.clear();
    model.panes.deals.total = Some(0);
    if let Some(bigin::protocol::ListSpec::Deals { filter, .. }) = &mut model.panes.deals.spec {
        filter.text = "zzz".to_owned();
    }
    look("deals-empty", &model);
}

#[test]
fn hints_say_what_matters_here_and_how_to_find_the_rest() {
    for (cols, rows) in [(120, 36), (80, 24)] {
        for model in [fixture::board(), fixture::deals(), fixture::contacts(), fixture::coql()] {
            let model = sized(model, (cols, rows));
            let hints = row(&draw(&model, &Theme::ANSI).0, rows - 1);
            let leads = actions::footer(&model);
            assert!(hints.starts_with(&format!(" {} {}", leads[0].key, leads[0].label)), "{hints}");
            assert!(hints.contains(" help "), "{hints}");
        }
    }
}

#[test]
fn contacts() {
    look("contacts", &fixture::contacts());
}

#[test]
fn companies() {
    look("companies", &fixture::companies());
}

#[test]
fn notes() {
    let mut model = fixture::notes();
    model.options.peek_list = true;
    look("notes", &model);
}

#[test]
fn pipelines() {
    look("pipelines", &fixture::pipelines());
}

#[test]
fn deal() {
    look("deal", &fixture::record(fixture::deals(), &fixture::northwind()));
}

#[test]
fn contact() {
    let mut model = fixture::record(fixture::contacts(), &fixture::ana());
    if let Some(pane) = &mut model.panes.record {
        pane.focus = RecordFocus::Timeline;
        pane.entry = 1;
    }
    look("contact", &model);
}

#[test]
fn company() {
    look("company", &fixture::record(fixture::companies(), &fixture::northwind_traders()));
}

#[test]
fn record_that_is_gone() {
    let mut model = fixture::record(fixture::companies(), &fixture::northwind_traders());
    if let Some(pane) = &mut model.panes.record {
        pane.detail = None;
        pane.gone = true;
    }
    look("record-gone", &model);
}

#[test]
fn a_terminal_that_is_too_small_says_so() {
    for (size, words) in [((19, 4), "too small"), ((5, 1), "too…"), ((1, 1), "…")] {
        let (buf, _) = draw(&sized(fixture::board(), size), &Theme::ANSI);
        assert_eq!(row(&buf, 0).trim(), words);
    }
}

#[test]
fn an_age_that_an_idle_screen_shows_stays_as_it_is_until_something_happens() {
    let mut model = fixture::deals();
    model.account.sync = SyncState::Synced { at: fixture::now() - 12.seconds() };
    let before = text(&model);
    assert!(before.contains("synced <1m"), "{before}");
    model.now = fixture::now() + 30.seconds();
    assert_eq!(text(&model), before);
}

#[test]
fn the_place_of_a_record_is_the_list_of_its_kind() {
    let mut model = fixture::record(fixture::contacts(), &fixture::ana());
    model.trail = Trail::new(Place::Record(fixture::ana()));
    assert!(text(&sized(model, (80, 24))).starts_with(" Contacts › Ana Ruiz"));
}

#[test]
fn a_long_note_unfolds_under_the_cursor_of_the_timeline() {
    let mut model = fixture::record(fixture::board(), &fixture::northwind());
    let pane = model.panes.record.as_mut().expect("a record");
    let timeline = &mut pane.detail.as_mut().expect("its detail").timeline;
    timeline[1].lines = (1..=12).map(|line| SafeText::new(&format!("line {line} of a long note"))).collect();
    (pane.focus, pane.entry) = (RecordFocus::Timeline, 0);
    let screen = text(&model);
    assert!(screen.contains("line 6 of") && !screen.contains("line 7 of"), "{screen}");
    model.panes.record.as_mut().expect("a record").entry = 1;
    let screen = text(&model);
    assert!(screen.contains("line 12 of"), "{screen}");
}

#[test]
fn a_failure_that_is_too_long_for_a_line_is_said_in_full() {
    let mut model = sized(fixture::deals(), (80, 24));
    model.notices.push(Notice {
        kind: NoticeKind::Failure,
        text: SafeText::new(
            "move Northwind renewal to Proposal: Bigin refused it: the deal's pipeline does not take this stage",
        ),
        way_on: SafeText::new("It is back where it was, and waits in the outbox: gu, then e edits it."),
        at: fixture::now(),
        until: None,
    });
    look("deals-long-failure", &model);
    assert_eq!(bigin::ui::scroll_region(&model), None, "rows under a message cannot be moved");
}
