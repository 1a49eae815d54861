//! What a bulk read asks for.

use serde_json::{Map, Value as Json, json};

use super::{
    criteria::Reading,
    path::{Missing, Path},
    refuse,
};
use crate::sandbox::{
    Reply, assumptions,
    jobs::callback,
    world::{
        Id, User,
        filter::{Clause, Filter, FilterError, Viewpoint},
        metadata::{Metadata, Module, View},
    },
};

/// What a bulk read is made of.
#[derive(Debug)]
pub struct Query<'a> {
    /// The module.
    pub module: &'a Module,
    /// The custom view whose records are read.
    pub view: Option<&'a View>,
    /// The columns of the file; the id is the first.
    pub columns: Vec<Path>,
    /// What records must fulfil.
    pub criteria: Option<Filter>,
    /// The page, from 1.
    pub page: usize,
    /// Whether the file is an iCalendar file instead of a CSV file.
    pub calendar: bool,
    /// Who hears that the job has ended.
    pub callback: Option<String>,
}

impl<'a> Query<'a> {
    /// Reads the body of a request for a bulk read, as seen from `viewpoint`.
    ///
    /// # Errors
    /// The refusal of what cannot be read, in the words of the documentation.
    pub fn read(
        metadata: &'a Metadata,
        users: &[User],
        viewpoint: &Viewpoint,
        body: &Json,
    ) -> Result<Self, Reply> {
        let object = body.as_object().ok_or_else(|| {
            refuse("REQUEST_BODY_NOT_SUPPORTED", "The request body is not supported", json!({}))
        })?;
        let callback = callback::read(object.get("callback"))?;
        let query = body["query"].as_object().ok_or_else(not_supported)?;
        let name = module_name(&body["query"]["module"]).ok_or_else(not_supported)?;
        let module = module(metadata, name)?;
        let calendar = calendar(object, query, module)?;
        let page = page(query.get("page"))?;
        let view = match query.get("cvid").filter(|cvid| !cvid.is_null()) {
            Some(cvid) => Some(view(module, cvid)?),
            None => None,
        };
        let named = query.get("fields").filter(|fields| !fields.is_null());
        if calendar && named.is_some() {
            return Err(not_supported());
        }
        let columns = columns(metadata, module, named)?;
        let mut reading = Reading::new(metadata, module, users, viewpoint);
        let criteria = query.get("criteria").filter(|criteria| !criteria.is_null());
        let criteria = criteria.map(|node| reading.node(node)).transpose()?;
        joins(&columns, reading.lookups)?;
        Ok(Self { module, view, columns, criteria, page, calendar, callback })
    }

    /// Records of a page.
    #[must_use]
    pub const fn page_size(&self) -> usize {
        if self.calendar { assumptions::EXPORT_ICS_PAGE } else { assumptions::EXPORT_PAGE }
    }

    /// The condition over the table `t`.
    ///
    /// # Errors
    /// What of it cannot be asked, which reading it has ruled out.
    pub fn clause(&self, metadata: &Metadata, viewpoint: &Viewpoint) -> Result<Clause, FilterError> {
        let view = self.view.map(|view| Filter::of_view(&view.criteria));
        let filter = Filter::All(view.into_iter().chain(self.criteria.clone()).collect());
        let mut clause = Clause::default();
        filter.write(metadata, self.module, viewpoint, &mut clause)?;
        Ok(clause)
    }

    /// The query as status answers repeat it: as it came, with the page.
    #[must_use]
    pub fn echo(body: &Json) -> Json {
        let mut echo = body["query"].clone();
        if let Some(object) = echo.as_object_mut() {
            object.shift_remove("file_type");
            object.entry("page").or_insert(json!(1));
            if let Some(name) = module_name(&object["module"]).map(str::to_owned) {
                object.insert("module".to_owned(), json!(name));
            }
        }
        echo
    }
}

/// A module as older and as newer callers write it: its name, or an object with it.
#[must_use]
pub fn module_name(value: &Json) -> Option<&str> {
    value.as_str().or_else(|| value["api_name"].as_str())
}

fn not_supported() -> Reply {
    refuse("QUERY_NOT_SUPPORTED", "The query is not supported", json!({}))
}

fn module<'a>(metadata: &'a Metadata, name: &str) -> Result<&'a Module, Reply> {
    let module = metadata.module(name).ok_or_else(|| {
        refuse("MODULE_NOT_AVAILABLE", "The module is not available", json!({ "api_name": name }))
    })?;
    let exported = assumptions::EXPORTED.contains(&module.api_name);
    exported.then_some(module).ok_or_else(module_not_supported)
}

fn module_not_supported() -> Reply {
    refuse("MODULE_NOT_SUPPORTED", "The module is not supported", json!({}))
}

/// `file_type` stands beside the query, or in it.
fn calendar(body: &Map<String, Json>, query: &Map<String, Json>, module: &Module) -> Result<bool, Reply> {
    let kind = body.get("file_type").or_else(|| query.get("file_type")).filter(|kind| !kind.is_null());
    match kind.map(|kind| kind.as_str().unwrap_or_default()) {
        None | Some("csv") => Ok(false),
        Some("ics") if module.api_name == "Events" => Ok(true),
        Some("ics") => Err(module_not_supported()),
        Some(_) => {
            let details = json!({ "api_name": "file_type", "supported": ["csv", "ics"] });
            Err(refuse("NOT_SUPPORTED_FEATURE", "The feature is not supported", details))
        }
    }
}

