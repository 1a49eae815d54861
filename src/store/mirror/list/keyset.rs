//! Runs of rows by keyset: an index is entered at a row in hand and walked as far as the window reaches.

use rusqlite::{Connection, OptionalExtension as _, params_from_iter, types::Value};

use super::{super::Result, Order, Run};
use crate::{domain::RecordId, protocol::Slice};

/// A list on its connection.
pub(super) struct Keyset<'a> {
    pub conn: &'a Connection,
    pub order: &'a Order,
}

/// Where a row stands: the values that the list is sorted by, and the row.
type Key = Vec<Value>;

impl Keyset<'_> {
    /// Rows in the list.
    pub(super) fn total(&self) -> Result<u64> {
        self.count(None)
    }

    /// Every row, in order.
    pub(super) fn all(&self) -> Result<Vec<i64>> {
        self.read(self.order.through(), None, false, i64::MAX, 0)
    }

    /// The rows of a slice of a list that has `total` rows.
    pub(super) fn run(&self, slice: &Slice, len: u32, total: u64) -> Result<Run> {
        let count = i64::from(len);
        let (first, rows) = match slice {
            Slice::Start => (0, self.walk(None, false, count, 0)?),
            Slice::End => self.ending_at(None, count, total)?,
            Slice::After { id, ordinal } => match self.key(id)? {
                Some(key) => (ordinal + 1, self.walk(Some(&key), false, count, 0)?),
                None => (0, self.walk(None, false, count, 0)?),
            },
            Slice::Before { id, ordinal } => match self.key(id)? {
                Some(key) => self.ending_at(Some(&key), count, *ordinal)?,
                None => (0, self.walk(None, false, count, 0)?),
            },
            Slice::Around { id } => match self.key(id)? {
                Some(key) => {
                    let rank = self.count(Some(&key))?;
                    self.around(&key, rank, count, total)?
                }
                None => (0, self.walk(None, false, count, 0)?),
            },
            Slice::At(ordinal) => {
                let first = ordinal
                    .saturating_sub(u64::from(len / 2))
                    .min(total.saturating_sub(count.unsigned_abs()));
                (first, self.jump(first, count, total)?)
            }
        };
        Ok(Run { first, total, rows })
    }

    /// Rows around a key that stands at `rank`, as many as there are on both sides up to `count`.
    fn around(&self, key: &Key, rank: u64, count: i64, total: u64) -> Result<(u64, Vec<i64>)> {
        let size = count.unsigned_abs();
        let first = rank.saturating_sub(size / 2).min(total.saturating_sub(size));
        let before = i64::try_from(rank - first.min(rank)).unwrap_or(count);
        let (first, mut rows) = self.ending_at(Some(key), before, rank)?;
        let left = count - i64::try_from(rows.len()).unwrap_or(count);
        if left > 0 {
            rows.extend(self.from(key, left)?);
        }
        Ok((first, rows))
    }

    /// Rows from a key on, itself included if it is in the list.
    fn from(&self, key: &Key, count: i64) -> Result<Vec<i64>> {
        let mut before = key.clone();
        if let Some(Value::Integer(row)) = before.last_mut() {
            *row += if self.order.down { 1 } else { -1 };
        }
        self.walk(Some(&before), false, count, 0)
    }

    /// The `count` rows before `key`, or the last ones; the ordinal after the last of them is `end`.
    fn ending_at(&self, key: Option<&Key>, count: i64, end: u64) -> Result<(u64, Vec<i64>)> {
        let mut rows = self.walk(key, true, count, 0)?;
        rows.reverse();
        Ok((end.saturating_sub(rows.len() as u64), rows))
    }

    /// Rows from an ordinal on, from the nearer end.
    fn jump(&self, first: u64, count: i64, total: u64) -> Result<Vec<i64>> {
        let last = total.saturating_sub(first).saturating_sub(count.unsigned_abs());
        if first <= last {
            return self.walk(None, false, count, i64::try_from(first).unwrap_or(i64::MAX));
        }
        let count = count.min(i64::try_from(total.saturating_sub(first)).unwrap_or(count));
        let mut rows = self.walk(None, true, count, i64::try_from(last).unwrap_or(i64::MAX))?;
        rows.reverse();
        Ok(rows)
    }

    /// Rows beyond `from`, or from an end, against the order if `back`.
    fn walk(&self, from: Option<&Key>, back: bool, limit: i64, offset: i64) -> Result<Vec<i64>> {
        self.read(&indexed_by(self.order.by), from, back, limit, offset)
    }

    /// The same through the index that the SQL `by` names.
    fn read(&self, by: &str, from: Option<&Key>, back: bool, limit: i64, offset: i64) -> Result<Vec<i64>> {
        let down = self.order.down != back;
        let (mut sql, mut params) = self.select("row", by, from, if down { "<" } else { ">" });
        let way = if down { " DESC" } else { "" };
        let keys: Vec<String> = self.columns().map(|column| format!("{column}{way}")).collect();
        sql.push_str(&format!(" ORDER BY {} LIMIT ? OFFSET ?", keys.join(", ")));
        params.extend([Value::Integer(limit), Value::Integer(offset)]);
        let mut select = self.conn.prepare_cached(&sql)?;
        let rows = select.query_map(params_from_iter(params), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Rows before `to`, or all.
    fn count(&self, to: Option<&Key>) -> Result<u64> {
        let by = indexed_by(to.and(self.order.by));
        let (sql, params) = self.select("count(*)", &by, to, if self.order.down { ">" } else { "<" });
        let mut select = self.conn.prepare_cached(&sql)?;
        Ok(select.query_row(params_from_iter(params), |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    fn select(&self, what: &str, by: &str, key: Option<&Key>, beyond: &str) -> (String, Vec<Value>) {
        let (table, conditions) = (self.order.cards.table, self.order.conditions.sql());
        let mut sql = format!("SELECT {what} FROM {table}{by} WHERE {conditions}");
        let mut params = self.order.conditions.params.clone();
        if let Some(key) = key {
            let columns: Vec<&str> = self.columns().collect();
            let marks = vec!["?"; columns.len()].join(", ");
            sql.push_str(&format!(" AND ({}) {beyond} ({marks})", columns.join(", ")));
            params.extend(key.iter().cloned());
        }
        (sql, params)
    }

    /// The key of a row, whether or not the list has it; none where the record is gone.
    fn key(&self, id: &RecordId) -> Result<Option<Key>> {
        let Ok(row) = id.as_str().parse::<i64>() else { return Ok(None) };
        let columns: Vec<&str> = self.columns().collect();
        let sql = format!("SELECT {} FROM {} WHERE row = ?1", columns.join(", "), self.order.cards.table);
        let mut select = self.conn.prepare_cached(&sql)?;
        let key = select.query_row([row], |found| (0..columns.len()).map(|at| found.get(at)).collect());
        Ok(key.optional()?)
    }

    fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.order.keys.iter().copied().chain(["row"])
    }
}

fn indexed_by(index: Option<&str>) -> String {
    index.map_or(String::new(), |index| format!(" INDEXED BY {index}"))
}
