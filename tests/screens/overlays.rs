//! Every overlay at three sizes.

use bigin::{
    app::{
        Load, Model, Msg, Notice, NoticeKind, Prefix, actions, fixture, keys,
        overlay::{
            CommandLine, ConflictView, DealForm, DraftsView, EntryView, HelpView, HistoryView, LineInput,
            MessagesView, NoteEditor, OutboxView, Overlay, Palette, PaletteRow, PipelinePicker, StagePicker,
        },
        update,
    },
    domain::{DealRow, EntryKind, Outcome, SafeText},
    protocol::{Found, Scope},
};
use jiff::ToSpan;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::drawing::{look, sized, text};

fn over(mut model: Model, overlay: Overlay) -> Model {
    model.overlay = Some(overlay);
    model
}

fn typed(text: &str) -> LineInput {
    LineInput { text: text.to_owned(), cursor: text.len() }
}

fn deal() -> DealRow {
    fixture::deal_rows().remove(0)
}

#[test]
fn note() {
    let mut text = ratatui_textarea::TextArea::from([
        "Call w/ Ana: net-45 is fine if we sign by Wed. She loops in Chi today, and wants the revised paper before that.",
        "",
        "next: send MSA v4 tomorrow 10:00",
    ]);
    text.move_cursor(ratatui_textarea::CursorMove::Bottom);
    text.move_cursor(ratatui_textarea::CursorMove::End);
    let editor = NoteEditor {
        target: fixture::northwind(),
        home: fixture::northwind(),
        others: vec![fixture::ana(), fixture::northwind_traders()],
        text,
        kept_at: Some(fixture::now()),
        changed_at: None,
    };
    look("note", &over(fixture::board(), Overlay::Note(Box::new(editor))));
}

#[test]
fn help_lists_keys_with_their_reasons() {
    let screen = text(&over(fixture::board(), Overlay::Help(HelpView::default())));
    for row in actions::help(&fixture::board()).iter().flat_map(|group| &group.rows).take(12) {
        let line = screen.lines().find(|line| line.contains(&format!(" {}  {} ", row.key, row.title)));
        let line = line.unwrap_or_else(|| panic!("{} is missing in\n{screen}", row.title));
        assert_eq!(line.contains("not now: "), row.disabled.is_some(), "{line}");
    }
}

#[test]
fn the_end_of_the_help_is_its_last_page() {
    let end = |key| Msg::Key(KeyEvent::new(key, KeyModifiers::NONE));
    for size in [(120, 36), (80, 24), (40, 12)] {
        let mut model = sized(over(fixture::board(), Overlay::Help(HelpView::default())), size);
        update(&mut model, end(KeyCode::End));
        let last = text(&model);
        assert!(!last.contains("below"), "{last}");
        update(&mut model, end(KeyCode::Up));
        assert!(text(&model).contains("1 line below"), "{}", text(&model));
    }
}

#[test]
fn help_narrowed() {
    let view = HelpView { filter: typed("stage"), filtering: true, top: 0 };
    look("help-filter", &over(fixture::board(), Overlay::Help(view)));
}

#[test]
fn palette() {
    let model = fixture::board();
    let action = |name, title, key: &str, disabled: Option<&str>| PaletteRow::Action {
        name,
        title,
        key: key.to_owned(),
        disabled: disabled.map(str::to_owned),
    };
    let mut rows = vec![
        PaletteRow::Record(Found { link: fixture::northwind(), note: SafeText::new("$48,000 Proposal") }),
        action("go.notes", "Go to notes", "gn", None),
        action("note.new", "Note", "n", None),
        action("sort.name", "Sort by name", "sn", Some("only in lists")),
        action("deal.won", "Won", "", Some("the deal is closed")),
    ];
    rows.insert(
        1,
        PaletteRow::Record(Found { link: fixture::ana(), note: SafeText::new("Northwind Traders") }),
    );
    rows.push(PaletteRow::Server { credits: 3 });
    let palette = Palette { input: typed("nor"), rows, cursor: 1, load: Load::Asked, ..Palette::default() };
    look("palette", &over(model, Overlay::Palette(palette)));
}

#[test]
fn command_line() {
    let completions =
        [("go.board", "Go to the board"), ("go.deals", "Go to deals"), ("go.contacts", "Go to contacts")];
    let line = CommandLine {
        input: typed("go"),
        completions: completions.map(|(text, meaning)| (text.to_owned(), meaning.to_owned())).to_vec(),
        chosen: Some(1),
        ..CommandLine::default()
    };
    look("command", &over(fixture::deals(), Overlay::Command(line)));
}

#[test]
fn command_line_that_cannot_be_run() {
    let line = CommandLine {
        input: typed("fly"),
        error: Some("there is no command fly".to_owned()),
        ..CommandLine::default()
    };
    look("command-error", &over(fixture::deals(), Overlay::Command(line)));
}

#[test]
fn filter_line() {
    look("filter", &over(fixture::deals(), Overlay::Filter(typed("lum"))));
}

#[test]
fn stage_picker() {
    let picker = StagePicker {
        deals: vec![deal()],
        stages: fixture::catalog().pipelines[0].sub_pipelines[0].stages.clone(),
        input: LineInput::default(),
        cursor: 3,
    };
    look("stage", &over(fixture::board(), Overlay::Stage(picker)));
}

