//! Records by name, as it is typed.

use rusqlite::{params, params_from_iter};

use super::{
    Mirror, Result,
    filter::{COMPANIES, CONTACTS, Cards, Conditions, DEALS, NOTES},
    row::{id_of, short},
};
use crate::{
    domain::{Link, Module, RecordId, SafeText},
    protocol::Found,
};

/// Hits of one kind that are ranked; a word that matches more is too short to rank well anyway.
const CANDIDATES: i64 = 400;

/// Notes at most: they are found by what they say, so that there may be many.
const NOTES_SHOWN: u32 = 6;

/// How well a name matches; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Exact,
    Prefix,
    WordPrefix,
    Inside,
    /// Not by its name, but by a company, person or number on it.
    Beside,
}

impl Mirror {
    /// What matches `text`, then whatever else of `there` is here: what the server found by fields that are not
    /// searched here.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn find_with(&mut self, text: &str, limit: u32, there: &[(Module, RecordId)]) -> Result<Vec<Found>> {
        let mut found = self.find(text, limit)?;
        let room = usize::try_from(limit).unwrap_or(usize::MAX);
        for (module, id) in there {
            let Ok(row) = id.as_str().parse() else { continue };
            if found.len() < room
                && !found.iter().any(|hit| hit.link.id == *id)
                && let Some(link) = self.link(*module, Some(row))?
            {
                found.push(Found { link, note: self.beside(*module, row)? });
            }
        }
        Ok(found)
    }

    /// Deals, contacts and companies that match `text`, best first, then a few notes; `limit` at most.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn find(&mut self, text: &str, limit: u32) -> Result<Vec<Found>> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let mut hits: Vec<(Rank, String, Module, i64)> = Vec::new();
        for (cards, module) in
            [(DEALS, Module::Pipelines), (CONTACTS, Module::Contacts), (COMPANIES, Module::Accounts)]
        {
            for (row, name) in self.candidates(cards, &text)? {
                if !hits.iter().any(|hit| hit.3 == row) {
                    hits.push((rank(&name, &text), name, module, row));
                }
            }
        }
        hits.sort_by(|one, other| {
            (one.0, one.1.len(), &one.1, one.3).cmp(&(other.0, other.1.len(), &other.1, other.3))
        });
        let notes = self.notes_with(&text)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        hits.truncate(limit.saturating_sub(notes.len()));
        let mut found = Vec::with_capacity(hits.len() + notes.len());
        for (_, _, module, row) in hits {
            if let Some(link) = self.link(module, Some(row))? {
                found.push(Found { link, note: self.beside(module, row)? });
            }
        }
        found.extend(notes);
        Ok(found)
    }

    /// The newest notes that have the words of `text`, called by how they begin.
    fn notes_with(&self, text: &str) -> Result<Vec<Found>> {
        let mut conditions = Conditions::default();
        conditions.beginnings(NOTES, &self.texts, text);
        let sql = format!(
            "SELECT row, iif(title = '', substr(text, 1, 120), title), parent FROM note WHERE {}
             ORDER BY row DESC LIMIT {NOTES_SHOWN}",
            conditions.sql()
        );
        let mut select = self.conn.prepare_cached(&sql)?;
        let mut rows = select.query(params_from_iter(conditions.params.iter()))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let begins = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            let name = begins.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let link = Link { module: Module::Notes, id: id_of(row.get(0)?), name: SafeText::new(name) };
            found.push(Found { link, note: self.called(row.get(2)?)? });
        }
        Ok(found)
    }

    /// Names that begin with `text`, then names that have its words.
    fn candidates(&self, cards: Cards, text: &str) -> Result<Vec<(i64, String)>> {
        let table = cards.table;
        let begins = format!(
            "SELECT row, lower(name) FROM {table} WHERE sort_name >= ?1 AND sort_name < ?2
             ORDER BY sort_name LIMIT {CANDIDATES}"
        );
        let mut select = self.conn.prepare_cached(&begins)?;
        let rows = select.query_map(params![text, format!("{text}{}", char::MAX)], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?))
        })?;
        let mut all: Vec<(i64, String)> = rows.collect::<Result<_, _>>()?;
        let mut conditions = Conditions::default();
        conditions.beginnings(cards, &self.texts, text);
        let anywhere = format!("SELECT row, name FROM {table} WHERE {} LIMIT {CANDIDATES}", conditions.sql());
        let mut select = self.conn.prepare_cached(&anywhere)?;
        let mut rows = select.query(params_from_iter(conditions.params.iter()))?;
        while let Some(row) = rows.next()? {
            all.push((row.get(0)?, row.get::<_, String>(1)?.to_lowercase()));
        }
        Ok(all)
    }

    /// What to say beside a name.
    fn beside(&self, module: Module, row: i64) -> Result<SafeText> {
        let sql = match module {
            Module::Pipelines => {
                "SELECT word.text || ifnull(', ' || known.name, '') FROM deal
                 JOIN word ON word.no = deal.stage LEFT JOIN known ON known.row = deal.company WHERE deal.row = ?1"
            }
            Module::Contacts => {
                "SELECT contact.title || ifnull(iif(contact.title = '', '', ', ') || known.name, '') FROM contact
                 LEFT JOIN known ON known.row = contact.company WHERE contact.row = ?1"
            }
            _ => "SELECT city FROM company WHERE row = ?1",
        };
        Ok(self.conn.prepare_cached(sql)?.query_row([row], |found| Ok(short(found.get_ref(0)?)))?)
    }
}

fn rank(name: &str, text: &str) -> Rank {
    let starts_a_word = |word: &str| {
        name.match_indices(word)
            .any(|(at, _)| name[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric()))
    };
    if name == text {
        Rank::Exact
    } else if name.starts_with(text) {
        Rank::Prefix
    } else if text.split_whitespace().all(starts_a_word) {
        Rank::WordPrefix
    } else if text.split_whitespace().all(|word| name.contains(word)) {
        Rank::Inside
    } else {
        Rank::Beside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_matches_rank_before_worse_ones() {
        let ranks = ["northwind", "northwind renewal", "the northwind deal", "greatnorthwind", "other"]
            .map(|name| rank(name, "northwind"));
        assert_eq!(ranks, [Rank::Exact, Rank::Prefix, Rank::WordPrefix, Rank::Inside, Rank::Beside]);
        assert_eq!(rank("northwind renewal", "ren nor"), Rank::WordPrefix);
    }
}
