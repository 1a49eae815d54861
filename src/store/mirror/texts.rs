//! Text indexes that lag behind the cards.
//!
//! Lists come from the server with the highest row first, the order in which a text index grows slowest. So a
//! first fill leaves the indexes alone; they are made after it, piece by piece in the order of the rows, so that
//! screens are answered in between. Until an index is whole, words are looked for in the cards themselves. How
//! far each index is stands in the file: a kill loses nothing.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{
    Mirror, Result,
    card::{hay, indexed},
    filter::{COMPANIES, CONTACTS, Cards, DEALS, NOTES},
};

/// All text indexes.
const ALL: [Cards; 4] = [DEALS, CONTACTS, COMPANIES, NOTES];

/// The indexes that are not whole, each with the last row that it has.
#[derive(Debug, Default)]
pub(super) struct Texts {
    behind: HashMap<&'static str, i64>,
}

impl Texts {
    /// Reads how far the indexes are.
    pub(super) fn load(conn: &Connection) -> Result<Self> {
        let mut behind = HashMap::new();
        for cards in ALL {
            let mut select = conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
            let upto: Option<String> = select.query_row([key(cards)], |row| row.get(0)).optional()?;
            if let Some(upto) = upto.and_then(|upto| upto.parse().ok()) {
                behind.insert(cards.text, upto);
            }
        }
        Ok(Self { behind })
    }

    /// Whether words can be looked up in the index of these cards.
    pub(super) fn whole(&self, cards: Cards) -> bool {
        !self.behind.contains_key(cards.text)
    }

    /// Whether an index is past a row, so that a change of the row is to be brought into it.
    pub(super) fn covers(&self, text: &str, row: i64) -> bool {
        self.behind.get(text).is_none_or(|upto| row <= *upto)
    }
}

impl Mirror {
    /// Lets the text indexes lag from here on, where there are no cards yet. [`Mirror::index_texts`] makes them.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn delay_texts(&mut self) -> Result<()> {
        self.grouped(1, |mirror| {
            for cards in ALL {
                let any = format!("SELECT 1 FROM {}", cards.table);
                if !mirror.conn.prepare(&any)?.exists([])? {
                    move_on(&mirror.conn, cards, i64::MIN)?;
                    tune(&mirror.conn, cards, Tuning::FILLING)?;
                }
            }
            mirror.texts = Texts::load(&mirror.conn)?;
            Ok(())
        })
    }

    /// Brings the next `piece` cards into the text indexes. Says whether more is to do.
    ///
    /// # Errors
    /// When SQLite refuses; the indexes are then as before.
    pub fn index_texts(&mut self, piece: u32, now: Timestamp) -> Result<bool> {
        let next = ALL.iter().find_map(|cards| Some((*cards, *self.texts.behind.get(cards.text)?)));
        let Some((cards, upto)) = next else { return Ok(false) };
        let select = match cards {
            NOTES => {
                "SELECT row, title, text, (SELECT name FROM known WHERE known.row = note.parent) FROM note
                 WHERE row > ?1 ORDER BY row LIMIT ?2"
            }
            _ => &format!("SELECT row, hay FROM {} WHERE row > ?1 ORDER BY row LIMIT ?2", cards.table),
        };
        let last = self.transact(piece as usize, now, |ink| {
            let (mut count, mut last) = (0, upto);
            let mut select = ink.conn.prepare_cached(select)?;
            let mut insert = ink
                .conn
                .prepare_cached(&format!("INSERT INTO {}(rowid, hay) VALUES (?1, ?2)", cards.text))?;
            let mut rows = select.query(params![upto, piece])?;
            while let Some(row) = rows.next()? {
                last = row.get(0)?;
                count += 1;
                if cards == NOTES {
                    let parent: Option<String> = row.get(3)?;
                    let text = hay(&[
                        &row.get::<_, String>(1)?,
                        &row.get::<_, String>(2)?,
                        parent.as_deref().unwrap_or_default(),
                    ]);
                    insert.execute(params![last, indexed(&text)])?;
                } else {
                    let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
                    insert.execute(params![last, indexed(text)])?;
                }
            }
            let more = count == piece;
            if more {
                move_on(ink.conn, cards, last)?;
            } else {
                tune(ink.conn, cards, Tuning::WHOLE)?;
                ink.conn.execute("DELETE FROM meta WHERE key = ?1", [key(cards)])?;
            }
            Ok(more.then_some(last))
        })?;
        match last {
            Some(last) => self.texts.behind.insert(cards.text, last),
            None => self.texts.behind.remove(cards.text),
        };
        // A fill is over: its names have done their service.
        self.names = HashMap::new();
        Ok(!self.texts.behind.is_empty())
    }
}

/// How a text index grows.
struct Tuning {
    /// Bytes that are gathered before they are written out as a segment.
    hashsize: u32,
    /// Segments of one size from which they are merged, a little with each write; 0 for never.
    automerge: u32,
    /// Segments of one size that are merged at once, however long that takes.
    crisismerge: u32,
}

impl Tuning {
    /// Few large segments that are never merged: each is looked up in some microseconds.
    const FILLING: Self = Self { hashsize: 2 << 20, automerge: 0, crisismerge: 1_000 };
    /// Small segments, merged a little with each write. What a fill left is below what is merged at once.
    const WHOLE: Self = Self { hashsize: 1 << 20, automerge: 4, crisismerge: 200 };
}

fn tune(conn: &Connection, cards: Cards, to: Tuning) -> Result<()> {
    let mut set = conn.prepare_cached(&format!("INSERT INTO {0}({0}, rank) VALUES (?1, ?2)", cards.text))?;
    for (what, value) in
        [("hashsize", to.hashsize), ("automerge", to.automerge), ("crisismerge", to.crisismerge)]
    {
        set.execute(params![what, value])?;
    }
    Ok(())
}

fn move_on(conn: &Connection, cards: Cards, upto: i64) -> Result<()> {
    super::ingest::set_mark(conn, (&key(cards), &upto.to_string()))
}

fn key(cards: Cards) -> String {
    format!("text/{}", cards.text)
}
