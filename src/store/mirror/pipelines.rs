//! Totals of all pipelines.

use super::{
    Mirror, Moment, Result,
    figures::{Tally, summed},
    filter::Conditions,
};
use crate::{
    domain::Outcome,
    protocol::{PipelineTotals, Scope},
};

impl Mirror {
    /// Figures of every sub-pipeline, in the org's order.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn pipelines(&mut self, moment: &Moment) -> Result<Vec<PipelineTotals>> {
        let tallies = self.tally(Conditions::default(), moment)?;
        let Some(org) = &self.org else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for pipeline in &org.catalog.pipelines {
            let pipe: i64 = pipeline.id.as_str().parse().unwrap_or(-1);
            for sub in &pipeline.sub_pipelines {
                let number = self.words.find(&sub.name);
                let here: Vec<(i64, &Tally)> = tallies
                    .iter()
                    .filter(|((at, of, _), _)| *at == pipe && Some(*of) == number)
                    .map(|((_, _, stage), tally)| (*stage, tally))
                    .collect();
                let ended = |outcome: Outcome| {
                    let ended = here.iter().filter(move |(_, tally)| tally.outcome == outcome as i64);
                    ended.fold((0, rust_decimal::Decimal::ZERO), |(count, sum), (_, tally)| {
                        (count + tally.count, sum.saturating_add(tally.sum))
                    })
                };
                let stage = |value: &str| {
                    let number = self.words.find(value);
                    here.iter().find(|(stage, _)| Some(*stage) == number).map(|(_, tally)| *tally)
                };
                let (won, won_sum) = ended(Outcome::Won);
                all.push(PipelineTotals {
                    scope: Scope { pipeline: pipeline.id.clone(), sub_pipeline: Some(sub.name.clone()) },
                    open: summed(
                        here.iter().filter(|(_, tally)| tally.is_open()).map(|(_, tally)| (*tally).clone()),
                    ),
                    won,
                    won_sum,
                    lost: ended(Outcome::Lost).0,
                    stages: sub
                        .stages
                        .iter()
                        .map(|known| {
                            let tally = stage(&known.value);
                            let (count, sum) = tally.map_or_else(Default::default, |it| (it.count, it.sum));
                            (known.value.clone(), count, sum)
                        })
                        .collect(),
                });
            }
        }
        Ok(all)
    }
}
