//! What holds for every screen of any size.

use bigin::{
    app::{
        List, Model, Place, fixture,
        overlay::{HelpView, LineInput, Overlay, Palette},
    },
    domain::SafeText,
    ui::{self, Theme},
};
use proptest::prelude::*;
use ratatui::style::{Color, Modifier};

use crate::drawing::{columns, draw, row, sized};

fn screens() -> Vec<Model> {
    let mut screens = vec![
        fixture::board(),
        fixture::deals(),
        fixture::contacts(),
        fixture::companies(),
        fixture::notes(),
        fixture::pipelines(),
        fixture::credits(),
        fixture::coql(),
        fixture::record(fixture::deals(), &fixture::northwind()),
        fixture::record(fixture::contacts(), &fixture::ana()),
        fixture::record(fixture::companies(), &fixture::northwind_traders()),
    ];
    let mut help = fixture::board();
    help.overlay = Some(Overlay::Help(HelpView::default()));
    screens.push(help);
    let mut palette = fixture::board();
    let rows = bigin::app::actions::palette(&palette);
    palette.overlay = Some(Overlay::Palette(Palette { rows, ..Palette::default() }));
    screens.push(palette);
    let mut filter = fixture::deals();
    filter.overlay = Some(Overlay::Filter(LineInput { text: "株式".to_owned(), cursor: 3 }));
    screens.push(filter);
    screens
}

#[test]
fn any_size_is_drawn() {
    let screens = screens();
    let few = ProptestConfig::with_cases(12);
    proptest!(few, |(cols in 1u16..200, rows in 1u16..60, ascii in any::<bool>(), peek in any::<bool>())| {
        for model in &screens {
            let mut model = model.clone();
            model.options.ascii = ascii;
            model.options.peek = peek;
            model.options.peek_list = peek;
            let (buf, cursor) = draw(&sized(model, (cols, rows)), &Theme::ANSI);
            prop_assert!(cursor.is_none_or(|at| at.x < cols && at.y < rows));
            for y in 0..rows {
                prop_assert_eq!(columns(&buf, y), cols, "row {} of {}x{}: {}", y, cols, rows, row(&buf, y));
            }
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_name_stays_in_its_cell(name in any::<String>(), cols in 60u16..140) {
        let mut model = sized(fixture::deals(), (cols, 24));
        let plain = draw(&model, &Theme::ANSI).0;
        model.panes.deals.rows[3].name = SafeText::new(&name);
        model.panes.deals.rows[3].owner = SafeText::new(&name);
        let hostile = draw(&model, &Theme::ANSI).0;
        let region = ui::scroll_region(&model).expect("a list");
        let line = region.y + 3;
        for y in (0..24).filter(|y| *y != line) {
            prop_assert_eq!(row(&plain, y), row(&hostile, y));
        }
        prop_assert_eq!(hostile[(0, line)].symbol(), "│");
        prop_assert_eq!(hostile[(cols - 1, line)].symbol(), "│");
        let drawn = row(&hostile, line);
        prop_assert!(!drawn.chars().any(|c| c.is_control() || c == '\u{202e}'), "{:?}", drawn);
    }
}

#[test]
fn without_colour_nothing_is_coloured_and_the_selection_is_seen() {
    for model in screens() {
        let (buf, _) = draw(&model, &Theme::MONO);
        for cell in &buf.content {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
        }
        let reversed = |cell: &ratatui::buffer::Cell| cell.modifier.contains(Modifier::REVERSED);
        assert!(buf.content.iter().any(reversed), "{:?}", model.trail.here);
    }
}

#[test]
fn colours_are_the_terminals_own_and_no_background_is_painted() {
    for model in screens() {
        let (buf, _) = draw(&model, &Theme::ANSI);
        for cell in &buf.content {
            assert!(
                matches!(
                    cell.fg,
                    Color::Reset | Color::Cyan | Color::Yellow | Color::Green | Color::Red | Color::Magenta
                ),
                "{:?}",
                cell.fg
            );
            assert_eq!(cell.bg, Color::Reset);
        }
    }
}

#[test]
fn a_list_that_scrolls_moves_whole_lines_of_its_region() {
    let mut model = sized(fixture::deals(), (120, 24));
    let region = ui::scroll_region(&model).expect("a list");
    model.panes.deals.cursor = 5;
    let before = draw(&model, &Theme::ANSI).0;
    model.panes.deals.top = 1;
    assert_eq!(ui::scroll_region(&model), Some(region));
    let after = draw(&model, &Theme::ANSI).0;
    for y in region.top()..region.bottom() - 1 {
        for x in 0..120 {
            assert_eq!(before[(x, y + 1)], after[(x, y)], "column {x}, row {y}");
        }
    }
    for y in (0..region.top()).chain(region.bottom()..24) {
        assert_eq!(row(&before, y), row(&after, y));
    }
}

#[test]
fn only_a_list_in_sight_scrolls_by_region() {
    let mut model = fixture::deals();
    assert!(ui::scroll_region(&model).is_some());
    model.overlay = Some(Overlay::Filter(LineInput::default()));
    assert!(ui::scroll_region(&model).is_some(), "the filter line is below the list");
    model.overlay = Some(Overlay::Help(HelpView::default()));
    assert!(ui::scroll_region(&model).is_none());
    assert!(ui::scroll_region(&fixture::board()).is_none());
    assert!(ui::scroll_region(&sized(fixture::deals(), (10, 3))).is_none());
}

#[test]
fn what_is_drawn_does_not_depend_on_rows_out_of_sight() {
    let mut model = sized(fixture::contacts(), (120, 36));
    model.panes.contacts.total = Some(200_000);
    let near = draw(&model, &Theme::ANSI).0;
    let rows = model.panes.contacts.rows.clone();
    for _ in 0..20 {
        model.panes.contacts.rows.extend(rows.iter().cloned());
    }
    let far: List<_> = model.panes.contacts.clone();
    assert!(far.rows.len() > rows.len());
    let shown = usize::from(ui::scroll_region(&model).expect("a list").height);
    let drawn = draw(&model, &Theme::ANSI).0;
    let y = ui::scroll_region(&model).expect("a list").y;
    for down in 0..rows.len().min(shown) {
        let y = y + u16::try_from(down).expect("a row");
        assert_eq!(row(&near, y), row(&drawn, y));
    }
    assert_eq!(model.trail.here, Place::Contacts);
}

#[test]
fn moving_in_a_list_changes_two_rows_and_the_figure_of_the_place() {
    for mut model in [fixture::deals(), fixture::contacts(), fixture::companies(), fixture::notes()] {
        let mut before = draw(&model, &Theme::ANSI).0;
        for cursor in 1..10 {
            model.panes.deals.cursor = cursor;
            model.panes.contacts.cursor = cursor;
            model.panes.companies.cursor = cursor;
            model.panes.notes.cursor = cursor;
            let after = draw(&model, &Theme::ANSI).0;
            let changed = before.diff(&after).len();
            assert!(changed <= 2 * 118 + 4, "{changed} cells in {:?}", model.trail.here);
            before = after;
        }
    }
}
