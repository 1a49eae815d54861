//! Modules, fields, layouts, custom views, related lists.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

const MODULES: [&str; 7] = ["Contacts", "Pipelines", "Accounts", "Products", "Tasks", "Events", "Calls"];

fn is_id(value: &Value) -> bool {
    value.as_str().is_some_and(|id| (16..=19).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit()))
}

#[track_caller]
fn has_keys(object: &Value, keys: &[&str]) {
    let missing: Vec<_> = keys.iter().filter(|key| object.get(**key).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?} missing in {object}");
}

fn named<'a>(list: &'a Value, key: &str, name: &str) -> &'a Value {
    list.as_array().into_iter().flatten().find(|item| item[key] == name).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn all_modules_are_listed_whatever_the_token_may_see_of_them() {
    let desk = Desk::open().await;
    let token = desk.token_for("ZohoBigin.settings.modules.READ", None).await;
    let desk = desk.acting(token);
    let answer = desk.get("/bigin/v2/settings/modules").await;
    let modules = answer.expect(200)["modules"].clone();
    for name in MODULES {
        let module = named(&modules, "api_name", name);
        assert!(is_id(&module["id"]), "{name}: {module}");
        assert_eq!(module["api_supported"], true);
        assert_eq!(module["show_as_tab"], true);
    }
    for (name, ending) in [
        ("Contacts", "2179"),
        ("Accounts", "2177"),
        ("Pipelines", "2181"),
        ("Notes", "2197"),
        ("Products", "2213"),
    ] {
        let id = named(&modules, "api_name", name)["id"].as_str().expect("an id");
        assert!(id.ends_with(ending), "{name} {id}");
    }
    assert_eq!(named(&modules, "api_name", "Social")["api_supported"], false);
    assert_eq!(named(&modules, "api_name", "Associated_Products")["module_name"], "LinkingModule1");
    assert_eq!(named(&modules, "api_name", "Accounts")["plural_label"], "Companies");
    has_keys(
        &modules[0],
        &[
            "singular_label",
            "actual_singular_label",
            "actual_plural_label",
            "generated_type",
            "access_type",
            "sequence_number",
            "visibility",
            "visible",
            "viewable",
            "creatable",
            "editable",
            "deletable",
            "convertable",
            "quick_create",
            "global_search_supported",
            "filter_supported",
            "feeds_required",
            "scoring_supported",
            "webform_supported",
            "triggers_supported",
            "isBlueprintSupported",
            "emailTemplate_support",
            "email_parser_supported",
            "inventory_template_supported",
            "presence_sub_menu",
            "public_fields_configured",
            "business_card_field_limit",
            "has_more_profiles",
            "profile_count",
            "profiles",
            "arguments",
            "parent_module",
            "modified_by",
            "modified_time",
        ],
    );
    assert_eq!(answer.headers["content-disposition"], "attachment; filename=response.json");
    assert!(answer.headers.contains_key("x-accesstoken-reset"));
}

#[tokio::test]
async fn one_module_tells_more_and_an_unknown_one_is_invalid() {
    let desk = Desk::open().await;
    let body = desk.get("/bigin/v2/settings/modules/Pipelines").await.expect(200);
    let module = &body["modules"][0];
    assert_eq!(module["display_field"], "Deal_Name");
    has_keys(
        module,
        &["per_page", "search_layout_fields", "$properties", "related_list_properties", "custom_view"],
    );
    assert_eq!(module["custom_view"]["system_name"], "ALLVIEWS");
    for name in ["pipelines", "Deals", "Nothing"] {
        desk.get(&format!("/bigin/v2/settings/modules/{name}")).await.refused(400, "INVALID_MODULE");
    }
}

#[tokio::test]
async fn metadata_can_be_asked_for_only_if_it_changed() {
    let desk = Desk::open().await;
    let ask = async |since: &str| {
        let request =
            desk.request(Method::GET, "/bigin/v2/settings/modules").header("If-Modified-Since", since);
        Answer::of(request.send().await.expect("an answer")).await
    };
    assert_eq!(ask("2026-03-01T00:00:00+05:30").await.expect(304), Value::Null);
    ask("1999-03-01T00:00:00+05:30").await.expect(200);
}

