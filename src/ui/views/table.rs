//! Columns of a table: which have room, how wide each is, and one row of cells.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::ui::{
    canvas::{Pen, Side},
    scene::Scene,
    text::Ink,
};

/// One column. Where there is no room for all, the one with the highest rank is left out first.
#[derive(Debug)]
pub struct Column {
    pub title: &'static str,
    pub side: Side,
    /// Least columns of the terminal.
    pub least: u16,
    /// Most columns of the terminal; what is left over goes to the columns that may grow, by weight.
    pub most: u16,
    /// 0 is never left out.
    pub rank: u8,
    /// Share of what is left over.
    pub weight: u16,
    /// Columns of the terminal that the table must have for this one.
    pub from: u16,
}

impl Column {
    pub const fn fixed(title: &'static str, side: Side, width: u16, rank: u8) -> Self {
        Self { title, side, least: width, most: width, rank, weight: 1, from: 0 }
    }

    pub const fn growing(title: &'static str, least: u16, most: u16, rank: u8) -> Self {
        Self { title, side: Side::Left, least, most, rank, weight: 1, from: 0 }
    }
}

/// A column with its place in the table and its width on this screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    pub index: usize,
    pub width: u16,
}

/// Chooses and measures the columns for `width` terminal columns with `gap` between two.
pub fn place(columns: &[Column], width: u16, gap: u16) -> Vec<Placed> {
    let wide_enough = columns.iter().enumerate().filter(|(_, column)| column.from <= width);
    let mut kept: Vec<Placed> = wide_enough.map(|(index, _)| Placed { index, width: 0 }).collect();
    let least = |kept: &[Placed]| {
        let gaps = gap * u16::try_from(kept.len()).unwrap_or(1).saturating_sub(1);
        kept.iter().map(|placed| columns[placed.index].least).sum::<u16>() + gaps
    };
    while least(&kept) > width {
        let last = kept.iter().enumerate().max_by_key(|(_, placed)| columns[placed.index].rank);
        match last {
            Some((at, placed)) if columns[placed.index].rank > 0 => drop(kept.remove(at)),
            _ => break,
        }
    }
    let mut spare = width.saturating_sub(least(&kept));
    for placed in &mut kept {
        placed.width = columns[placed.index].least;
    }
    while spare > 0 {
        let mut grown = false;
        for placed in &mut kept {
            if spare > 0 && placed.width < columns[placed.index].most {
                let column = &columns[placed.index];
                let more = column.weight.min(spare).min(column.most - placed.width);
                placed.width += more;
                spare -= more;
                grown = true;
            }
        }
        if !grown {
            break;
        }
    }
    kept
}

/// Writes the headings; `sorted` is marked with the glyph.
pub fn heading(
    scene: &Scene<'_>,
    columns: &[Column],
    placed: &[Placed],
    gap: u16,
    sorted: Option<(usize, &'static str)>,
    pen: &mut Pen<'_>,
) {
    for placed in placed {
        let column = &columns[placed.index];
        let style = scene.theme.heading;
        match sorted.filter(|(index, _)| *index == placed.index) {
            Some((_, mark)) => {
                let title = Ink::figure(match column.side {
                    Side::Left => format!("{}{mark}", column.title),
                    Side::Right => format!("{mark}{}", column.title),
                });
                pen.cell(placed.width, column.side, title, style);
            }
            None => {
                pen.cell(placed.width, column.side, column.title, style);
            }
        }
        pen.gap(gap);
    }
}

/// Sets the style of a row that has the cursor, from the first column to the last.
pub fn select(area: Rect, style: Style, buf: &mut Buffer) {
    buf.set_style(area, style);
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column::growing("Deal", 10, 30, 0),
        Column::fixed("Amount", Side::Right, 8, 0),
        Column::growing("Company", 10, 20, 2),
        Column::fixed("Age", Side::Right, 5, 1),
    ];

    fn widths(width: u16) -> Vec<(usize, u16)> {
        place(COLUMNS, width, 2).into_iter().map(|placed| (placed.index, placed.width)).collect()
    }

    #[test]
    fn columns_leave_by_rank_and_share_what_is_left() {
        assert_eq!(widths(39), [(0, 10), (1, 8), (2, 10), (3, 5)]);
        assert_eq!(widths(45), [(0, 13), (1, 8), (2, 13), (3, 5)]);
        assert_eq!(widths(200), [(0, 30), (1, 8), (2, 20), (3, 5)]);
        assert_eq!(widths(38), [(0, 21), (1, 8), (3, 5)]);
        assert_eq!(widths(5), [(0, 10), (1, 8)], "what must stay is cut by the pen");
    }
}
