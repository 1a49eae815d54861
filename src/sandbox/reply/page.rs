//! Pages of metadata: short lists that are held in memory.

use serde_json::{Value, json};

use crate::sandbox::{Reply, Request, reply};

/// Most rows of a page.
const MOST: usize = 200;

/// Which rows of a list are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    number: usize,
    size: usize,
}

impl Page {
    /// Reads `page` and `per_page`.
    ///
    /// # Errors
    /// `INVALID_DATA` naming the parameter that is not a number in its range.
    pub fn read(request: &Request) -> Result<Self, Reply> {
        let number = |name, most| match request.query(name) {
            None => Ok(None),
            Some(text) => match text.parse::<usize>() {
                Ok(number) if (1..=most).contains(&number) => Ok(Some(number)),
                _ => Err(reply::invalid_data(json!({ "param_name": name }))),
            },
        };
        let (page, size) = (number("page", usize::MAX / MOST)?, number("per_page", MOST)?);
        Ok(Self { number: page.unwrap_or(1), size: size.unwrap_or(MOST) })
    }

    /// The rows of the page.
    #[must_use]
    pub fn of<T>(self, rows: &[T]) -> &[T] {
        let start = ((self.number - 1) * self.size).min(rows.len());
        &rows[start..rows.len().min(start + self.size)]
    }

    /// The `info` of the page of a list with so many rows.
    #[must_use]
    pub fn info(self, rows: usize) -> Value {
        let seen = (self.number * self.size).min(rows);
        let count = seen.saturating_sub((self.number - 1) * self.size);
        json!({ "per_page": self.size, "count": count, "page": self.number, "more_records": seen < rows })
    }
}
