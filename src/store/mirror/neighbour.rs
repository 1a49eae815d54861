//! Another program that has the same file open.
//!
//! What this program keeps in memory of the file (the words, how far text indexes are, what was counted) is read
//! again once another one wrote: before anything is written over it, and when someone looks.

use std::sync::Arc;

use rusqlite::Connection;

use super::{Mirror, Result, catalog::KEY, texts::Texts, words::Words};

/// What another program did since the last look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elsewhere {
    /// The org's metadata are others now.
    pub catalog: bool,
}

/// A number that changes when another connection writes to the file.
pub(in crate::store) fn version(conn: &Connection) -> Result<i64> {
    Ok(conn.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}

impl Mirror {
    /// Learns what another program wrote; none if none did since the last time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn catch_up(&mut self) -> Result<Option<Elsewhere>> {
        self.learn()?;
        if !std::mem::take(&mut self.missed) {
            return Ok(None);
        }
        self.revision += 1;
        let known = self.org.as_ref().map(|org| Arc::clone(&org.catalog));
        let text = self.mark(KEY)?;
        let same = known.as_deref().and_then(|catalog| serde_json::to_string(catalog).ok()) == text;
        if !same {
            self.load_catalog()?;
        }
        Ok(Some(Elsewhere { catalog: !same }))
    }

    /// Reads again what is kept in memory of the file, if another program wrote.
    pub(super) fn learn(&mut self) -> Result<()> {
        let version = version(&self.conn)?;
        if version != self.version {
            (self.words, self.texts) = (Words::load(&self.conn)?, Texts::load(&self.conn)?);
            (self.version, self.missed) = (version, true);
            self.names.clear();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{deal, names, now, put};
    use crate::{
        domain::Module,
        protocol::{ListSpec, Slice},
        store::{Mirror, Place},
    };

    #[test]
    fn two_programs_see_each_other_s_records_and_agree_on_every_word() {
        let folder = tempfile::tempdir().expect("folder");
        let place = Place::File(folder.path().join("mirror.sqlite"));
        let mut one = Mirror::open(&place).expect("open");
        one.set_catalog(super::super::example(), now()).expect("catalog");
        one.commit();
        let mut other = Mirror::open(&place).expect("open");
        assert_eq!(other.catch_up().expect("look"), None);
        put(&mut one, Module::Pipelines, &[deal(1, "first", "Proposal", 5, None)]);
        one.commit();
        put(&mut other, Module::Pipelines, &[deal(2, "second", "Qualification", 5, None)]);
        other.commit();
        put(&mut one, Module::Pipelines, &[deal(3, "third", "Closed Won", 5, None)]);
        one.commit();
        assert!(other.catch_up().expect("look").is_some_and(|seen| !seen.catalog));
        assert_eq!(other.catch_up().expect("look"), None, "once is enough");
        one.catch_up().expect("look");
        for mirror in [&one, &other] {
            let stages: Vec<String> = (1..=3)
                .map(|row| mirror.deal_row(row, &mirror.moment(now())).expect("read").expect("deal").stage)
                .collect();
            assert_eq!(stages, ["Proposal", "Qualification", "Closed Won"]);
        }
        let notes = ListSpec::Notes { text: String::new() };
        assert_eq!(names(&mut other, &notes, &Slice::Start, 9), Vec::<String>::new());
    }
}