fn page(page: Option<&Json>) -> Result<usize, Reply> {
    let Some(page) = page.filter(|page| !page.is_null()) else { return Ok(1) };
    let details = json!({ "max_limit": assumptions::EXPORT_PAGES });
    match page.as_u64() {
        None | Some(0) => Err(refuse("PAGE_NOT_SUPPORTED", "The page is not supported", details)),
        Some(page) if page > assumptions::EXPORT_PAGES => {
            Err(refuse("PAGE_RANGE_EXCEEDED", "The page is beyond the last one possible", details))
        }
        Some(page) => Ok(usize::try_from(page).unwrap_or(usize::MAX)),
    }
}

fn view<'a>(module: &'a Module, cvid: &Json) -> Result<&'a View, Reply> {
    let id = cvid.as_str().map_or_else(|| cvid.to_string(), str::to_owned);
    let view = Id::parse(&id).and_then(|id| module.views.iter().find(|view| view.id == id));
    view.ok_or_else(|| refuse("CVID_NOT_SUPPORTED", "The custom view is not supported", json!({})))
}

/// The columns of the file. Without `fields`, or with too many of them, every one.
fn columns(metadata: &Metadata, module: &Module, fields: Option<&Json>) -> Result<Vec<Path>, Reply> {
    let fields = match fields {
        None => return Ok(Path::all(module).collect()),
        Some(fields) => fields.as_array().ok_or_else(not_supported)?,
    };
    if fields.is_empty() || fields.len() > assumptions::EXPORT_FIELDS {
        return Ok(Path::all(module).collect());
    }
    let mut columns: Vec<Path> = Path::all(module).take(1).collect();
    for field in fields {
        let name = field.as_str().ok_or_else(not_supported)?;
        let path = Path::read(metadata, module, name).map_err(|missing| match missing {
            Missing::Unknown => {
                let details = json!({ "api_name": name, "module": module.api_name });
                refuse("FIELD_NOT_AVAILABLE", "The field is not available", details)
            }
            Missing::Closed => {
                refuse("FIELD_NOT_SUPPORTED", "The field is not supported", json!({ "api_name": name }))
            }
        })?;
        if !columns.contains(&path) {
            columns.push(path);
        }
    }
    Ok(columns)
}

