//! Users, roles, profiles and the organisation.

mod change;

use bigin::sandbox::{Edition, Options};
use reqwest::{Method, multipart};
use serde_json::{Value, json};

use crate::desk::{Answer, Desk};

impl Desk {
    async fn users(&self, query: &str) -> Vec<Value> {
        let body = self.get(&format!("/bigin/v2/users{query}")).await.json();
        body["users"].as_array().cloned().unwrap_or_default()
    }

    /// Somebody to add, with keys of the body changed or, where null, left out.
    async fn newcomer(&self, changes: Value) -> Value {
        let (roles, profiles) = (
            self.get("/bigin/v2/settings/roles").await.json(),
            self.get("/bigin/v2/settings/profiles").await.json(),
        );
        let mut user = json!({
            "first_name": "Idris", "last_name": "Okafor", "email": "idris@example.test",
            "role": roles["roles"][1]["id"], "profile": profiles["profiles"][1]["id"],
        });
        for (key, value) in changes.as_object().into_iter().flatten() {
            user[key] = value.clone();
        }
        let object = user.as_object().expect("an object");
        json!({ "users": [object.iter().filter(|(_, value)| !value.is_null()).collect::<std::collections::BTreeMap<_, _>>()] })
    }

    async fn add(&self, changes: Value) -> Answer {
        self.post("/bigin/v2/users", &self.newcomer(changes).await).await
    }

    /// Frees a licence by deleting the last user.
    async fn make_room(&self) -> String {
        let users = self.users("").await;
        let id = users.last().expect("a user")["id"].as_str().expect("an id").to_owned();
        self.delete(&format!("/bigin/v2/users/{id}")).await.expect(200);
        id
    }
}

/// The one result of an answer about users.
#[track_caller]
fn result(answer: &Answer, status: u16) -> Value {
    let body = answer.expect(status);
    assert_eq!(body["users"].as_array().map(Vec::len), Some(1), "{body}");
    body["users"][0].clone()
}

#[track_caller]
fn failed(answer: &Answer, code: &str) -> Value {
    let result = result(answer, 400);
    assert_eq!((&result["code"], &result["status"]), (&json!(code), &json!("error")), "{result}");
    result["details"].clone()
}

#[tokio::test]
async fn users_are_listed_with_the_keys_of_the_live_service() {
    let desk = Desk::open().await;
    let answer = desk.get("/bigin/v2/users").await;
    let body = answer.expect(200);
    assert_eq!(body["info"], json!({ "per_page": 200, "count": 8, "page": 1, "more_records": false }));
    let user = &body["users"][0];
    for key in [
        "id",
        "zuid",
        "first_name",
        "last_name",
        "full_name",
        "alias",
        "email",
        "phone",
        "mobile",
        "fax",
        "website",
        "dob",
        "signature",
        "role",
        "profile",
        "status",
        "confirm",
        "category",
        "Isonline",
        "microsoft",
        "personal_account",
        "sandboxDeveloper",
        "country",
        "state",
        "city",
        "street",
        "zip",
        "language",
        "locale",
        "country_locale",
        "time_zone",
        "offset",
        "time_format",
        "date_format",
        "name_format",
        "sort_order_preference",
        "decimal_separator",
        "number_separator",
        "default_tab_group",
        "created_by",
        "created_time",
        "Modified_By",
        "Modified_Time",
        "theme",
        "customize_info",
        "$current_shift",
        "$next_shift",
        "$shift_effective_from",
    ] {
        assert!(user.get(key).is_some(), "{key} missing in {user}");
    }
    assert_eq!(user["status"], "active");
    assert!(user["offset"].as_i64().is_some_and(|offset| offset % 60_000 == 0));
    assert!(user["role"]["name"].is_string() && user["profile"]["name"].is_string());
    let one = desk.get(&format!("/bigin/v2/users/{}", user["id"].as_str().expect("an id"))).await.expect(200);
    assert_eq!(&one["users"][0], user);
    assert_eq!(desk.get("/bigin/v2/users/1").await.expect(204), Value::Null);
}

