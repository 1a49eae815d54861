//! Which fields lists ask for.

use crate::{
    api::NOTE_FIELDS,
    domain::{Catalog, Field, FieldKind, Module, Outcome, Pipeline, Shape},
};

/// Fields that a list may ask for at most.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records.html>
const MOST: usize = 50;

/// Values of one list in COQL at most.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>
const MOST_VALUES: usize = 50;

/// What cards are made of, whatever else a module has.
fn needed(module: Module) -> &'static [&'static str] {
    match module {
        Module::Pipelines => &[
            "Deal_Name",
            "Pipeline",
            "Sub_Pipeline",
            "Stage",
            "Amount",
            "Closing_Date",
            "Owner",
            "Contact_Name",
            "Account_Name",
            "Created_Time",
            "Modified_Time",
        ],
        Module::Contacts => &[
            "Full_Name",
            "First_Name",
            "Last_Name",
            "Title",
            "Email",
            "Phone",
            "Mobile",
            "Account_Name",
            "Owner",
            "Last_Activity_Time",
            "Modified_Time",
        ],
        Module::Accounts => &[
            "Account_Name",
            "Phone",
            "Website",
            "Billing_City",
            "Owner",
            "Last_Activity_Time",
            "Modified_Time",
        ],
        Module::Tasks => &[
            "Subject",
            "Due_Date",
            "Status",
            "Closed_Time",
            "Related_To",
            "Contact_Name",
            "Owner",
            "Description",
            "Created_Time",
            "Modified_Time",
        ],
        Module::Events => &[
            "Event_Title",
            "Start_DateTime",
            "End_DateTime",
            "Venue",
            "Related_To",
            "Contact_Name",
            "Owner",
            "Description",
            "Created_Time",
            "Modified_Time",
        ],
        Module::Calls => &[
            "Subject",
            "Call_Start_Time",
            "Call_Type",
            "Call_Duration",
            "Call_Result",
            "Call_Agenda",
            "Related_To",
            "Contact_Name",
            "Owner",
            "Description",
            "Created_Time",
            "Modified_Time",
        ],
        Module::Notes => NOTE_FIELDS,
        Module::Products => &["Product_Name", "Modified_Time"],
    }
}

/// Fields that every record has, whether or not the metadata says so.
const EVERYWHERE: [&str; 3] = ["Owner", "Created_Time", "Modified_Time"];

/// The fields of a module for a list: what cards need of those that the org has, then the org's others in its
/// order.
pub(super) fn of_list(catalog: &Catalog, module: Module) -> Vec<String> {
    let has = |name: &&str| {
        module == Module::Notes
            || EVERYWHERE.contains(name)
            || own(catalog, module).any(|field| field.api_name == **name)
    };
    let known = own(catalog, module).filter(|field| field.kind != FieldKind::ProfileImage);
    let mut names: Vec<&str> = needed(module).iter().copied().filter(has).collect();
    for field in known {
        if !names.contains(&field.api_name.as_str()) {
            names.push(&field.api_name);
        }
    }
    names.truncate(MOST);
    names.into_iter().map(str::to_owned).collect()
}

/// A COQL query for the records of a module below an id, highest first; none for modules that COQL does not
/// read.
pub(super) fn coql_below(catalog: &Catalog, module: Module, subs: &[&str], id: i64) -> Option<String> {
    if module == Module::Notes {
        return None;
    }
    let columns: Vec<&str> = of_columns(catalog, module).take(MOST).collect();
    let below = format!("id < '{id}'");
    let condition = if subs.is_empty() {
        below
    } else {
        let names: Vec<String> = subs.iter().map(|name| quoted(name)).collect();
        format!("(Sub_Pipeline in ({}) and {below})", names.join(", "))
    };
    Some(format!("select {} from {module} where {condition} order by id desc limit 200", columns.join(", ")))
}

