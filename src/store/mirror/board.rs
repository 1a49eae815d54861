//! The board: open deals by stage.

use std::collections::BTreeMap;

use super::{Mirror, Moment, Result, figures::Tally, filter::OPEN};
use crate::{
    domain::Outcome,
    protocol::{BoardColumn, DealFilter, ListSpec, Scope, Slice},
};

impl Mirror {
    /// The open stages of a scope in the order of the pipeline, each with its first `per_column` deals. An
    /// open stage that the catalog does not know and deals stand in comes last.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn board(
        &mut self,
        scope: &Scope,
        filter: &DealFilter,
        per_column: u32,
        moment: &Moment,
    ) -> Result<Vec<BoardColumn>> {
        let mut conditions = self.filtered(scope, filter, moment);
        if !(filter.open_only || filter.overdue) {
            conditions.plain(OPEN);
        }
        let mut stages: BTreeMap<i64, Tally> = BTreeMap::new();
        for ((_, _, stage), tally) in self.tally(conditions, moment)?.iter() {
            stages.entry(*stage).or_default().merge(tally.clone());
        }
        let mut names = self.open_stages(scope);
        for stage in stages.keys() {
            let name = self.words.text(*stage);
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        let mut columns = Vec::with_capacity(names.len());
        for stage in names {
            let number = self.words.find(&stage);
            let mut tally = number.and_then(|number| stages.remove(&number)).unwrap_or_default();
            let list = ListSpec::Stage { scope: scope.clone(), stage: stage.clone(), filter: filter.clone() };
            let mut rows = Vec::new();
            if tally.count > 0 {
                for row in self.run(&list, &Slice::Start, per_column, moment)?.rows {
                    rows.extend(self.deal_row(row, moment)?);
                }
            }
            columns.push(BoardColumn {
                stage,
                count: tally.count,
                sum: tally.sum,
                weighted: tally.weighted(),
                median_days: tally.median(),
                rows,
            });
        }
        Ok(columns)
    }

    /// Open stages of a scope, each once, in the order of its sub-pipelines.
    fn open_stages(&self, scope: &Scope) -> Vec<String> {
        let pipeline = self.org.as_ref().and_then(|org| org.catalog.pipeline(&scope.pipeline));
        let subs = pipeline.map_or(&[][..], |pipeline| &pipeline.sub_pipelines);
        let mut names: Vec<String> = Vec::new();
        for sub in subs.iter().filter(|sub| scope.sub_pipeline.as_ref().is_none_or(|name| *name == sub.name))
        {
            for stage in sub.stages.iter().filter(|stage| stage.outcome == Outcome::Open) {
                if !names.contains(&stage.value) {
                    names.push(stage.value.clone());
                }
            }
        }
        names
    }
}
