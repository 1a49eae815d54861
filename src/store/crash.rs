//! A crash at a chosen moment, for the test that tries every one of them.
//!
//! What is on disk changes with commits only. A program that ends just before its n-th one, for n = 1, 2, 3 … until a
//! run comes to its end, has been in every state that a crash can leave.

use std::{
    process,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use rusqlite::Connection;

use super::StoreError;

/// The commit that is not reached; none in ordinary life.
static AT: LazyLock<Option<u32>> = LazyLock::new(|| std::env::var("BIGIN_CRASH_AT").ok()?.parse().ok());

/// Commits of this process so far, of all its files.
static COMMITS: AtomicU32 = AtomicU32::new(0);

/// Counts the commits of a connection, where a crash is wanted.
pub(super) fn watch(conn: &Connection) -> Result<(), StoreError> {
    let Some(at) = *AT else { return Ok(()) };
    conn.commit_hook(Some(move || {
        if COMMITS.fetch_add(1, Ordering::Relaxed) + 1 == at {
            process::abort();
        }
        false
    }))?;
    Ok(())
}