/// The fields of a module for a file of it: those of its lists that files can hold.
///
/// <https://www.bigin.com/developer/docs/apis/v2/bulk-read/create-job.html>
pub(super) fn of_export(catalog: &Catalog, module: Module) -> Vec<String> {
    let closed = |name: &str| {
        own(catalog, module).find(|field| field.api_name == name).is_some_and(|field| {
            matches!(
                field.kind,
                FieldKind::ProfileImage
                    | FieldKind::FileUpload
                    | FieldKind::MultiSelectLookup
                    | FieldKind::Unknown
            ) && !matches!(field.shape(), Shape::Reference)
        })
    };
    of_list(catalog, module).into_iter().filter(|name| !closed(name)).collect()
}

/// A COQL query for open deals of a team pipeline, those that close soonest first, after passing over `offset`.
pub(super) fn coql_open(catalog: &Catalog, pipeline: &Pipeline, offset: u64) -> Option<String> {
    let columns: Vec<&str> = of_columns(catalog, Module::Pipelines).take(MOST).collect();
    let subs = list(pipeline.sub_pipelines.iter().map(|sub| sub.name.as_str()))?;
    let stages = pipeline.sub_pipelines.iter().flat_map(|sub| &sub.stages);
    let open = list(stages.filter(|stage| stage.outcome == Outcome::Open).map(|stage| stage.value.as_str()))?;
    let (columns, module) = (columns.join(", "), Module::Pipelines);
    Some(format!(
        "select {columns} from {module} where (Sub_Pipeline in {subs} and Stage in {open}) \
         order by Closing_Date asc limit 200 offset {offset}"
    ))
}

/// Different values as COQL lists them; none without any.
fn list<'a>(values: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut different: Vec<String> = Vec::new();
    for value in values.map(quoted) {
        if !different.contains(&value) {
            different.push(value);
        }
    }
    different.truncate(MOST_VALUES);
    (!different.is_empty()).then(|| format!("({})", different.join(", ")))
}

/// Fields that COQL can select, those that cards need first.
fn of_columns(catalog: &Catalog, module: Module) -> impl Iterator<Item = &str> {
    let selectable = |field: &&Field| {
        !matches!(field.shape(), Shape::List | Shape::Opaque)
            && !matches!(field.kind, FieldKind::ProfileImage | FieldKind::FileUpload | FieldKind::Unknown)
    };
    let is_needed = move |field: &&Field| needed(module).contains(&field.api_name.as_str());
    let first = own(catalog, module).filter(selectable).filter(is_needed);
    let rest = own(catalog, module).filter(selectable).filter(move |field| !is_needed(field));
    first.chain(rest).map(|field| field.api_name.as_str())
}

fn own(catalog: &Catalog, module: Module) -> impl Iterator<Item = &Field> {
    catalog.schema(module.api_name()).into_iter().flat_map(|schema| &schema.fields)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coql;

    #[test]
    fn lists_ask_for_what_cards_need_and_for_at_most_fifty() {
        let mut catalog = crate::store::mirror::example();
        for number in 0..80 {
            catalog.schemas[0].fields.push(Field::plain(&format!("Custom_{number}"), FieldKind::Text));
        }
        let fields = of_list(&catalog, Module::Pipelines);
        assert_eq!(fields.len(), 50);
        for name in needed(Module::Pipelines) {
            assert!(fields.iter().any(|field| field == name), "{name}");
        }
    }

    #[test]
    fn queries_below_an_id_follow_the_grammar_and_its_limits() {
        let catalog = crate::store::mirror::example();
        let text = coql_below(&catalog, Module::Pipelines, &["O'Neil's", "b\\c"], 77).expect("a query");
        let query = coql::parse(&text).expect("well formed");
        coql::check_limits(&query).expect("within limits");
        assert!(text.contains(r"Sub_Pipeline in ('O\'Neil\'s', 'b\\c') and id < '77'"), "{text}");
        assert_eq!(coql_below(&catalog, Module::Notes, &[], 77), None);
    }
}