fn joins(columns: &[Path], mut lookups: Vec<&str>) -> Result<(), Reply> {
    lookups.extend(columns.iter().filter(|path| path.joined.is_some()).map(|path| path.field));
    lookups.sort_unstable();
    lookups.dedup();
    if lookups.len() > assumptions::EXPORT_JOINS {
        return Err(refuse("JOIN_LIMIT_EXCEEDED", "The query looks through too many lookups", json!({})));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::{reply::Content, world::Prefix};

    fn code(body: Json) -> String {
        let metadata = Metadata::new(Prefix::of_seed(1));
        let viewpoint = Viewpoint { user: Id::from_raw(77), today: jiff::civil::date(2026, 3, 2) };
        match Query::read(&metadata, &[], &viewpoint, &body).map(|query| query.columns.len()) {
            Ok(_) => "taken".to_owned(),
            Err(Reply { content: Content::Json(body), .. }) => {
                body["code"].as_str().expect("a code").to_owned()
            }
            Err(other) => format!("{other:?}"),
        }
    }

    fn of_contacts(key: &str, value: Json) -> String {
        let mut query = json!({ "module": "Contacts" });
        query[key] = value;
        code(json!({ "query": query }))
    }

    #[test]
    fn each_part_of_a_query_is_checked() {
        assert_eq!(code(json!([])), "REQUEST_BODY_NOT_SUPPORTED");
        assert_eq!(code(json!({})), "QUERY_NOT_SUPPORTED");
        assert_eq!(code(json!({ "query": {} })), "QUERY_NOT_SUPPORTED");
        assert_eq!(code(json!({ "query": { "module": "Leads" } })), "MODULE_NOT_AVAILABLE");
        assert_eq!(code(json!({ "query": { "module": "Notes" } })), "MODULE_NOT_SUPPORTED");
        assert_eq!(code(json!({ "query": { "module": { "api_name": "Contacts" } } })), "taken");
        assert_eq!(of_contacts("page", json!(0)), "PAGE_NOT_SUPPORTED");
        assert_eq!(of_contacts("page", json!("1")), "PAGE_NOT_SUPPORTED");
        assert_eq!(of_contacts("page", json!(501)), "PAGE_RANGE_EXCEEDED");
        assert_eq!(of_contacts("page", json!(500)), "taken");
        assert_eq!(of_contacts("cvid", json!("1")), "CVID_NOT_SUPPORTED");
        assert_eq!(of_contacts("fields", json!(["Nothing"])), "FIELD_NOT_AVAILABLE");
        assert_eq!(of_contacts("fields", json!(["Record_Image"])), "FIELD_NOT_SUPPORTED");
        assert_eq!(of_contacts("fields", json!(["Account_Name.Phone", "Owner.last_name"])), "taken");
        assert_eq!(of_contacts("page_token", json!("x")), "taken");
    }

    #[test]
    fn calendars_are_for_events_without_fields() {
        assert_eq!(code(json!({ "query": { "module": "Events" }, "file_type": "ics" })), "taken");
        assert_eq!(code(json!({ "query": { "module": "Events", "file_type": "ics" } })), "taken");
        assert_eq!(
            code(json!({ "query": { "module": "Tasks" }, "file_type": "ics" })),
            "MODULE_NOT_SUPPORTED"
        );
        let fields = json!({ "module": "Events", "fields": ["Venue"] });
        assert_eq!(code(json!({ "query": fields, "file_type": "ics" })), "QUERY_NOT_SUPPORTED");
        let xml = json!({ "query": { "module": "Events" }, "file_type": "xml" });
        assert_eq!(code(xml), "NOT_SUPPORTED_FEATURE");
    }

    #[test]
    fn criteria_are_refused_by_the_code_that_fits() {
        let condition = |name: &str, comparator: &str, value: Json| {
            of_contacts("criteria", json!({ "api_name": name, "comparator": comparator, "value": value }))
        };
        assert_eq!(condition("Email", "starts_with", json!("a")), "taken");
        assert_eq!(condition("Owner.last_name", "equal", json!("Rao")), "taken");
        assert_eq!(
            condition("Satisfaction", "greater_than", json!("${EMPTY}")),
            "COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE"
        );
        assert_eq!(condition("Nothing", "equal", json!("a")), "FIELD_IN_CRITERIA_NOT_AVAILABLE");
        assert_eq!(condition("Description", "equal", json!("a")), "FIELD_IN_CRITERIA_NOT_SUPPORTED");
        assert_eq!(
            condition("Email", "sounds_like", json!("a")),
            "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED"
        );
        assert_eq!(
            condition("Email", "less_than", json!("a")),
            "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE"
        );
        assert_eq!(
            condition("Birthday", "equal", json!("soon")),
            "FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE"
        );
        assert_eq!(
            condition("Birthday", "between", json!(["2026-03-01"])),
            "COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE"
        );
        assert_eq!(condition("Email", "equal", json!(["a"])), "VALUE_TYPE_NOT_SUPPORTED");
        assert_eq!(condition("Email", "in", json!("a")), "VALUE_TYPE_NOT_SUPPORTED");
        assert_eq!(condition("Email", "in", json!(vec!["a"; 200])), "taken");
        assert_eq!(condition("Email", "in", json!(vec!["a"; 201])), "VALUE_LIMIT_EXCEEDED_IN_CRITERIA");
        assert_eq!(condition("Email", "equal", json!("a".repeat(256))), "VALUE_IN_CRITERIA_NOT_SUPPORTED");

        let one = json!({ "field": { "api_name": "Email" }, "comparator": "equal", "value": "a" });
        let group = |operator: &str, times: usize| {
            of_contacts("criteria", json!({ "group_operator": operator, "group": vec![one.clone(); times] }))
        };
        assert_eq!(group("and", 25), "taken");
        assert_eq!(group("OR", 26), "CRITERIA_LIMIT_EXCEEDED");
        assert_eq!(group("xor", 2), "GROUP_OPERATOR_NOT_SUPPORTED");
        assert_eq!(group("or", 0), "AMBIGUOUS_GROUP_IN_CRITERIA");
        assert_eq!(of_contacts("criteria", json!({ "group": [one] })), "AMBIGUOUS_GROUP_IN_CRITERIA");
        let both = json!({ "group_operator": "or", "group": [one], "api_name": "Email" });
        assert_eq!(of_contacts("criteria", both), "AMBIGUOUS_CRITERIA");
        assert_eq!(of_contacts("criteria", json!({ "api_name": "Email" })), "AMBIGUOUS_CRITERIA");
        assert_eq!(of_contacts("criteria", json!("Email = a")), "INVALID_CRITERIA");
        assert_eq!(of_contacts("criteria", json!({})), "CRITERIA_NOT_SUPPORTED");
    }

    #[test]
    fn callbacks_are_posted_to_an_address() {
        let callback = |callback: Json| code(json!({ "callback": callback, "query": { "module": "Calls" } }));
        assert_eq!(callback(json!({ "url": "http://127.0.0.1:1/done", "method": "post" })), "taken");
        assert_eq!(
            callback(json!({ "url": "http://127.0.0.1:1/done", "method": "get" })),
            "INVALID_CALLBACK_METHOD"
        );
        assert_eq!(callback(json!({ "url": "http://127.0.0.1:1/done" })), "INVALID_CALLBACK_METHOD");
        assert_eq!(callback(json!({ "url": "done", "method": "post" })), "INVALID_CALLBACK_URL");
        assert_eq!(callback(json!({ "method": "post" })), "INVALID_CALLBACK_URL");
    }
}
