//! Writes pictures of the screens: `cargo run --example screenshots [FOLDER]`, by default into `screenshots`.

mod svg;

use std::{env, fs, io, path::PathBuf};

use bigin::{
    app::{
        Model, Size, actions, fixture,
        overlay::{HelpView, LineInput, NoteEditor, Overlay, Palette, PaletteRow},
    },
    domain::SafeText,
    protocol::Found,
    ui::{self, Theme},
};
use ratatui::{buffer::Buffer, layout::Rect};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| PathBuf::from("screenshots"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    for (name, model) in screens() {
        let area = Rect::new(0, 0, model.size.cols, model.size.rows);
        let mut buf = Buffer::empty(area);
        let cursor = ui::draw(area, &mut buf, &model, &Theme::ANSI);
        let picture = svg::picture(&buf, cursor.map(|at| (at.x, at.y)));
        fs::write(folder.join(format!("{name}.svg")), picture)?;
    }
    Ok(())
}

fn screens() -> Vec<(&'static str, Model)> {
    let small = |mut model: Model| {
        model.size = Size { cols: 80, rows: 24 };
        model
    };
    let mut deals = fixture::deals();
    deals.panes.deals.cursor = 4;
    deals.panes.deals.marked = vec![fixture::id(1003), fixture::id(1026)];
    vec![
        ("board", fixture::board()),
        ("board-80x24", small(fixture::board())),
        ("deals", deals),
        ("contacts", fixture::contacts()),
        ("contact", fixture::record(fixture::contacts(), &fixture::ana())),
        ("pipelines", fixture::pipelines()),
        ("coql", fixture::coql()),
        ("note", note()),
        ("palette", palette()),
        ("help", over(fixture::board(), Overlay::Help(HelpView::default()))),
    ]
}

fn over(mut model: Model, overlay: Overlay) -> Model {
    model.overlay = Some(overlay);
    model
}

fn note() -> Model {
    let mut text = ratatui_textarea::TextArea::from(["Call w/ Ana: net-45 is fine if we sign by Wed."]);
    text.move_cursor(ratatui_textarea::CursorMove::End);
    let editor = NoteEditor {
        target: fixture::northwind(),
        home: fixture::northwind(),
        others: vec![fixture::ana(), fixture::northwind_traders()],
        text,
        kept_at: Some(fixture::now()),
        changed_at: None,
    };
    over(fixture::board(), Overlay::Note(Box::new(editor)))
}

fn palette() -> Model {
    let model = fixture::board();
    let found = |link, note| PaletteRow::Record(Found { link, note: SafeText::new(note) });
    let mut rows = vec![
        found(fixture::northwind(), "$48,000 Proposal"),
        found(fixture::northwind_traders(), "3 people"),
    ];
    let has = |row: &PaletteRow| matches!(row, PaletteRow::Action { title, .. } if title.contains("ote"));
    rows.extend(actions::palette(&model).into_iter().filter(has));
    let input = LineInput { text: "nor".to_owned(), cursor: 3 };
    over(model, Overlay::Palette(Palette { input, rows, ..Palette::default() }))
}
