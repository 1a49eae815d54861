//! Team pipelines out of layouts.

use serde::Deserialize;
use serde_json::Value;

use super::fields::{FieldShape, PickValue};
use crate::{
    api::wire::{Record, id_of},
    domain::{Outcome, Pipeline, Stage, SubPipeline},
};

/// A layout with what a pipeline needs of it.
///
/// <https://www.bigin.com/developer/docs/apis/layouts-meta-data.html>
#[derive(Debug, Clone, Deserialize)]
pub(super) struct LayoutShape {
    id: Value,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    display_label: Option<String>,
    /// `"active"`, or 0 in older answers.
    #[serde(default)]
    status: Value,
    #[serde(default)]
    visible: Option<bool>,
    #[serde(default)]
    sections: Option<Vec<SectionShape>>,
}

#[derive(Debug, Clone, Deserialize)]
struct SectionShape {
    #[serde(default)]
    fields: Option<Vec<FieldShape>>,
}

/// The pipelines of the layouts in use, in their order.
pub(super) fn of_layouts(layouts: Vec<LayoutShape>) -> Vec<Pipeline> {
    layouts.iter().filter(|layout| layout.is_in_use()).filter_map(LayoutShape::pipeline).collect()
}

/// Pipelines as far as some deals show them, for users that may not read layouts: names and stages in the
/// order of their first deal, probabilities unknown (0, but 100 for won).
#[must_use]
pub fn pipelines_seen_in(deals: &[Record]) -> Vec<Pipeline> {
    let mut pipelines: Vec<Pipeline> = Vec::new();
    for deal in deals {
        let (Some(layout), Some(sub), Some(stage)) =
            (deal.pipeline(), deal.text("Sub_Pipeline"), deal.text("Stage"))
        else {
            continue;
        };
        let name = layout.name.unwrap_or_else(|| layout.id.to_string());
        let new = || Pipeline { id: layout.id.clone(), name, sub_pipelines: Vec::new() };
        let pipeline = find_or_add(&mut pipelines, |pipeline| pipeline.id == layout.id, new);
        let new = || SubPipeline { name: sub.to_owned(), stages: Vec::new() };
        let found = find_or_add(&mut pipeline.sub_pipelines, |known| known.name == sub, new);
        find_or_add(&mut found.stages, |known| known.value == stage, || stage_of(stage, stage, None, None));
    }
    pipelines
}

impl LayoutShape {
    fn is_in_use(&self) -> bool {
        let active = match &self.status {
            Value::String(status) => status == "active",
            Value::Number(status) => status.as_i64() == Some(0),
            _ => true,
        };
        active && self.visible != Some(false)
    }

    fn pipeline(&self) -> Option<Pipeline> {
        let id = id_of(&self.id)?;
        let name = self.display_label.clone().or_else(|| self.name.clone()).unwrap_or_else(|| id.to_string());
        let stages = self.field("Stage").map(FieldShape::values).unwrap_or_default();
        let subs = self.field("Sub_Pipeline").map(FieldShape::values).unwrap_or_default();
        let mut sub_pipelines: Vec<_> = subs.iter().filter_map(|sub| sub_pipeline(sub, &stages)).collect();
        if sub_pipelines.is_empty() {
            let stages = stages.iter().filter_map(|stage| stage.stage()).collect();
            sub_pipelines.push(SubPipeline { name: format!("{name} Standard"), stages });
        }
        Some(Pipeline { id, name, sub_pipelines })
    }

    fn field(&self, api_name: &str) -> Option<&FieldShape> {
        let fields = self.sections.iter().flatten().flat_map(|section| section.fields.iter().flatten());
        fields.into_iter().find(|field| field.api_name == api_name)
    }
}

/// A sub-pipeline with the stages that its value maps to; all of the layout's where it maps to none.
fn sub_pipeline(sub: &PickValue, all: &[&PickValue]) -> Option<SubPipeline> {
    let mapped: Vec<_> = sub
        .maps
        .iter()
        .flatten()
        .filter(|map| map.api_name.as_deref().is_none_or(|name| name == "Stage"))
        .flat_map(|map| map.pick_list_values.iter().flatten())
        .filter_map(|stage| all.iter().find(|known| known.is(stage)).copied().unwrap_or(stage).stage())
        .collect();
    let stages =
        if mapped.is_empty() { all.iter().filter_map(|stage| stage.stage()).collect() } else { mapped };
    Some(SubPipeline { name: sub.value()?.to_owned(), stages })
}

impl PickValue {
    fn stage(&self) -> Option<Stage> {
        let value = self.value()?;
        let label = self.display_value.as_deref().unwrap_or(value);
        let forecast =
            self.forecast_type.clone().or_else(|| Some(self.sys_ref_name.as_ref()?.replace('_', " ")));
        let probability = self.probability.as_f64().or_else(|| self.probability.as_str()?.parse().ok());
        Some(stage_of(value, label, forecast.as_deref(), probability))
    }

    /// Whether two values are the same one; a map names values by id, and older ones by label only.
    fn is(&self, other: &Self) -> bool {
        match (&self.id, &other.id) {
            (Some(id), Some(other)) => id == other,
            _ => self.value() == other.value() || self.display_value == other.display_value,
        }
    }
}

fn stage_of(value: &str, label: &str, forecast: Option<&str>, probability: Option<f64>) -> Stage {
    let outcome = Outcome::of(forecast, value);
    let usual = if outcome == Outcome::Won { 100.0 } else { 0.0 };
    let percent = probability.unwrap_or(usual).clamp(0.0, 100.0).round();
    Stage { value: value.to_owned(), label: label.to_owned(), probability: percent as u8, outcome }
}

fn find_or_add<T>(all: &mut Vec<T>, is: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> &mut T {
    let index = all.iter().position(is).unwrap_or_else(|| {
        all.push(new());
        all.len() - 1
    });
    &mut all[index]
}

#[cfg(test)]
mod tests;
