//! Frames to bytes: the cells that changed, and nothing else.
//!
//! A list that scrolled is moved by the terminal itself (a scroll region), so that only the new rows and
//! the moved cursor are sent: some hundred bytes where a plain difference sends thousands.

mod ascii;
mod clusters;
mod pen;

use std::ops::Range;

use crossterm::{
    cursor::{Hide, MoveTo, Show},
    queue,
    terminal::{Clear, ClearType},
};
use ratatui::{
    buffer::{Buffer, Cell},
    layout::{Position, Rect},
};

use pen::Pen;

use crate::{
    app::{Model, Place},
    protocol::{AnswerView, ListSpec},
    ui,
};

/// Begin and end of a synchronized update: the terminal shows the frame at once.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// The screen as the terminal has it, and the way to the next one.
#[derive(Debug)]
pub struct Painter {
    shown: Buffer,
    next: Buffer,
    cursor: Option<Position>,
    scroll: Option<Scroll>,
    clear: bool,
    ascii: bool,
}

/// What the rows on the screen are of.
#[derive(Debug, PartialEq)]
enum Rows {
    List(ListSpec),
    Answer(AnswerView),
}

/// A list on the screen, as far as the terminal can move it.
#[derive(Debug, PartialEq)]
struct Scroll {
    list: Rows,
    rows: Range<u16>,
    top: u64,
}

impl Scroll {
    fn of(model: &Model) -> Option<Self> {
        let region = ui::scroll_region(model)?;
        let panes = &model.panes;
        let of = |spec: &Option<ListSpec>, top| Some((Rows::List(spec.clone()?), top));
        let (list, top) = match model.trail.here {
            Place::Deals => of(&panes.deals.spec, panes.deals.top),
            Place::Contacts => of(&panes.contacts.spec, panes.contacts.top),
            Place::Companies => of(&panes.companies.spec, panes.companies.top),
            Place::Notes => of(&panes.notes.spec, panes.notes.top),
            Place::Coql => {
                let results = &panes.coql.results;
                Some((Rows::Answer(results.view()?), results.rows.top))
            }
            _ => None,
        }?;
        Some(Self { list, rows: region.y..region.bottom(), top })
    }
}

impl Painter {
    /// A painter for a terminal of this size whose content is not known; with `ascii` no other character
    /// reaches it.
    pub fn new(cols: u16, rows: u16, ascii: bool) -> Self {
        let area = Rect::new(0, 0, cols, rows);
        Self {
            shown: Buffer::empty(area),
            next: Buffer::empty(area),
            cursor: None,
            scroll: None,
            clear: true,
            ascii,
        }
    }

    /// Forgets what the terminal shows: the next frame paints every cell.
    pub const fn forget(&mut self) {
        self.clear = true;
    }

    /// The bytes that bring the terminal to what `model` shows; none if it shows that already.
    pub fn paint(&mut self, model: &Model, theme: &ui::Theme) -> Option<Vec<u8>> {
        let area = Rect::new(0, 0, model.size.cols, model.size.rows);
        if self.next.area != area {
            self.next.resize(area);
            self.shown.resize(area);
            self.clear = true;
        }
        self.next.reset();
        let cursor = ui::draw(area, &mut self.next, model, theme);
        if self.ascii {
            ascii::spell(&mut self.next);
        }
        let scroll = Scroll::of(model);
        let mut bytes = BEGIN.to_vec();
        if self.encode(cursor, scroll.as_ref(), &mut bytes).is_err() {
            self.clear = true;
            return None;
        }
        self.scroll = scroll;
        std::mem::swap(&mut self.shown, &mut self.next);
        if bytes.len() == BEGIN.len() {
            return None;
        }
        bytes.extend_from_slice(END);
        Some(bytes)
    }

    fn encode(
        &mut self,
        cursor: Option<Position>,
        scroll: Option<&Scroll>,
        bytes: &mut Vec<u8>,
    ) -> std::io::Result<()> {
        if self.clear {
            queue!(bytes, Hide, Clear(ClearType::All))?;
            self.shown.content.fill(Cell::default());
            self.cursor = None;
            self.clear = false;
        } else if let Some((rows, up)) = shift(self.scroll.as_ref(), scroll) {
            self.shift(rows, up, bytes);
        }
        let before = bytes.len();
        let changes = self.shown.diff(&self.next);
        if !changes.is_empty() {
            if self.cursor.take().is_some() {
                queue!(bytes, Hide)?;
            }
            clusters::draw(&changes, &self.shown, &self.next, &mut Pen::new(bytes));
        }
        if cursor != self.cursor {
            match cursor {
                Some(at) => queue!(bytes, MoveTo(at.x, at.y), Show)?,
                None if bytes.len() == before => queue!(bytes, Hide)?,
                None => {}
            }
            self.cursor = cursor;
        }
        Ok(())
    }

    /// Moves `rows` of the terminal, and of our copy of it, by `by` lines; positive is up.
    fn shift(&mut self, rows: Range<u16>, by: i32, bytes: &mut Vec<u8>) {
        let width = usize::from(self.shown.area.width);
        let lines = by.unsigned_abs() as usize;
        // Deleting and inserting lines is older than scrolling by a count, which some terminals lack.
        let (top, way) = (rows.start + 1, if by > 0 { 'M' } else { 'L' });
        bytes.extend_from_slice(
            format!("\x1b[{top};{}r\x1b[{top}H\x1b[{lines}{way}\x1b[r", rows.end).as_bytes(),
        );
        let body = &mut self.shown.content[usize::from(rows.start) * width..usize::from(rows.end) * width];
        let cells = lines * width;
        if by > 0 {
            body.rotate_left(cells);
            let kept = body.len() - cells;
            body[kept..].fill(Cell::default());
        } else {
            body.rotate_right(cells);
            body[..cells].fill(Cell::default());
        }
    }
}

/// By how many lines the same list moved between two frames, if a part of it stays on the screen.
fn shift(from: Option<&Scroll>, to: Option<&Scroll>) -> Option<(Range<u16>, i32)> {
    let (from, to) = (from?, to?);
    if from.list != to.list || from.rows != to.rows {
        return None;
    }
    let by = i64::try_from(to.top).ok()? - i64::try_from(from.top).ok()?;
    let height = i64::from(to.rows.end - to.rows.start);
    let useful = by != 0 && by.abs() < height;
    useful.then_some((to.rows.clone(), i32::try_from(by).ok()?))
}
