//! How many rows and columns each part of the screen has.
//!
//! Both sides read it: `update` to know what a page is, the views to draw. Plain arithmetic on the size.
//!
//! ```text
//! board, wide             board, narrow           list                    console
//! title                   title                   title                   title
//! figures                 stages and figures      ┌ name, filter, sort ┐  ┌ COQL ─────────┐
//! ┌────┬────┐             ┌───┬───────┬───┐       heading                 text
//! heading, three rows     heading, one row        ├──────────┤            ├ plan ─────────┤
//! ╞════╪════╡             ╞═══╪═══════╪═══╡       rows                    what runs where
//! cards of three rows     cards of one row,       └ totals ──┘ or strip   ├ how it ran ───┤
//! and a gap               two for the selected    status                  heading
//! └────┴────┘ or strip    └───┴───────┴───┘ or …  hints                   ├───────────────┤
//!                                                                         rows
//!                                                                         └ fetched ──────┘
//! ```

use super::Size;

/// From this width on the board shows its stages side by side and a record its timeline beside its facts.
pub const WIDE: u16 = 100;

/// Rows above the pane: the title line.
pub const TITLE_ROWS: u16 = 1;

/// Rows below the pane: status bar and footer hints.
pub const FOOT_ROWS: u16 = 2;

/// Rows of a list between the title line and its first record: border, heading and rule.
pub const LIST_HEAD_ROWS: u16 = 3;

/// Rows of the console between the title line and its first row of an answer, beside the editor's and the plan's:
/// border, how it ran, heading and rule.
pub const COQL_HEAD_ROWS: u16 = 4;

/// Whether stages stand side by side.
#[must_use]
pub const fn is_wide(size: Size) -> bool {
    size.cols >= WIDE
}

/// Rows between title and foot.
#[must_use]
pub const fn pane_rows(size: Size) -> u16 {
    size.rows.saturating_sub(TITLE_ROWS + FOOT_ROWS)
}

/// Rows of the peek strip with its borders, where it is asked for and there is room.
#[must_use]
pub const fn strip_rows(size: Size, peek: bool) -> u16 {
    match size.rows {
        _ if !peek => 0,
        30.. => 7,
        20.. => 3,
        _ => 0,
    }
}

/// Rows below the last row of a pane: the strip, whose upper border closes the pane, or the border alone.
const fn closing_rows(size: Size, peek: bool) -> u16 {
    match strip_rows(size, peek) {
        0 => 1,
        rows => rows,
    }
}

/// Rows of a list that hold records.
#[must_use]
pub const fn list_rows(size: Size, peek: bool) -> u16 {
    pane_rows(size).saturating_sub(LIST_HEAD_ROWS + closing_rows(size, peek))
}

/// Rows of sub-pipelines on the screen at once; what is left below them shows the stages of the selected one.
#[must_use]
pub const fn pipelines_rows(size: Size) -> u16 {
    at_least_one(list_rows(size, false) / 2)
}

/// Rows from the first card of the board to its lower border.
#[must_use]
pub const fn board_rows(size: Size, peek: bool) -> u16 {
    let above = if is_wide(size) { 6 } else { 4 };
    pane_rows(size).saturating_sub(above + closing_rows(size, peek))
}

/// Rows that one card takes on the board: three and a gap when wide, one when narrow.
#[must_use]
pub const fn card_rows(size: Size) -> u16 {
    if is_wide(size) { 4 } else { 1 }
}

/// Cards of a column on the screen at once. When wide the last one needs no gap; when narrow the selected
/// one takes a second row.
#[must_use]
pub const fn board_cards(size: Size, peek: bool) -> u16 {
    let rows = board_rows(size, peek);
    at_least_one(if is_wide(size) { (rows + 1) / 4 } else { rows.saturating_sub(1) })
}

/// Rows of a record's facts and of its timeline: side by side when wide, else the facts above.
#[must_use]
pub const fn record_rows(size: Size) -> (u16, u16) {
    let rows = pane_rows(size);
    if is_wide(size) {
        (rows.saturating_sub(2), rows.saturating_sub(2))
    } else {
        let facts = at_least_one(rows.saturating_sub(3) * 2 / 5);
        (facts, rows.saturating_sub(3 + facts))
    }
}

/// Rows of the console's plan with the line above it.
#[must_use]
pub const fn coql_plan_rows(size: Size) -> u16 {
    match size.rows {
        30.. => 3,
        20.. => 2,
        12.. => 1,
        _ => 0,
    }
}

/// Rows of the console's editor and of its result.
#[must_use]
pub const fn coql_rows(size: Size) -> (u16, u16) {
    let rows = pane_rows(size).saturating_sub(5 + coql_plan_rows(size));
    let editor = at_least_one(rows / 3);
    (editor, rows.saturating_sub(editor))
}

/// Lines of the help on the screen at once; its filter takes two when it is there.
#[must_use]
pub const fn help_rows(size: Size, filter: bool) -> u16 {
    pane_rows(size).saturating_sub(if filter { 4 } else { 2 })
}

/// Most columns of the box in which a note is read.
pub const ENTRY_WIDTH: u16 = 100;

/// Columns of a note's lines, and rows of them, where it is read in full.
#[must_use]
pub const fn entry_text(size: Size) -> (u16, u16) {
    let margin = if size.cols >= 60 { 4 } else { 0 };
    let room = size.cols.saturating_sub(margin);
    let width = if room < ENTRY_WIDTH { room } else { ENTRY_WIDTH };
    (at_least_one(width.saturating_sub(4)), at_least_one(size.rows.saturating_sub(FOOT_ROWS + 3)))
}

const fn at_least_one(rows: u16) -> u16 {
    if rows == 0 { 1 } else { rows }
}
