//! Since when deals stand in their stages, where more is known than when the record last changed.

use rusqlite::params;

use super::{Mirror, Result};
use crate::store::keep::Arrival;

impl Mirror {
    /// Takes in when deals came into the stage that they stand in. One that the server has in another stage
    /// by now is left as it is.
    ///
    /// # Errors
    /// When SQLite refuses; nothing is changed then.
    pub fn recall(&mut self, arrivals: &[Arrival]) -> Result<()> {
        self.grouped(arrivals.len(), |mirror| {
            for Arrival { deal, stage, at } in arrivals {
                let (Ok(row), Some(word)) = (deal.as_str().parse::<i64>(), mirror.words.find(stage)) else {
                    continue;
                };
                mirror
                    .conn
                    .prepare_cached(
                        "UPDATE deal SET told_since = ?3, told_seen = 1, since = iif(pending, since, ?3),
                             observed = iif(pending, observed, 1)
                         WHERE row = ?1 AND told_stage = ?2 AND NOT told_seen",
                    )?
                    .execute(params![row, word, at.as_millisecond()])?;
            }
            Ok(())
        })
    }
}
