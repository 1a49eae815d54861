//! What the organisation's metadata says. Validation, COQL, search, lists and answers read this data;
//! nothing about a single field is written down anywhere else.

mod fields;
mod kind;
mod layout;
mod pipelines;
mod related;
mod spec;
mod views;

pub use kind::Kind;
pub use layout::{Layout, Section, SubPipeline};
pub use pipelines::Forecast;
pub use related::{Link, RelatedList};
pub use spec::Formula;
pub use views::{Condition, View};

use super::{Id, Prefix};
use crate::domain;

/// The metadata of one organisation.
#[derive(Debug)]
pub struct Metadata {
    /// The ids' prefix.
    pub prefix: Prefix,
    /// All modules, in tab order.
    pub modules: Vec<Module>,
}

/// A module.
///
/// <https://www.bigin.com/developer/docs/apis/v2/modules-api.html>
#[derive(Debug)]
pub struct Module {
    /// Its id.
    pub id: Id,
    /// Its word in URLs and COQL.
    pub api_name: &'static str,
    /// What people call one of its records.
    pub singular: &'static str,
    /// What people call its tab.
    pub plural: &'static str,
    /// The field that names a record.
    pub display_field: &'static str,
    /// What the metadata says of it.
    pub nature: Nature,
    /// Its fields, in the org's order.
    pub fields: Vec<Field>,
    /// Its layouts; those of `Pipelines` are the team pipelines.
    pub layouts: Vec<Layout>,
    /// Its custom views, the default one first.
    pub views: Vec<View>,
    /// The lists that hang on its records.
    pub related: Vec<RelatedList>,
}

/// How far a module is open to the API and to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A tab, with all operations.
    Tab,
    /// No tab of its own; its records hang on those of others.
    Attached,
    /// Links records of two modules.
    Linking,
    /// Known, but closed to the API.
    Closed,
}

/// A field.
///
/// <https://www.bigin.com/developer/docs/apis/v2/field-meta.html>
#[derive(Debug, Clone)]
pub struct Field {
    /// Its id.
    pub id: Id,
    /// Its key in records.
    pub api_name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// Characters or digits at most.
    pub length: u32,
    /// An insert without it is refused.
    pub mandatory: bool,
    /// Writes to it are ignored.
    pub read_only: bool,
    /// No two records share a value; compared without case.
    pub unique: bool,
    /// Made by the organisation.
    pub custom: bool,
    /// Shown to people.
    pub visible: bool,
    /// Values of a picklist, in order.
    pub choices: Vec<Choice>,
    /// What an insert without it gets.
    pub default: Option<&'static str>,
    /// What stands before the digits of an automatic number.
    pub number_prefix: Option<&'static str>,
    /// How it is computed.
    pub formula: Option<Formula>,
}

/// One value of a picklist.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its id.
    pub id: Id,
    /// The value that reads and writes use (`actual_value`).
    pub value: &'static str,
    /// The label that people see (`display_value`).
    pub label: &'static str,
    /// What stages have beyond other values.
    pub stage: Option<Stage>,
}

/// What the metadata says of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// Chance to win, 0 to 100.
    pub probability: u8,
    /// What it counts as.
    pub forecast: Forecast,
}

/// Endings of module ids are the same in every organisation.
const MODULES: [(i64, &str, &str, &str, &str, Nature); 11] = [
    (2_181, "Pipelines", "Deal", "Pipelines", "Deal_Name", Nature::Tab),
    (2_179, "Contacts", "Contact", "Contacts", "Full_Name", Nature::Tab),
    (2_177, "Accounts", "Company", "Companies", "Account_Name", Nature::Tab),
    (2_213, "Products", "Product", "Products", "Product_Name", Nature::Tab),
    (2_193, "Tasks", "Task", "Tasks", "Subject", Nature::Tab),
    (2_195, "Events", "Event", "Events", "Event_Title", Nature::Tab),
    (2_199, "Calls", "Call", "Calls", "Subject", Nature::Tab),
    (2_197, "Notes", "Note", "Notes", "Note_Title", Nature::Attached),
    (2_227, "Attachments", "Attachment", "Attachments", "File_Name", Nature::Attached),
    (2_231, "Associated_Products", "Associated Product", "Associated Products", "Product", Nature::Linking),
    (2_233, "Social", "Social", "Social", "id", Nature::Closed),
];

