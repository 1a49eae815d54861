//! Many writes in one commit.
//!
//! A page of records changes a page of every index here and there. While pages follow each other closely, such a
//! change is written out once for all of them. Readers of this connection see every write at once; other programs
//! see it with the commit, which comes when enough has gathered or nothing more is to do. What a process that is
//! killed had not committed is fetched again: how far a walk has come is part of the same commit.

use super::{Mirror, Result, texts::Texts, words::Words};
use crate::store::{Place, StoreError};

/// Records after which a file is committed.
const MOST: usize = 8_000;

/// Writes since the last commit.
#[derive(Debug, Default)]
pub(super) struct Group {
    records: usize,
    /// Why the last commit failed that nobody waited for. Told to the next write, which thereby learns that what it
    /// builds on is gone.
    failure: Option<StoreError>,
}

impl Mirror {
    /// Does `work`, which writes about so many records, as a part of the group. When it fails the whole group is
    /// undone.
    pub(super) fn grouped<T>(
        &mut self,
        records: usize,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        if let Some(failure) = self.group.failure.take() {
            return Err(failure);
        }
        if self.conn.is_autocommit() {
            // The file is this program's from here on, so that no other one gives a new word the same number.
            self.conn.execute_batch("BEGIN IMMEDIATE")?;
            self.learn()?;
        }
        let done = work(self).and_then(|done| {
            self.group.records += records;
            // In memory and in a nameless file a commit costs nothing, and a large group takes memory.
            if self.group.records >= MOST || !matches!(self.place, Place::File(_)) {
                self.write_out()?;
            }
            Ok(done)
        });
        if done.is_err() {
            self.undo()?;
        }
        self.revision += 1;
        done
    }

    /// Whether something is written that is not committed yet.
    #[must_use]
    pub fn is_uncommitted(&self) -> bool {
        !self.conn.is_autocommit()
    }

    /// Commits what is written. When that fails, the next write says so.
    pub fn commit(&mut self) {
        if !self.is_uncommitted() {
            return;
        }
        if let Err(error) = self.write_out() {
            // What the undoing fails of is read again by the next write as well.
            drop(self.undo());
            self.group.failure = Some(error);
        }
    }

    fn write_out(&mut self) -> Result<()> {
        self.group.records = 0;
        Ok(self.conn.execute_batch("COMMIT")?)
    }

    /// Goes back to the last commit.
    fn undo(&mut self) -> Result<()> {
        self.group.records = 0;
        if self.is_uncommitted() {
            self.conn.execute_batch("ROLLBACK")?;
        }
        self.words = Words::load(&self.conn)?;
        self.texts = Texts::load(&self.conn)?;
        self.pending.clear();
        self.names.clear();
        Ok(())
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.commit();
    }
}