#[tokio::test]
async fn fields_of_every_module_say_what_a_client_needs() {
    let desk = Desk::open().await;
    for module in MODULES {
        let body = desk.get(&format!("/bigin/v2/settings/fields?module={module}")).await.expect(200);
        let fields = body["fields"].as_array().expect("fields");
        for field in fields {
            assert!(is_id(&field["id"]), "{field}");
            has_keys(
                field,
                &[
                    "api_name",
                    "field_label",
                    "display_label",
                    "data_type",
                    "json_type",
                    "length",
                    "decimal_place",
                    "system_mandatory",
                    "read_only",
                    "field_read_only",
                    "visible",
                    "custom_field",
                    "view_type",
                    "operation_type",
                    "display_field",
                    "default_value",
                    "pick_list_values",
                    "lookup",
                    "currency",
                    "formula",
                    "auto_number",
                    "unique",
                    "searchable",
                    "filterable",
                    "sortable",
                    "sequence_number",
                    "profiles",
                    "tooltip",
                ],
            );
            has_keys(&field["view_type"], &["view", "edit", "create", "quick_create"]);
        }
        assert_eq!(fields.iter().filter(|field| field["display_field"] == true).count(), 1, "{module}");
    }
}

#[tokio::test]
async fn fields_of_deals_are_those_of_the_reference() {
    let desk = Desk::open().await;
    let fields = desk.get("/bigin/v2/settings/fields?module=Pipelines").await.expect(200)["fields"].clone();
    let field = |name| named(&fields, "api_name", name);
    for (name, data_type, json_type) in [
        ("Deal_Name", "text", "string"),
        ("Sub_Pipeline", "picklist", "string"),
        ("Stage", "picklist", "string"),
        ("Amount", "currency", "double"),
        ("Closing_Date", "date", "string"),
        ("Contact_Name", "lookup", "jsonobject"),
        ("Account_Name", "lookup", "jsonobject"),
        ("Owner", "ownerlookup", "jsonobject"),
        ("Secondary_Contacts", "multiselectlookup", "jsonarray"),
        ("Description", "textarea", "string"),
        ("Created_Time", "datetime", "string"),
    ] {
        assert_eq!(field(name)["data_type"], data_type, "{name}");
        assert_eq!(field(name)["json_type"], json_type, "{name}");
    }
    for name in ["Deal_Name", "Sub_Pipeline", "Stage"] {
        assert_eq!(field(name)["system_mandatory"], true, "{name}");
    }
    assert_eq!(field("Deal_Name")["length"], 120);
    assert_eq!(field("Amount")["currency"], json!({ "rounding_option": "normal", "precision": 2 }));
    assert_eq!(field("Account_Name")["lookup"]["module"]["api_name"], "Accounts");
    assert_eq!(field("Modified_Time")["field_read_only"], true);
    let won = named(&field("Stage")["pick_list_values"], "actual_value", "Closed Won");
    has_keys(
        won,
        &["id", "display_value", "sequence_number", "type", "colour_code", "maps", "forecast_category"],
    );
    assert_eq!((&won["probability"], &won["forecast_type"]), (&json!(100), &json!("Closed Won")));
    assert_eq!(won["sys_ref_name"], "Closed_Won");
}

#[tokio::test]
async fn the_address_of_contacts_is_unique_and_custom_fields_are_marked() {
    let desk = Desk::open().await;
    let fields = desk.get("/bigin/v2/settings/fields?module=Contacts").await.expect(200)["fields"].clone();
    assert_eq!(named(&fields, "api_name", "Email")["unique"], json!({ "casesensitive": "0" }));
    assert_eq!(named(&fields, "api_name", "Last_Name")["unique"], json!({}));
    assert_eq!(named(&fields, "api_name", "Last_Name")["custom_field"], false);
    let deals = desk.get("/bigin/v2/settings/fields?module=Pipelines").await.expect(200)["fields"].clone();
    let custom = deals.as_array().into_iter().flatten().filter(|field| field["custom_field"] == true).count();
    assert!((1..=50).contains(&custom), "{custom}");
}

#[tokio::test]
async fn one_field_is_found_by_its_id() {
    let desk = Desk::open().await;
    let fields = desk.get("/bigin/v2/settings/fields?module=Tasks").await.expect(200)["fields"].clone();
    let id = fields[0]["id"].as_str().expect("an id");
    let one = desk.get(&format!("/bigin/v2/settings/fields/{id}?module=Tasks")).await.expect(200);
    assert_eq!(one["fields"], json!([fields[0]]));
    assert_eq!(desk.get("/bigin/v2/settings/fields/1?module=Tasks").await.expect(204), Value::Null);
}