impl Metadata {
    /// The metadata of the organisation whose ids start with `prefix`.
    #[must_use]
    pub fn new(prefix: Prefix) -> Self {
        let mut counter = 2_500;
        let mut ids = || {
            counter += 3;
            prefix.id(counter)
        };
        let modules = MODULES
            .into_iter()
            .map(|(ending, api_name, singular, plural, display_field, nature)| {
                let fields = fields(api_name, &mut ids);
                let layouts = layout::of(api_name, &fields, &mut ids);
                Module {
                    id: prefix.id(ending),
                    api_name,
                    singular,
                    plural,
                    display_field,
                    nature,
                    layouts,
                    views: views::of(api_name, plural, &mut ids),
                    related: related::of(api_name, &mut ids),
                    fields,
                }
            })
            .collect();
        Self { prefix, modules }
    }

    /// The module with this API name; names are case-sensitive.
    #[must_use]
    pub fn module(&self, api_name: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.api_name == api_name)
    }
}

fn fields(module: &str, ids: &mut impl FnMut() -> Id) -> Vec<Field> {
    let mut choice = |value, label, stage| Choice { id: ids(), value, label, stage };
    let choices: Vec<Vec<Choice>> = fields::of(module)
        .iter()
        .map(|spec| match spec.api_name {
            "Stage" => pipelines::STAGES
                .iter()
                .map(|stage| {
                    let meta = Stage { probability: stage.probability, forecast: stage.forecast };
                    choice(stage.value, stage.label, Some(meta))
                })
                .collect(),
            "Sub_Pipeline" => pipelines::TEAM_PIPELINES
                .iter()
                .flat_map(|team| team.sub_pipelines)
                .map(|sub| choice(sub.name, sub.name, None))
                .collect(),
            _ => {
                let none = (!spec.choices.is_empty() && !spec.mandatory && spec.kind == Kind::PickList)
                    .then_some("-None-");
                none.iter().chain(spec.choices).map(|value| choice(value, value, None)).collect()
            }
        })
        .collect();
    let field = |(spec, choices): (&spec::Spec, Vec<Choice>)| Field {
        id: ids(),
        api_name: spec.api_name,
        label: spec.label,
        kind: spec.kind,
        length: spec.length,
        mandatory: spec.mandatory,
        read_only: spec.read_only,
        unique: spec.unique,
        custom: spec.custom,
        visible: spec.visible,
        choices,
        default: spec.default,
        number_prefix: spec.number_prefix,
        formula: spec.formula,
    };
    fields::of(module).iter().zip(choices).map(field).collect()
}

impl Module {
    /// The field with this API name; names are case-sensitive.
    #[must_use]
    pub fn field(&self, api_name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.api_name == api_name)
    }

    /// The word that activities and older callers use for the module.
    #[must_use]
    pub fn historic_name(&self) -> &'static str {
        if self.api_name == "Pipelines" { "Deals" } else { self.api_name }
    }

    /// Whether the API does not serve it.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.nature == Nature::Closed
    }

    /// The word that the service uses inside.
    #[must_use]
    pub fn internal_name(&self) -> &'static str {
        match self.api_name {
            "Pipelines" => "Deals",
            "Associated_Products" => "LinkingModule1",
            other => other,
        }
    }

    /// Whether its records hang on one of another module.
    #[must_use]
    pub fn has_parent(&self) -> bool {
        self.has_relation() || self.fields.iter().any(|field| field.kind == Kind::Related)
    }

    /// Whether its records are activities, which are about a deal or a company.
    #[must_use]
    pub fn has_relation(&self) -> bool {
        self.field("Related_To").is_some()
    }

    /// The module as COQL and the tables know it.
    #[must_use]
    pub fn schema(&self) -> domain::Schema {
        domain::Schema {
            module: self.api_name.to_owned(),
            fields: self.fields.iter().map(Field::schema).collect(),
        }
    }
}

impl Field {
    /// The choice that reads and writes name `value`.
    #[must_use]
    pub fn choice(&self, value: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.value == value)
    }

    /// Whether COQL and search can ask for it.
    #[must_use]
    pub const fn filterable(&self) -> bool {
        !matches!(
            self.kind,
            Kind::TextArea
                | Kind::ProfileImage
                | Kind::FileUpload
                | Kind::Tags
                | Kind::LineItems
                | Kind::MultiLookup(_)
                | Kind::Participants
                | Kind::Alarm
                | Kind::Reminders
                | Kind::Recurrence
        )
    }

    fn schema(&self) -> domain::Field {
        domain::Field {
            api_name: self.api_name.to_owned(),
            label: self.label.to_owned(),
            kind: self.kind.domain(),
            length: Some(self.length),
            mandatory: self.mandatory,
            read_only: self.read_only,
            unique: self.unique,
            custom: self.custom,
            lookup: self.kind.target().map(str::to_owned),
            choices: self.choices.iter().map(|choice| choice.value.to_owned()).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