#[test]
fn pipeline_picker() {
    let scope = |sub: Option<&str>| Scope { sub_pipeline: sub.map(str::to_owned), ..fixture::scope() };
    let picker = PipelinePicker {
        input: LineInput::default(),
        choices: vec![
            (scope(None), "Sales Pipeline".to_owned()),
            (scope(Some("Standard")), "Sales Pipeline / Standard".to_owned()),
            (scope(Some("Enterprise")), "Sales Pipeline / Enterprise".to_owned()),
        ],
        cursor: 1,
    };
    look("pipeline", &over(fixture::board(), Overlay::Pipeline(picker)));
}

#[test]
fn closing_as_lost() {
    let dialog = DealForm {
        outcome: Outcome::Lost,
        stages: fixture::catalog().pipelines[0].sub_pipelines[0]
            .stages
            .iter()
            .filter(|stage| stage.outcome == Outcome::Lost)
            .cloned()
            .collect(),
        deals: vec![deal()],
        cursor: 0,
        amount: typed("48k"),
        closing: typed("yesterdayish"),
        field: 2,
        error: Some("yesterdayish is not a date; try fri, +2w or 2026-09-25".to_owned()),
    };
    look("close", &over(fixture::board(), Overlay::Deal(dialog)));
}

fn press(model: &mut Model, key: &str) {
    for key in keys::parse(key).expect("a key") {
        update(model, Msg::Key(key.into()));
    }
}

#[test]
fn closing_several_deals() {
    let mut model = fixture::deals();
    for key in ["space", "space", "space", "X"] {
        press(&mut model, key);
    }
    look("close-marked", &model);
}

#[test]
fn the_question_before_several_deals_change() {
    let mut model = fixture::deals();
    for key in ["V", "L"] {
        press(&mut model, key);
    }
    look("confirm", &model);
    press(&mut model, "y");
    look("confirmed", &model);
}

#[test]
fn changing_the_amount() {
    let dialog = DealForm {
        outcome: Outcome::Open,
        stages: Vec::new(),
        deals: vec![deal()],
        cursor: 0,
        amount: typed("+10%"),
        closing: typed("2026-09-25"),
        field: 1,
        error: None,
    };
    look("change", &over(fixture::board(), Overlay::Deal(dialog)));
}

#[test]
fn drafts() {
    let view = DraftsView { rows: fixture::drafts(), cursor: 1 };
    look("drafts", &over(fixture::board(), Overlay::Drafts(view)));
}

#[test]
fn messages() {
    let say = |kind, text: &str, way_on: &str, minutes: i64| Notice {
        kind,
        text: SafeText::new(text),
        way_on: SafeText::new(way_on),
        at: fixture::now() - minutes.minutes(),
        until: None,
    };
    let rows = vec![
        say(NoticeKind::Done, "Northwind renewal moved to Negotiation", "", 1),
        say(
            NoticeKind::Failure,
            "Tern Charter was not moved: Bigin answered 429, too many calls in flight at once",
            "it is back in Negotiation; press L again in a minute",
            4,
        ),
        say(NoticeKind::Info, "copied 17 bytes by OSC 52", "", 12),
    ];
    look("messages", &over(fixture::board(), Overlay::Messages(MessagesView { rows, top: 0 })));
}

#[test]
fn history() {
    let view =
        HistoryView { record: fixture::northwind(), rows: fixture::history(), top: 0, load: Load::Ready };
    look("history", &over(fixture::board(), Overlay::History(view)));
}

#[test]
fn keys_that_go_on() {
    let mut model = fixture::deals();
    let keys = keys::parse("g").expect("a key");
    model.prefix = Some(Prefix { keys, since: fixture::now(), shown: true });
    look("keys", &model);
}

#[test]
fn outbox() {
    let view = OutboxView { rows: fixture::outbox(), cursor: 0, read: true };
    look("outbox", &over(fixture::board(), Overlay::Outbox(view)));
}

#[test]
fn an_empty_outbox_and_one_that_waits_say_so() {
    let empty = Overlay::Outbox(OutboxView { read: true, ..OutboxView::default() });
    assert!(text(&over(fixture::board(), empty)).contains("everything you wrote is on the server"));
    let lost = OutboxView { rows: fixture::outbox(), cursor: 2, read: true };
    let screen = text(&over(fixture::board(), Overlay::Outbox(lost)));
    assert!(screen.contains("no answer within 20 s"), "{screen}");
    assert!(screen.contains("Bigin is asked before it is sent again"), "{screen}");
}

#[test]
fn conflict() {
    let view = ConflictView::of(&fixture::outbox()[1]).expect("a conflict");
    look("conflict", &over(fixture::board(), Overlay::Conflict(Box::new(view.clone()))));
    let typed = ConflictView {
        typed: Some(typed("50k")),
        field: 1,
        error: Some("an amount is like 48000".to_owned()),
        ..view
    };
    look("conflict-typed", &over(fixture::board(), Overlay::Conflict(Box::new(typed))));
}

#[test]
fn a_long_note_is_read_over_its_record() {
    let mut model = fixture::record(fixture::deals(), &fixture::northwind());
    let pane = model.record().expect("a record");
    let detail = pane.detail.as_ref().expect("its detail");
    let note = detail.timeline.iter().find(|entry| entry.kind == EntryKind::Note).expect("a note");
    let mut entry = note.clone();
    let said = SafeText::new(
        "Legal wants net-60. Ana is back on the 20th, and asked for a revised agreement first.",
    );
    entry.lines = vec![said; 30];
    model.overlay = Some(Overlay::Entry(EntryView { entry, top: 4 }));
    look("note-read", &model);
}
