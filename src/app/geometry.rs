//! How many rows and columns each part of the screen has.
//!
//! Both sides read it: `update` to know what a page is, the views to draw. Plain arithmetic on the size.

use super::Size;

/// From this width on the board shows its stages side by side, and lists have a peek pane.
pub const WIDE: u16 = 100;

/// Rows above the pane: the title line, and on the board its figures.
pub const TITLE_ROWS: u16 = 1;

/// Rows below the pane: status bar and footer hints.
pub const FOOT_ROWS: u16 = 2;

/// Rows of the board's peek strip with its upper border.
#[must_use]
pub const fn strip_rows(size: Size) -> u16 {
    if size.rows >= 30 {
        7
    } else if size.rows >= 20 {
        3
    } else {
        0
    }
}

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

/// Rows of a list that hold records: inside the borders, below the heading and its rule, above the totals line.
#[must_use]
pub const fn list_rows(size: Size) -> u16 {
    pane_rows(size).saturating_sub(5)
}

/// Rows that one card takes on the board: three and a gap when wide, one when narrow.
#[must_use]
pub const fn card_rows(size: Size) -> u16 {
    if is_wide(size) { 4 } else { 1 }
}

/// Cards of a column on the screen at once.
#[must_use]
pub const fn board_cards(size: Size, peek: bool) -> u16 {
    let strip = if peek { strip_rows(size) } else { 0 };
    let heading = if is_wide(size) { 5 } else { 4 };
    let rows = pane_rows(size).saturating_sub(1 + heading + 1 + strip) / card_rows(size);
    if rows == 0 { 1 } else { rows }
}
