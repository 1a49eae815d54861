//! Layouts: which fields a record shows. A layout of `Pipelines` is a team pipeline.
//!
//! <https://www.bigin.com/developer/docs/apis/layouts-meta-data.html>

use super::{
    super::Id,
    Choice, Field, Kind,
    pipelines::{TEAM_PIPELINES, TeamPipeline},
};

/// A layout.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Its id, and that of its team pipeline.
    pub id: Id,
    /// What people call it.
    pub name: &'static str,
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// The sub-pipelines of a team pipeline; other layouts have none.
    pub sub_pipelines: Vec<SubPipeline>,
}

/// A section of a layout.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its id.
    pub id: Id,
    /// Its heading.
    pub name: &'static str,
    /// API names of its fields, in order.
    pub fields: Vec<&'static str>,
}

/// A sub-pipeline: a value of `Sub_Pipeline` and the stages that it maps to.
#[derive(Debug, Clone)]
pub struct SubPipeline {
    /// The value.
    pub choice: Choice,
    /// Its stages, in board order.
    pub stages: Vec<Choice>,
}

impl Layout {
    /// The sub-pipeline with this value.
    #[must_use]
    pub fn sub_pipeline(&self, value: &str) -> Option<&SubPipeline> {
        self.sub_pipelines.iter().find(|sub| sub.choice.value == value)
    }

    /// The stages of all its sub-pipelines, each once, in the order of the first that has it.
    #[must_use]
    pub fn stages(&self) -> Vec<&Choice> {
        let mut stages: Vec<&Choice> = Vec::new();
        for stage in self.sub_pipelines.iter().flat_map(|sub| &sub.stages) {
            if stages.iter().all(|known| known.id != stage.id) {
                stages.push(stage);
            }
        }
        stages
    }
}

impl SubPipeline {
    /// The stage with this value.
    #[must_use]
    pub fn stage(&self, value: &str) -> Option<&Choice> {
        self.stages.iter().find(|stage| stage.value == value)
    }
}

/// The layouts of a module. `ids` gives the ids, one after the other.
pub(super) fn of(module: &str, fields: &[Field], ids: &mut impl FnMut() -> Id) -> Vec<Layout> {
    match module {
        "Pipelines" => TEAM_PIPELINES.iter().map(|team| team_pipeline(team, fields, ids)).collect(),
        "Notes" | "Attachments" | "Associated_Products" | "Social" => Vec::new(),
        _ => vec![Layout {
            id: ids(),
            name: "Standard",
            sections: sections(fields, &[], ids),
            sub_pipelines: Vec::new(),
        }],
    }
}

fn team_pipeline(team: &TeamPipeline, fields: &[Field], ids: &mut impl FnMut() -> Id) -> Layout {
    let choice = |field: &str, value: &str| {
        let field = fields.iter().find(|known| known.api_name == field);
        field.and_then(|field| field.choice(value)).cloned()
    };
    let sub_pipelines = team
        .sub_pipelines
        .iter()
        .filter_map(|sub| {
            let stages = sub.stages.iter().filter_map(|stage| choice("Stage", stage)).collect();
            Some(SubPipeline { choice: choice("Sub_Pipeline", sub.name)?, stages })
        })
        .collect();
    Layout { id: ids(), name: team.name, sections: sections(fields, team.without, ids), sub_pipelines }
}

/// Standard fields, custom ones and long texts stand in sections of their own.
fn sections(fields: &[Field], without: &[&str], ids: &mut impl FnMut() -> Id) -> Vec<Section> {
    const HEADINGS: [&str; 3] = ["General Information", "Additional Information", "Description Information"];
    let heading = |field: &Field| match field.kind {
        Kind::TextArea => 2,
        _ => usize::from(field.custom),
    };
    let shown =
        |field: &&Field| field.visible && field.api_name != "id" && !without.contains(&field.api_name);
    HEADINGS
        .into_iter()
        .enumerate()
        .map(|(index, name)| Section {
            id: ids(),
            name,
            fields: fields
                .iter()
                .filter(shown)
                .filter(|field| heading(field) == index)
                .map(|field| field.api_name)
                .collect(),
        })
        .collect()
}
