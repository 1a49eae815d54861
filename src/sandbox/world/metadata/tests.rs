use std::collections::BTreeSet;

use super::*;

fn metadata() -> Metadata {
    Metadata::new(Prefix::of_seed(7))
}

#[test]
fn every_id_is_given_once() {
    let metadata = metadata();
    let mut ids = BTreeSet::new();
    let mut fresh = |id: Id, what: &str| assert!(ids.insert(id), "{what} shares its id");
    for module in &metadata.modules {
        fresh(module.id, module.api_name);
        for field in &module.fields {
            fresh(field.id, field.api_name);
            field.choices.iter().for_each(|choice| fresh(choice.id, choice.value));
        }
        module.layouts.iter().for_each(|layout| fresh(layout.id, layout.name));
        module.views.iter().for_each(|view| fresh(view.id, &view.name));
        module.related.iter().for_each(|list| fresh(list.id, list.api_name));
    }
}

#[test]
fn each_team_pipeline_knows_its_stages_by_sub_pipeline() {
    let metadata = metadata();
    let deals = metadata.module("Pipelines").expect("deals");
    let names: Vec<_> = deals.layouts.iter().map(|layout| layout.name).collect();
    assert_eq!(names, ["Sales Pipeline", "Service Plans", "Partnerships"]);
    let sales = &deals.layouts[0];
    assert!(sales.sub_pipeline("Enterprise").expect("enterprise").stage("Pilot Machine").is_some());
    assert!(
        sales.sub_pipeline("Sales Pipeline Standard").expect("standard").stage("Pilot Machine").is_none()
    );
    assert_eq!(sales.stages().len(), 12);
    for layout in &deals.layouts {
        for sub in &layout.sub_pipelines {
            let ends = |forecast| {
                let is = |stage: &&Choice| stage.stage.is_some_and(|meta| meta.forecast == forecast);
                sub.stages.iter().filter(is).count()
            };
            assert_eq!((ends(Forecast::Won), ends(Forecast::Lost)), (1, 1), "{}", sub.choice.value);
        }
    }
}

#[test]
fn custom_fields_of_every_data_type_exist() {
    let metadata = metadata();
    let types: BTreeSet<&str> = metadata
        .modules
        .iter()
        .flat_map(|module| &module.fields)
        .filter(|field| field.custom)
        .map(|field| field.kind.data_type())
        .collect();
    let expected = [
        "autonumber",
        "bigint",
        "boolean",
        "currency",
        "date",
        "datetime",
        "double",
        "email",
        "fileupload",
        "formula",
        "integer",
        "lookup",
        "multiselectpicklist",
        "percent",
        "phone",
        "picklist",
        "text",
        "textarea",
        "userlookup",
        "website",
    ];
    assert_eq!(types, BTreeSet::from(expected));
}

#[test]
fn views_sections_and_lists_name_only_fields_that_exist() {
    let metadata = metadata();
    for module in &metadata.modules {
        let known = |name: &str| assert!(module.field(name).is_some(), "{} has no {name}", module.api_name);
        for view in &module.views {
            view.columns.iter().for_each(|name| known(name));
            view.criteria.iter().for_each(|condition| known(condition.field));
        }
        module
            .layouts
            .iter()
            .flat_map(|layout| &layout.sections)
            .flat_map(|s| &s.fields)
            .for_each(|f| known(f));
        for list in &module.related {
            let rows = metadata.module(list.module).expect(list.module);
            if let Link::Field(name) = list.link {
                assert!(rows.field(name).is_some(), "{}: {name}", list.api_name);
            }
        }
    }
}
