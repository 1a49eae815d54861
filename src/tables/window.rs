//! A few screens of rows out of any number, by keyset.

use rusqlite::{OptionalExtension, params_from_iter, types::Value};

use super::{
    Record, Result,
    filter::{Clause, Filter},
    layout::{ROW, column, quoted},
    read::{Reader, count},
    write::row_of,
};
use crate::{coql::Direction, domain::Schema};

/// Where an entry stands in its order. Valid for the window's module, sort and
/// filter; the place is still right after other records changed, the ordinal may be off by as many.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    value: Value,
    row: i64,
    /// How many entries stand before this one.
    pub ordinal: u64,
}

/// Which part of the order is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place<'a> {
    /// The first rows.
    Start,
    /// The last rows.
    End,
    /// The rows after this one.
    After(&'a Key),
    /// The rows before this one.
    Before(&'a Key),
    /// The record with this id in the middle, as far as there are rows on both sides. When it is not in
    /// the table, the first rows; when the filter leaves it out, the rows around where it would stand.
    Around(&'a str),
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    /// API name of the module.
    pub module: &'a str,
    /// The fields to read, by API name; `id` always comes.
    pub columns: &'a [&'a str],
    /// The field to sort by; `id` for none.
    pub sort: &'a str,
    /// Which way. Ascending: records without a value first, then smallest to largest, equal ones by
    /// ascending id. Descending is the exact reverse.
    pub direction: Direction,
    /// What is left out.
    pub filter: &'a Filter,
    /// Which part.
    pub place: Place<'a>,
    /// How many rows at most.
    pub rows: usize,
}

/// A record in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it stands.
    pub key: Key,
    /// The fields that were asked for, and `id`.
    pub record: Record,
}

impl Reader<'_> {
    /// Reads a part of a module in order, without passing over the rows before it. Counting where it begins
    /// walks an index once, and only for [`Place::End`] and [`Place::Around`].
    ///
    /// # Errors
    /// [`Error::NoModule`](super::Error::NoModule), [`Error::NoField`](super::Error::NoField), or whatever
    /// SQLite refuses.
    pub fn window(&self, window: &Window<'_>) -> Result<Vec<Entry>> {
        let schema = self.schema(window.module)?;
        let walk = Walk::new(self, schema, window)?;
        match window.place {
            Place::Start => walk.forward(None, window.rows, 0),
            Place::After(key) => walk.forward(Some(key), window.rows, key.ordinal + 1),
            Place::Before(key) => walk.backward(Some(key), window.rows, key.ordinal),
            Place::End => walk.backward(None, window.rows, self.count(window.module, window.filter)?),
            Place::Around(id) => match walk.key(id)? {
                None => walk.forward(None, window.rows, 0),
                Some(mut key) => {
                    key.ordinal = walk.rank(&key)?;
                    walk.around(&key, window.rows)
                }
            },
        }
    }
}

/// One order over one module. It has two segments: records with a value to sort by and those without,
/// each of which an index serves by itself.
struct Walk<'a> {
    reader: &'a Reader<'a>,
    schema: &'a Schema,
    window: &'a Window<'a>,
    shown: super::read::Shown,
    /// The sort column in SQL; none when the row alone is the key.
    column: Option<String>,
    filter: Clause,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Segment {
    Empty,
    Valued,
}

impl<'a> Walk<'a> {
    fn new(reader: &'a Reader<'a>, schema: &'a Schema, window: &'a Window<'a>) -> Result<Self> {
        let column = match window.sort {
            "id" => None,
            name => Some(format!("t.{}", quoted(&column(schema, name)?.api_name))),
        };
        let mut filter = Clause::default();
        window.filter.write(schema, &mut filter)?;
        let shown = reader.shown_by_name(schema, window.columns)?;
        Ok(Self { reader, schema, window, shown, column, filter })
    }

    /// Rows after `from`, of which the first has the ordinal `first`.
    fn forward(&self, from: Option<&Key>, rows: usize, first: u64) -> Result<Vec<Entry>> {
        let mut entries = self.travel(from, rows, self.window.direction == Direction::Ascending)?;
        (first..).zip(&mut entries).for_each(|(ordinal, entry)| entry.key.ordinal = ordinal);
        Ok(entries)
    }

    /// Rows before `from`, in order, of which the last has the ordinal `end - 1`.
    fn backward(&self, from: Option<&Key>, rows: usize, end: u64) -> Result<Vec<Entry>> {
        let mut entries = self.travel(from, rows, self.window.direction == Direction::Descending)?;
        entries.reverse();
        let first = end.saturating_sub(entries.len() as u64);
        (first..).zip(&mut entries).for_each(|(ordinal, entry)| entry.key.ordinal = ordinal);
        Ok(entries)
    }

    /// `key` in the middle, or nearer to an end that is nearer than half of `rows`.
    fn around(&self, key: &Key, rows: usize) -> Result<Vec<Entry>> {
        let mut before = self.backward(Some(key), rows, key.ordinal)?;
        let mut after = self.travel_from(key, rows)?;
        let wanted = (rows / 2).max(rows.saturating_sub(after.len()));
        before.drain(..before.len().saturating_sub(wanted));
        after.truncate(rows - before.len());
        before.append(&mut after);
        Ok(before)
    }

