//! Module schemas as SQLite tables, and COQL on them.
//!
//! One table per module, named by its API name; one column per field, named by the field's API name.
//! Every table has two keys:
//!
//! - `"$row" INTEGER PRIMARY KEY`, the number that the id spells. Every index ends with it at 8 bytes
//!   an entry, so an index on any column is also a keyset on (column, id) in numeric order, full-text
//!   tables can point at it, and a scan by id is a walk along the table.
//! - `"id" TEXT UNIQUE`, the id as the service spells it, for joins from the ids in lookup columns.
//!
//! A table without rowid would repeat the 19 digits of the id in every index and order them as text.
//! Text is compared without case in the ASCII range, by `COLLATE NOCASE` on the column, so that its
//! indexes serve equality, prefixes and sorts alike.

mod answer;
mod codec;
mod error;
mod gather;
mod guard;
mod layout;
mod read;
mod search;
mod write;

pub use answer::{Answer, run};
pub use codec::same;
pub use error::Error;
pub use gather::{Gathered, Sheet, SheetRow, compute, compute_while};
pub use layout::{ensure_index, migrate, optimize};
pub use read::Reader;
pub use search::ensure_search;
pub use write::{delete, update_fields, upsert};

/// One record as the API writes it.
pub type Record = serde_json::Map<String, serde_json::Value>;

type Result<T> = std::result::Result<T, Error>;

#[cfg(test)]
mod tests;
