//! Drawing a model and reading the screen back.

use bigin::{
    app::{Model, Size, overlay::Overlay},
    ui::{self, Theme},
};
use ratatui::{
    buffer::{Buffer, CellWidth},
    layout::{Position, Rect},
};

/// The sizes that every screen is looked at.
pub const SIZES: [(u16, u16); 3] = [(120, 36), (80, 24), (40, 12)];

/// The model on a terminal of another size.
pub fn sized(mut model: Model, (cols, rows): (u16, u16)) -> Model {
    model.size = Size { cols, rows };
    model
}

/// The cells of the screen, and where the cursor stands.
pub fn draw(model: &Model, theme: &Theme) -> (Buffer, Option<Position>) {
    let area = Rect::new(0, 0, model.size.cols, model.size.rows);
    let mut buf = Buffer::empty(area);
    let cursor = ui::draw(area, &mut buf, model, theme);
    (buf, cursor)
}

/// Columns that a row's characters take on a terminal, each covering as many cells as it is wide.
pub fn columns(buf: &Buffer, y: u16) -> u16 {
    let (mut x, mut taken) = (0, 0);
    while x < buf.area.width {
        let wide = buf[(x, y)].symbol().cell_width();
        x += wide.max(1);
        taken += wide;
    }
    taken
}

/// One row of the screen as a terminal shows it.
pub fn row(buf: &Buffer, y: u16) -> String {
    let mut line = String::new();
    let mut covered = 0;
    for x in 0..buf.area.width {
        let symbol = buf[(x, y)].symbol();
        if covered == 0 {
            line.push_str(symbol);
            covered = symbol.cell_width();
        }
        covered = covered.saturating_sub(1);
    }
    line
}

/// The screen as text, without the line of hints: they change with the table of actions and are looked at by
/// themselves. A typed text shows its cursor below.
pub fn text(model: &Model) -> String {
    let (buf, cursor) = draw(model, &Theme::ANSI);
    let prompt = matches!(model.overlay, Some(Overlay::Command(_) | Overlay::Filter(_)));
    let hints = u16::from(!prompt && model.notice().is_none());
    let lines = (0..buf.area.height - hints).map(|y| row(&buf, y).trim_end().to_owned());
    let mut text = lines.collect::<Vec<_>>().join("\n");
    if let Some(Position { x, y }) = cursor {
        text.push_str(&format!("\ncursor at column {x}, row {y}"));
    }
    text
}

/// Compares the screen with its snapshot at each size.
pub fn look(name: &str, model: &Model) {
    for (cols, rows) in SIZES {
        let model = sized(model.clone(), (cols, rows));
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("{name}-{cols}x{rows}"), text(&model));
        });
    }
}
