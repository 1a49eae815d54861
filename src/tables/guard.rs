//! What a statement of the user's may do to a database: read what is there, and come to an end.
//!
//! COQL is lowered to one SELECT with bound parameters, so nothing else can arise from it. This holds should that
//! ever fail.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rusqlite::{
    Connection, ErrorCode,
    hooks::{AuthAction, AuthContext, Authorization},
};

use super::{Error, Result};

/// Instructions of SQLite's machine after which it is asked whether to go on.
const PIECE: i32 = 10_000;

/// Pieces that a statement may take: 300 million instructions, some seconds. What looks at each of 200,000 deals may
/// take 1,500 for each.
const MOST_PIECES: u32 = 30_000;

/// Does `work` while nothing but reading is allowed on `conn`, for as long as `go_on` says yes.
pub(super) fn reading<T>(
    conn: &Connection,
    mut go_on: impl FnMut() -> bool + Send + 'static,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let stopped = Arc::<AtomicBool>::default();
    let stops = Arc::clone(&stopped);
    let mut pieces = 0;
    conn.authorizer(Some(judge))?;
    conn.progress_handler(
        PIECE,
        Some(move || {
            pieces += 1;
            let stop = !go_on();
            stops.store(stop, Ordering::Relaxed);
            stop || pieces > MOST_PIECES
        }),
    )?;
    let done = work();
    conn.progress_handler(0, None::<fn() -> bool>)?;
    conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
    done.map_err(|error| match error {
        Error::Sqlite(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
            if stopped.load(Ordering::Relaxed) {
                Error::Stopped
            } else {
                Error::TooLong
            }
        }
        error => error,
    })
}

fn judge(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select | AuthAction::Read { .. } => Authorization::Allow,
        AuthAction::Function { function_name } if function_name != "load_extension" => Authorization::Allow,
        _ => Authorization::Deny,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        coql::Local,
        tables::{compute, compute_while},
    };

    /// What a statement would have to become to do harm.
    const ATTACKS: [&str; 30] = [
        "ATTACH DATABASE '/tmp/bigin-attack.db' AS other",
        "ATTACH DATABASE ':memory:' AS other",
        "DETACH DATABASE main",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA synchronous = OFF",
        "PRAGMA query_only = OFF",
        "PRAGMA table_info(Deals)",
        "PRAGMA database_list",
        "SELECT * FROM pragma_database_list",
        "SELECT load_extension('/tmp/attack.so')",
        "SELECT name, load_extension('/tmp/attack.so', 'go') FROM Deals",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i * 2 FROM n) SELECT max(i) FROM n",
        "DELETE FROM Deals",
        "DELETE FROM Deals WHERE name = 'Quayside' RETURNING name",
        "INSERT INTO Deals VALUES ('mine')",
        "INSERT INTO Deals SELECT name FROM Deals",
        "REPLACE INTO Deals VALUES ('mine')",
        "UPDATE Deals SET name = 'mine'",
        "UPDATE sqlite_master SET sql = ''",
        "DROP TABLE Deals",
        "ALTER TABLE Deals RENAME TO Gone",
        "ALTER TABLE Deals ADD COLUMN mine",
        "CREATE TABLE mine(x)",
        "CREATE TEMP TABLE mine AS SELECT * FROM Deals",
        "CREATE VIEW mine AS SELECT * FROM Deals",
        "CREATE TRIGGER mine AFTER INSERT ON Deals BEGIN DELETE FROM Deals; END",
        "VACUUM INTO '/tmp/bigin-attack.db'",
        "BEGIN EXCLUSIVE",
    ];

    fn local(sql: &str) -> Local {
        Local { sql: sql.to_owned(), params: Vec::new(), columns: Vec::new(), id: None }
    }

    fn open() -> Connection {
        let conn = Connection::open_in_memory().expect("memory");
        conn.execute_batch("CREATE TABLE Deals(name); INSERT INTO Deals VALUES ('Quayside'), ('Sidecar')")
            .expect("deals");
        conn
    }

    fn run(conn: &Connection, sql: &str) -> Result<usize> {
        compute(conn, &local(sql), &jiff::tz::TimeZone::UTC).map(|sheet| sheet.rows.len())
    }

    #[test]
    fn nothing_but_reading_is_possible() {
        let conn = open();
        for attack in ATTACKS {
            let refused = run(&conn, attack).expect_err(attack);
            assert!(!matches!(refused, Error::TooLong), "{attack}: {refused}");
        }
        assert_eq!(run(&conn, "SELECT upper(name) FROM Deals").expect("reading"), 2);
        assert!(!std::path::Path::new("/tmp/bigin-attack.db").exists());
        assert!(conn.is_autocommit());
        conn.execute("INSERT INTO Deals VALUES ('the program itself')", []).expect("free again");
    }

    #[test]
    fn a_second_statement_is_refused() {
        let conn = open();
        assert!(run(&conn, "SELECT name FROM Deals; DELETE FROM Deals").is_err());
        assert_eq!(run(&conn, "SELECT name FROM Deals").expect("all there"), 2);
    }

    #[test]
    fn a_statement_without_an_end_is_stopped() {
        let conn = open();
        let mut forever = String::from("SELECT count(*) FROM Deals a");
        (0..40).for_each(|at| forever.push_str(&format!(", Deals b{at}")));
        assert!(matches!(run(&conn, &forever).expect_err("too long"), Error::TooLong));
        assert_eq!(run(&conn, "SELECT name FROM Deals").expect("usable"), 2);
    }

    #[test]
    fn a_statement_stops_when_it_is_asked_to() {
        let conn = open();
        let mut long = String::from("SELECT count(*) FROM Deals a");
        (0..40).for_each(|at| long.push_str(&format!(", Deals b{at}")));
        let mut pieces = 3;
        let go_on = move || {
            pieces -= 1;
            pieces > 0
        };
        let stopped = compute_while(&conn, &local(&long), &jiff::tz::TimeZone::UTC, go_on);
        assert!(matches!(stopped.expect_err("stopped"), Error::Stopped));
        assert_eq!(run(&conn, "SELECT name FROM Deals").expect("usable"), 2);
    }
}