    /// `key` itself, if the filter lets it through, and the rows after it.
    fn travel_from(&self, key: &Key, rows: usize) -> Result<Vec<Entry>> {
        let before = match self.window.direction {
            Direction::Ascending => Key { row: key.row - 1, ..key.clone() },
            Direction::Descending => Key { row: key.row + 1, ..key.clone() },
        };
        self.forward(Some(&before), rows, key.ordinal)
    }

    /// Up to `rows` rows beyond `from`, towards larger values or towards smaller ones.
    fn travel(&self, from: Option<&Key>, rows: usize, upwards: bool) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for segment in self.segments(from, upwards) {
            let from = from.filter(|key| self.segment_of(key) == segment);
            let left = rows - entries.len();
            if left > 0 {
                self.read(segment, from, left, upwards, &mut entries)?;
            }
        }
        Ok(entries)
    }

    /// The segments from that of `from` on, in the direction of travel.
    fn segments(&self, from: Option<&Key>, upwards: bool) -> impl Iterator<Item = Segment> {
        let all = match (self.column.is_some(), upwards) {
            (false, _) => &[Segment::Valued][..],
            (true, true) => &[Segment::Empty, Segment::Valued],
            (true, false) => &[Segment::Valued, Segment::Empty],
        };
        let start = from.map(|key| self.segment_of(key));
        all.iter().copied().skip_while(move |segment| start.is_some_and(|start| start != *segment))
    }

    fn segment_of(&self, key: &Key) -> Segment {
        if self.column.is_some() && key.value == Value::Null { Segment::Empty } else { Segment::Valued }
    }

    fn read(
        &self,
        segment: Segment,
        from: Option<&Key>,
        rows: usize,
        upwards: bool,
        entries: &mut Vec<Entry>,
    ) -> Result<()> {
        let row = format!("t.{}", quoted(ROW));
        let sort = self.column.as_deref().unwrap_or("NULL");
        let mut clause = Clause {
            sql: format!(
                "SELECT {row}, {sort}, {} FROM {} AS t WHERE ",
                self.shown.sql,
                quoted(&self.schema.module)
            ),
            params: Vec::new(),
        };
        self.condition(segment, from, if upwards { ">" } else { "<" }, &mut clause);
        let way = if upwards { "ASC" } else { "DESC" };
        let order = match (&self.column, segment) {
            (Some(column), Segment::Valued) => format!("{column} {way}, {row} {way}"),
            _ => format!("{row} {way}"),
        };
        let limit = i64::try_from(rows).unwrap_or(i64::MAX);
        clause.bind(&format!(" ORDER BY {order} LIMIT ?"), Value::Integer(limit));
        let mut statement = self.reader.conn.prepare_cached(&clause.sql)?;
        let mut found = statement.query(params_from_iter(clause.params))?;
        while let Some(row) = found.next()? {
            let key = Key { row: row.get(0)?, value: row.get(1)?, ordinal: 0 };
            entries.push(Entry { key, record: self.shown.record(row, 2, self.reader.zone)? });
        }
        Ok(())
    }

    /// The filter, the segment, and beyond `from`.
    fn condition(&self, segment: Segment, from: Option<&Key>, beyond: &str, clause: &mut Clause) {
        clause.sql.push_str(&self.filter.sql);
        clause.params.extend_from_slice(&self.filter.params);
        let row = format!("t.{}", quoted(ROW));
        match (&self.column, segment, from) {
            (Some(column), Segment::Valued, Some(key)) => {
                clause.bind(&format!(" AND ({column}, {row}) {beyond} (?"), key.value.clone());
                clause.bind(", ?)", Value::Integer(key.row));
                return;
            }
            (Some(column), Segment::Valued, None) => {
                clause.sql.push_str(&format!(" AND {column} IS NOT NULL"))
            }
            (Some(column), Segment::Empty, _) => clause.sql.push_str(&format!(" AND {column} IS NULL")),
            (None, ..) => {}
        }
        if let Some(key) = from {
            clause.bind(&format!(" AND {row} {beyond} ?"), Value::Integer(key.row));
        }
    }

    /// The key of a record, whether or not the filter lets it through.
    fn key(&self, id: &str) -> Result<Option<Key>> {
        let sort = self.column.as_deref().unwrap_or("NULL");
        let sql =
            format!("SELECT {sort} FROM {} AS t WHERE t.{} = ?1", quoted(&self.schema.module), quoted(ROW));
        let row = row_of(self.schema, id)?;
        let value =
            self.reader.conn.prepare_cached(&sql)?.query_row([row], |found| found.get(0)).optional()?;
        Ok(value.map(|value| Key { value, row, ordinal: 0 }))
    }

    /// How many rows stand before `key`.
    fn rank(&self, key: &Key) -> Result<u64> {
        let upwards = self.window.direction == Direction::Descending;
        let mut rank = 0;
        for segment in self.segments(Some(key), upwards) {
            let from = Some(key).filter(|key| self.segment_of(key) == segment);
            let mut clause = Clause {
                sql: format!("SELECT count(*) FROM {} AS t WHERE ", quoted(&self.schema.module)),
                params: Vec::new(),
            };
            self.condition(segment, from, if upwards { ">" } else { "<" }, &mut clause);
            rank += self
                .reader
                .conn
                .prepare_cached(&clause.sql)?
                .query_row(params_from_iter(clause.params), count)?;
        }
        Ok(rank)
    }
}