#[tokio::test]
async fn a_team_pipeline_is_a_layout_whose_sub_pipelines_map_to_stages() {
    let desk = Desk::open().await;
    let body = desk.get("/bigin/v2/settings/layouts?module=Pipelines").await.expect(200);
    let layouts = body["layouts"].as_array().expect("layouts");
    assert_eq!(layouts.len(), 3);
    let mut sub_pipelines = 0;
    for layout in layouts {
        assert_eq!((&layout["status"], &layout["visible"]), (&json!("active"), &json!(true)));
        has_keys(layout, &["id", "name", "display_label", "profiles", "sections"]);
        let fields: Vec<&Value> = layout["sections"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|s| s["fields"].as_array())
            .flatten()
            .collect();
        let field = |name| *fields.iter().find(|field| field["api_name"] == name).expect(name);
        has_keys(field("Deal_Name"), &["required", "validation_rule", "section_id", "sequence_number"]);
        let stages = field("Stage")["pick_list_values"].as_array().expect("stages");
        let subs = field("Sub_Pipeline")["pick_list_values"].as_array().expect("sub-pipelines");
        sub_pipelines += subs.len();
        for sub in subs {
            assert_eq!(sub["maps"][0]["api_name"], "Stage");
            let mapped = sub["maps"][0]["pick_list_values"].as_array().expect("stages");
            assert!(!mapped.is_empty());
            for stage in mapped {
                assert!(stages.iter().any(|known| known["id"] == stage["id"]), "{stage}");
            }
        }
        let first = subs[0]["actual_value"].as_str().expect("a value");
        assert_eq!(first, format!("{} Standard", layout["name"].as_str().expect("a name")));
        let id = layout["id"].as_str().expect("an id");
        let one = desk.get(&format!("/bigin/v2/settings/layouts/{id}?module=Pipelines")).await.expect(200);
        assert_eq!(one["layouts"], json!([layout]));
    }
    assert_eq!(sub_pipelines, 4);
    desk.get("/bigin/v2/settings/layouts/1?module=Pipelines").await.refused(400, "INVALID_DATA");
    desk.get("/bigin/v2/settings/layouts?module=Contacts").await.expect(200);
}

#[tokio::test]
async fn custom_views_come_in_pages_and_one_by_one_with_criteria() {
    let desk = Desk::open().await;
    let body = desk.get("/bigin/v2/settings/custom_views?module=Pipelines").await.expect(200);
    let views = body["custom_views"].as_array().expect("views");
    assert_eq!(body["info"]["count"], views.len());
    assert_eq!(body["info"]["more_records"], false);
    assert_eq!((&body["info"]["per_page"], &body["info"]["page"]), (&json!(200), &json!(1)));
    has_keys(
        &body["info"]["translation"],
        &["public_views", "other_users_views", "shared_with_me", "created_by_me"],
    );
    let all = named(&body["custom_views"], "system_name", "ALLVIEWS");
    assert_eq!((&all["default"], &all["category"]), (&json!(true), &json!("public_views")));
    assert_eq!(body["info"]["default"], all["id"]);
    has_keys(
        all,
        &[
            "name",
            "display_value",
            "access_type",
            "system_defined",
            "locked",
            "offline",
            "favorite",
            "module",
        ],
    );
    assert!(all.get("criteria").is_none());

    let mine = views.iter().find(|view| view["category"] == "created_by_me").expect("a view of the caller");
    let id = mine["id"].as_str().expect("an id");
    let one = desk.get(&format!("/bigin/v2/settings/custom_views/{id}?module=Pipelines")).await.expect(200);
    let one = &one["custom_views"][0];
    has_keys(one, &["fields", "criteria", "shared_to", "sort_by", "sort_order"]);
    assert_eq!(one["criteria"]["group_operator"], "and");
    for condition in one["criteria"]["group"].as_array().expect("conditions") {
        has_keys(condition, &["comparator", "field", "value"]);
        assert!(is_id(&condition["field"]["id"]));
    }

    let page = "/bigin/v2/settings/custom_views?module=Pipelines&per_page=1&page=2";
    let second = desk.get(page).await.expect(200);
    assert_eq!(second["custom_views"].as_array().map(Vec::len), Some(1));
    assert_eq!(second["custom_views"][0]["id"], views[1]["id"]);
    assert_eq!(second["info"]["more_records"], views.len() > 2);
    assert_eq!(desk.get("/bigin/v2/settings/custom_views/1?module=Pipelines").await.expect(204), Value::Null);
    for wrong in ["page=0", "page=x", "per_page=201", "page=99999999999999999999"] {
        let path = format!("/bigin/v2/settings/custom_views?module=Pipelines&{wrong}");
        desk.get(&path).await.refused(400, "INVALID_DATA");
    }
}