#[tokio::test]
async fn types_choose_users_and_their_words_are_exact() {
    let desk = Desk::open().await;
    desk.make_room().await;
    let added = result(&desk.add(json!({})).await, 201)["details"]["id"].clone();
    let one = desk.users("").await[1]["id"].as_str().expect("an id").to_owned();
    let off = json!({ "users": [{ "status": "inactive" }] });
    desk.put(&format!("/bigin/v2/users/{one}"), &off).await.expect(200);

    let count = async |kind: &str| desk.users(&format!("?type={kind}")).await.len();
    assert_eq!(count("AllUsers").await, 8);
    assert_eq!(count("ActiveUsers").await, 7);
    assert_eq!(count("DeactiveUsers").await, 1);
    assert_eq!(count("ConfirmedUsers").await, 7);
    assert_eq!(count("DeletedUsers").await, 1);
    assert_eq!(count("ActiveConfirmedUsers").await, 6);
    let waiting = desk.users("?type=NotConfirmedUsers").await;
    assert_eq!(waiting.iter().map(|user| user["id"].clone()).collect::<Vec<_>>(), [added]);
    let admins = desk.users("?type=AdminUsers").await;
    assert!(admins.iter().all(|user| user["profile"]["name"] == "Administrator") && !admins.is_empty());
    assert!(count("ActiveConfirmedAdmins").await <= admins.len());
    let me = desk.users("?type=CurrentUser").await;
    assert_eq!((me.len(), &me[0]["profile"]["name"]), (1, &json!("Administrator")));
    for wrong in ["currentuser", "ActiveUser", "Everybody"] {
        desk.get(&format!("/bigin/v2/users?type={wrong}")).await.refused(400, "INVALID_DATA");
    }
}

#[tokio::test]
async fn the_current_user_is_who_granted_the_token() {
    let desk = Desk::open().await;
    desk.sandbox.ready().await.expect("a seeded organisation");
    let (id, name) = desk.sandbox.sandbox().people()[2].clone();
    let token = desk.token_for("ZohoBigin.users.READ", Some(&id)).await;
    let desk = desk.acting(token);
    assert_eq!(desk.users("?type=CurrentUser").await[0]["full_name"], name);
}

#[tokio::test]
async fn users_come_in_pages() {
    let desk = Desk::open().await;
    let all = desk.users("").await;
    let page = desk.get("/bigin/v2/users?page=2&per_page=3").await.expect(200);
    assert_eq!(page["users"], json!(all[3..6]));
    assert_eq!(page["info"], json!({ "per_page": 3, "count": 3, "page": 2, "more_records": true }));
    assert_eq!(desk.get("/bigin/v2/users?page=9&per_page=3").await.expect(204), Value::Null);
    for wrong in ["page=0", "per_page=0", "per_page=201", "page=-1"] {
        desk.get(&format!("/bigin/v2/users?{wrong}")).await.refused(400, "INVALID_DATA");
    }
    let request =
        desk.request(Method::GET, "/bigin/v2/users").header("If-Modified-Since", "2026-03-02T00:00:00Z");
    assert_eq!(Answer::of(request.send().await.expect("an answer")).await.status, 304);
}

#[tokio::test]
async fn each_operation_on_users_needs_its_scope() {
    let desk = Desk::open().await;
    for (scope, allowed) in [("READ", "GET"), ("CREATE", "POST"), ("WRITE", "PUT"), ("DELETE", "DELETE")] {
        let token = desk.token_for(&format!("ZohoBigin.users.{scope}"), None).await;
        for (method, path) in [("GET", ""), ("POST", ""), ("PUT", ""), ("DELETE", "/1")] {
            let method: Method = method.parse().expect("a method");
            let request = desk.http.request(method.clone(), desk.url(&format!("/bigin/v2/users{path}")));
            let request = request.header("Authorization", format!("Bearer {token}")).json(&json!({}));
            let answer = Answer::of(request.send().await.expect("an answer")).await;
            assert_eq!(answer.status != 401, method.as_str() == allowed, "{scope} {method}: {}", answer.text);
        }
        desk.post("/__sandbox/clock", &json!({ "advance_seconds": 60 })).await;
    }
}

