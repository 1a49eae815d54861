//! The tables of the mirror that are its own.

use rusqlite::{Connection, OpenFlags, TransactionBehavior, backup::Backup};

use crate::store::{Place, StoreError};

/// Rises with every change of [`SCHEMA`], of what its columns mean, or of the tables that a catalog asks for.
const FORMAT: i64 = 4;

/// Statements that stay prepared.
pub(super) const STATEMENTS: usize = 256;

/// Every table is keyed by the number that a record's id spells. Sort columns are never null: what is
/// missing has the value that stands last in the order people look at first. Times are Unix milliseconds,
/// days are days since 1970.
const SCHEMA: &str = "
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE word(no INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

-- Every record and user ever named, by its own record or by one that points to it.
CREATE TABLE known(row INTEGER PRIMARY KEY, name TEXT NOT NULL, pulled INTEGER);

-- What is shown: what the server told, under what the user changed and the server has not confirmed.
CREATE TABLE deal(
    row INTEGER PRIMARY KEY,
    pipe INTEGER NOT NULL, sub INTEGER NOT NULL, stage INTEGER NOT NULL,
    ord INTEGER NOT NULL, outcome INTEGER NOT NULL, probability INTEGER NOT NULL,
    closing INTEGER NOT NULL, less REAL NOT NULL, exact,
    since INTEGER NOT NULL, observed INTEGER NOT NULL,
    next INTEGER, lapses INTEGER,
    modified INTEGER NOT NULL,
    owner INTEGER, contact INTEGER, company INTEGER,
    pending INTEGER NOT NULL DEFAULT 0,
    told_stage INTEGER NOT NULL, told_since INTEGER NOT NULL, told_seen INTEGER NOT NULL,
    name TEXT NOT NULL, sort_name TEXT NOT NULL, hay TEXT NOT NULL);
CREATE INDEX deal_pending ON deal(row) WHERE pending;
CREATE INDEX deal_contact ON deal(contact) WHERE contact IS NOT NULL;
CREATE INDEX deal_company ON deal(company) WHERE company IS NOT NULL;
CREATE INDEX deal_lapses ON deal(lapses) WHERE lapses IS NOT NULL;
-- All that figures, conditions and orders are made of, the name aside: what has no index of its own is read off here.
CREATE INDEX deal_figures ON deal(
    pipe, outcome, sub, stage, probability, exact, since, closing, next, owner, less, modified, ord);
CREATE INDEX deal_name ON deal(sort_name, pipe, sub, outcome);

CREATE TABLE contact(
    row INTEGER PRIMARY KEY, company INTEGER, touched INTEGER NOT NULL,
    title TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL,
    name TEXT NOT NULL, sort_name TEXT NOT NULL, hay TEXT NOT NULL);
CREATE INDEX by_contact_sort_name ON contact(sort_name);
CREATE INDEX contact_company ON contact(company) WHERE company IS NOT NULL;

CREATE TABLE company(
    row INTEGER PRIMARY KEY, touched INTEGER NOT NULL,
    phone TEXT NOT NULL, website TEXT NOT NULL, city TEXT NOT NULL,
    name TEXT NOT NULL, sort_name TEXT NOT NULL, hay TEXT NOT NULL);

CREATE INDEX by_company_sort_name ON company(sort_name);

-- Tasks, events and calls. `lapses` is when one is over by itself; none for tasks.
CREATE TABLE activity(
    row INTEGER PRIMARY KEY, kind INTEGER NOT NULL,
    about INTEGER, about_module INTEGER, contact INTEGER, owner INTEGER,
    done INTEGER NOT NULL, due INTEGER, lapses INTEGER, at INTEGER NOT NULL,
    subject TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX activity_about ON activity(about, done, due, at) WHERE about IS NOT NULL;
CREATE INDEX activity_contact ON activity(contact) WHERE contact IS NOT NULL;

CREATE TABLE note(
    row INTEGER PRIMARY KEY, parent INTEGER, parent_module INTEGER, author INTEGER,
    at INTEGER NOT NULL, pending INTEGER NOT NULL DEFAULT 0,
    title TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX note_parent ON note(parent, at);
CREATE INDEX note_pending ON note(row) WHERE pending;

CREATE VIRTUAL TABLE deal_text USING fts5(hay, content = '', contentless_delete = 1, tokenize = 'trigram');
CREATE VIRTUAL TABLE contact_text USING fts5(hay, content = '', contentless_delete = 1, tokenize = 'trigram');
CREATE VIRTUAL TABLE company_text USING fts5(hay, content = '', contentless_delete = 1, tokenize = 'trigram');
CREATE VIRTUAL TABLE note_text USING fts5(hay, content = '', contentless_delete = 1, tokenize = 'trigram');
";

/// Opens a connection whose file has the tables of this format.
pub(super) fn connect(place: &Place) -> Result<Connection, StoreError> {
    let mut conn = place.connect()?;
    set_up(&mut conn, place)?;
    let format = format(&conn)?;
    if format > FORMAT {
        return Err(StoreError::Newer { found: format, known: FORMAT });
    }
    if format != FORMAT {
        if format != 0 {
            empty(&conn)?;
        }
        let transaction = conn.unchecked_transaction()?;
        create(&conn)?;
        transaction.commit()?;
    }
    Ok(conn)
}

/// What is in a file that can be read and not written, in a nameless one; none where it is of another format, or
/// cannot be read either.
pub(super) fn copy(place: &Place) -> Option<Connection> {
    let Place::File(path) = place else { return None };
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let url = format!(
        "file:{}",
        percent_encoding::percent_encode(
            path.as_os_str().as_encoded_bytes(),
            percent_encoding::NON_ALPHANUMERIC
        )
    );
    // A log that was left beside the file is read with it, where its index is there too.
    let from = ["", "?immutable=1"].into_iter().find_map(|how| {
        let conn = Connection::open_with_flags(format!("{url}{how}"), flags).ok()?;
        format(&conn).is_ok_and(|format| format == FORMAT).then_some(conn)
    })?;
    let mut into = Place::Temporary.connect().ok()?;
    Backup::new(&from, &mut into).ok()?.step(-1).ok()?;
    set_up(&mut into, &Place::Temporary).ok()?;
    Some(into)
}

fn format(conn: &Connection) -> rusqlite::Result<i64> {
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn set_up(conn: &mut Connection, place: &Place) -> Result<(), StoreError> {
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    conn.set_transaction_behavior(TransactionBehavior::Immediate);
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    match place {
        Place::Memory => {}
        Place::Temporary => conn.execute_batch(
            "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
             PRAGMA cache_size = -14000;",
        )?,
        Place::File(_) => conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -14000;
             PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 8000000;",
        )?,
    }
    Ok(())
}

/// Makes the tables.
fn create(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(SCHEMA)?;
    conn.pragma_update(None, "user_version", FORMAT)?;
    Ok(())
}

/// Drops every table, so that the file starts anew.
fn empty(conn: &Connection) -> Result<(), StoreError> {
    // Virtual tables first: dropping one drops its shadow tables, which cannot be dropped by themselves.
    for which in ["sql LIKE 'CREATE VIRTUAL%'", "name NOT LIKE 'sqlite_%'"] {
        let sql = format!("SELECT name FROM sqlite_schema WHERE type = 'table' AND {which}");
        let names: Vec<String> =
            conn.prepare(&sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for name in names {
            conn.execute_batch(&format!("DROP TABLE IF EXISTS \"{}\"", name.replace('"', "\"\"")))?;
        }
    }
    conn.pragma_update(None, "user_version", 0)?;
    Ok(())
}