#[tokio::test]
async fn related_lists_say_where_their_records_are() {
    let desk = Desk::open().await;
    let body = desk.get("/bigin/v2/settings/related_lists?module=Pipelines").await.expect(200);
    for (name, module) in [("Notes", "Notes"), ("Attachments", "Attachments"), ("Products", "Products")] {
        let list = named(&body["related_lists"], "api_name", name);
        assert_eq!(list["href"], format!("Pipelines/{{ENTITYID}}/{name}"));
        assert_eq!(list["module"]["api_name"], module);
        assert!(list["sequence_number"].is_string(), "{list}");
        has_keys(
            list,
            &["id", "display_label", "name", "action", "type", "connectedmodule", "linkingmodule", "visible"],
        );
    }
    for module in MODULES {
        desk.get(&format!("/bigin/v2/settings/related_lists?module={module}")).await.expect(200);
    }
}

#[tokio::test]
async fn the_module_is_needed_known_and_open_to_the_api() {
    let desk = Desk::open().await;
    for area in ["fields", "layouts", "custom_views", "related_lists"] {
        let path = format!("/bigin/v2/settings/{area}");
        assert_eq!(
            desk.get(&path).await.refused(400, "REQUIRED_PARAM_MISSING"),
            json!({ "param_name": "module" })
        );
        for module in ["contacts", "Deals", "Social", "%00", "../Contacts"] {
            let details = desk.get(&format!("{path}?module={module}")).await.refused(400, "INVALID_MODULE");
            assert_eq!(details, json!({ "resource_path_index": 0 }));
        }
        desk.post(&format!("{path}?module=Contacts"), &json!({}))
            .await
            .refused(400, "INVALID_REQUEST_METHOD");
    }
}

#[tokio::test]
async fn each_area_needs_its_scope() {
    let desk = Desk::open().await;
    let narrow = desk.token_for("ZohoBigin.settings.fields.READ,ZohoBigin.modules.ALL", None).await;
    let wide = desk.token_for("ZohoBigin.settings.ALL", None).await;
    let desk = desk.acting(narrow);
    desk.get("/bigin/v2/settings/fields?module=Contacts").await.expect(200);
    for area in ["layouts", "custom_views", "related_lists"] {
        let path = format!("/bigin/v2/settings/{area}?module=Contacts");
        assert_eq!(desk.get(&path).await.refused(401, "OAUTH_SCOPE_MISMATCH"), json!({}));
    }
    let desk = desk.acting(wide);
    for area in ["fields", "layouts", "custom_views", "related_lists"] {
        desk.get(&format!("/bigin/v2/settings/{area}?module=Contacts")).await.expect(200);
    }
}

#[tokio::test]
async fn only_administrators_see_fields_and_layouts() {
    let desk = Desk::open().await;
    let world_user = desk.sandbox.sandbox().people();
    let mut refused = 0;
    for (id, _) in world_user.iter().take(4) {
        let token = desk.token_for("ZohoBigin.settings.ALL", Some(id)).await;
        let header = format!("Zoho-oauthtoken {token}");
        let request = desk.http.get(desk.url("/bigin/v2/settings/layouts?module=Pipelines"));
        let answer = request.header("Authorization", header).send().await.expect("an answer");
        let answer = Answer::of(answer).await;
        if answer.status == 403 {
            let details = answer.refused(403, "NO_PERMISSION");
            assert!(details["permissions"][0].as_str().is_some_and(|name| name.starts_with("Crm_Implied_")));
            refused += 1;
        }
    }
    assert!(refused > 0);
    assert_eq!(desk.get("/bigin/v2/settings/layouts?module=Pipelines").await.status, 200);
}