#[tokio::test]
async fn roles_form_a_tree_and_profiles_list_permissions() {
    let desk = Desk::open().await;
    let roles = desk.get("/bigin/v2/settings/roles").await.expect(200)["roles"].clone();
    assert_eq!((&roles[0]["name"], &roles[0]["reporting_to"]), (&json!("CEO"), &Value::Null));
    for role in roles.as_array().expect("roles") {
        for key in ["id", "name", "display_label", "description", "share_with_peers"] {
            assert!(role.get(key).is_some(), "{key} missing in {role}");
        }
        let above = &role["reporting_to"];
        assert!(
            above.is_null() || roles.as_array().into_iter().flatten().any(|other| other["id"] == above["id"])
        );
        let one =
            desk.get(&format!("/bigin/v2/settings/roles/{}", role["id"].as_str().expect("an id"))).await;
        assert_eq!(one.expect(200)["roles"], json!([role]));
    }
    let profiles = desk.get("/bigin/v2/settings/profiles").await.expect(200)["profiles"].clone();
    assert_eq!((&profiles[0]["name"], &profiles[1]["name"]), (&json!("Administrator"), &json!("Standard")));
    let id = profiles[2]["id"].as_str().expect("an id");
    let one = desk.get(&format!("/bigin/v2/settings/profiles/{id}")).await.expect(200)["profiles"][0].clone();
    assert_eq!(one["custom"], true);
    let permissions = one["permissions_details"].as_array().expect("permissions");
    let view = permissions.iter().find(|p| p["name"] == "Crm_Implied_View_Contacts").expect("a permission");
    assert_eq!((&view["module"], &view["enabled"]), (&json!("Contacts"), &json!(true)));
    let listed = one["sections"][0]["categories"][0]["permissions_details"].as_array().expect("ids");
    assert!(listed.iter().all(|id| permissions.iter().any(|permission| permission["id"] == *id)));
    for area in ["roles", "profiles"] {
        assert_eq!(desk.get(&format!("/bigin/v2/settings/{area}/1")).await.expect(204), Value::Null);
    }
}

#[tokio::test]
async fn the_organisation_says_what_it_has_paid_for() {
    for (edition, word, paid) in
        [(Edition::Free, "biginfree", false), (Edition::Premier, "biginpremier", true)]
    {
        let desk = Desk::with(Options { edition, users: 4, deals: 0, ..Options::default() }).await;
        let org = desk.get("/bigin/v2/org").await.expect(200)["org"][0].clone();
        for key in [
            "id",
            "zgid",
            "company_name",
            "alias",
            "description",
            "primary_email",
            "primary_zuid",
            "domain_name",
            "photo_id",
            "phone",
            "mobile",
            "fax",
            "website",
            "employee_count",
            "country",
            "country_code",
            "state",
            "city",
            "street",
            "zip",
            "currency",
            "currency_symbol",
            "currency_locale",
            "iso_code",
            "mc_status",
            "time_zone",
            "hierarchy_preferences",
            "gapps_enabled",
            "lite_users_enabled",
            "translation_enabled",
            "privacy_settings",
            "hipaa_compliance_enabled",
            "deletable_org_account",
            "zia_portal_id",
        ] {
            assert!(org.get(key).is_some(), "{key} missing in {org}");
        }
        assert_eq!(org["id"], desk.sandbox.org_id);
        let licence = &org["license_details"];
        assert_eq!((&licence["paid_type"], &licence["paid"]), (&json!(word), &json!(paid)));
        assert_eq!(licence["users_license_purchased"], 4);
    }
}

#[tokio::test]
async fn the_organisation_s_photo_is_a_picture_of_bounded_size() {
    let desk = Desk::open().await;
    let upload = async |bytes: Vec<u8>| {
        let part = multipart::Part::bytes(bytes).file_name("logo.png");
        let form = multipart::Form::new().part("file", part);
        let request = desk.request(Method::POST, "/bigin/v2/org/photo").multipart(form);
        Answer::of(request.send().await.expect("an answer")).await
    };
    let picture = |side: u32| {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(side.to_be_bytes());
        bytes.extend(side.to_be_bytes());
        bytes
    };
    let done = upload(picture(64)).await.expect(200);
    let expected = json!({ "code": "SUCCESS", "details": {}, "message": "photo uploaded successfully", "status": "success" });
    assert_eq!(done, expected);
    assert!(desk.get("/bigin/v2/org").await.json()["org"][0]["photo_id"].is_string());
    upload(b"plain text".to_vec()).await.refused(400, "INVALID_DATA");
    upload(picture(20_000)).await.refused(415, "FILE_RESOLUTION_EXCEEDS");
    let mut large = picture(64);
    large.resize((10 << 20) + 1, 0);
    upload(large).await.refused(413, "FILE_SIZE_EXCEEDS");
    desk.post("/bigin/v2/org/photo", &json!({})).await.refused(400, "INVALID_DATA");
    let token = desk.token_for("ZohoBigin.org.READ", None).await;
    let desk = desk.acting(token);
    desk.get("/bigin/v2/org").await.expect(200);
    desk.post("/bigin/v2/org/photo", &json!({})).await.refused(401, "OAUTH_SCOPE_MISMATCH");
    desk.get("/bigin/v2/org/currencies").await.refused(404, "INVALID_URL_PATTERN");
}
