//! Lists, single records and counts.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-records.html>

use std::collections::BTreeSet;

use bigin::sandbox::Options;
use reqwest::Method;
use serde_json::json;

use super::{id, ids, keys, layouts};
use crate::desk::{Answer, Desk};

const NAMES: &str = "fields=Last_Name,Email,Owner";

#[tokio::test]
async fn a_list_has_the_asked_keys_and_id_and_nine_keys_of_info() {
    let desk = Desk::open().await;
    let body = desk.get(&format!("/bigin/v2/Contacts?{NAMES}&per_page=3")).await.expect(200);
    let record = &body["data"][0];
    assert_eq!(keys(record), BTreeSet::from(["id", "Last_Name", "Email", "Owner"]));
    assert_eq!(keys(&record["Owner"]), BTreeSet::from(["name", "id", "email"]));
    let info = [
        "per_page",
        "next_page_token",
        "count",
        "sort_by",
        "page",
        "previous_page_token",
        "page_token_expiry",
        "sort_order",
        "more_records",
    ];
    assert_eq!(keys(&body["info"]), BTreeSet::from(info));
    assert_eq!(body["info"]["count"], 3);
    assert_eq!(body["info"]["sort_by"], "id");
    assert_eq!(body["info"]["sort_order"], "desc");
    assert_eq!(body["info"]["more_records"], true);
    assert!(body["info"]["next_page_token"].is_string());
}

#[tokio::test]
async fn lists_want_fields_and_pass_over_unknown_ones_and_criteria() {
    let desk = Desk::open().await;
    assert_eq!(
        desk.get("/bigin/v2/Contacts").await.refused(400, "REQUIRED_PARAM_MISSING")["param_name"],
        "fields"
    );
    for nothing in ["", ",", "%20,%20"] {
        let path = format!("/bigin/v2/Contacts?fields={nothing}");
        assert_eq!(
            desk.get(&path).await.refused(400, "REQUIRED_PARAM_MISSING")["param_name"],
            "fields",
            "{path}"
        );
    }
    let many = vec!["Last_Name"; 51].join(",");
    let details = desk.get(&format!("/bigin/v2/Contacts?fields={many}")).await.refused(400, "LIMIT_EXCEEDED");
    assert_eq!(details, json!({ "limit": 50, "param_name": "fields" }));
    let body =
        desk.get("/bigin/v2/Contacts?fields=Nonsense&criteria=(Last_Name:equals:nobody)").await.expect(200);
    assert_eq!(keys(&body["data"][0]), BTreeSet::from(["id"]));
    assert_eq!(
        desk.get("/bigin/v2/People?fields=id").await.refused(400, "INVALID_MODULE")["resource_path_index"],
        0
    );
    desk.get("/bigin/v2/Social?fields=id").await.refused(400, "INVALID_MODULE");
    desk.get("/bigin/v2/Contacts/abc?fields=id").await.refused(404, "INVALID_URL_PATTERN");
    let lenient = Desk::with(Options { deals: 5, strict: false, ..Options::default() }).await;
    lenient.get("/bigin/v2/Contacts").await.expect(200);
}

#[tokio::test]
async fn bad_parameters_are_named() {
    let desk = Desk::open().await;
    let table = [
        ("sort_by=Last_Name", "INVALID_DATA", "sort_by"),
        ("sort_order=up", "INVALID_DATA", "sort_order"),
        ("page=0", "INVALID_DATA", "page"),
        ("per_page=x", "INVALID_DATA", "per_page"),
        ("per_page=201", "LIMIT_EXCEEDED", "per_page"),
        ("cvid=12", "INVALID_DATA", "cvid"),
        ("ids=1,x", "INVALID_DATA", "ids"),
        ("approved=maybe", "INVALID_DATA", "approved"),
        ("page_token=abc", "TOKEN_BOUND_DATA_MISMATCH", "page_token"),
    ];
    for (query, code, name) in table {
        let details = desk.get(&format!("/bigin/v2/Contacts?fields=id&{query}")).await.refused(400, code);
        assert_eq!(details["param_name"], name, "{query}");
    }
    let query = "/bigin/v2/Pipelines?fields=id&pipeline_id=1";
    assert_eq!(desk.get(query).await.refused(400, "INVALID_DATA")["param_name"], "pipeline_id");
}

#[tokio::test]
async fn pages_by_number_and_by_token_see_every_record_once() {
    let desk = Desk::with(Options { deals: 60, ..Options::default() }).await;
    for sort in ["", "&sort_by=Modified_Time", "&sort_by=Created_Time&sort_order=asc", "&sort_order=asc"] {
        let list = format!("/bigin/v2/Pipelines?fields=Deal_Name,Modified_Time{sort}&per_page=17");
        let all = desk.get(&list.replace("per_page=17", "per_page=200")).await.expect(200);
        let all = ids(&all);
        assert_eq!(all.len(), 60);
        let (mut numbered, mut walked) = (Vec::new(), Vec::new());
        let mut token: Option<String> = None;
        for page in 1..=4 {
            numbered.extend(ids(&desk.get(&format!("{list}&page={page}")).await.expect(200)));
            let query = token.map_or_else(String::new, |token| format!("&page_token={token}"));
            let body = desk.get(&format!("{list}{query}")).await.expect(200);
            assert_eq!(body["info"]["page"], page);
            walked.extend(ids(&body));
            token = body["info"]["next_page_token"].as_str().map(str::to_owned);
            assert_eq!(token.is_none(), page == 4);
        }
        assert_eq!(numbered, all, "{sort}");
        assert_eq!(walked, all, "{sort}");
        let mut back = desk.get(&format!("{list}&page=4")).await.expect(200);
        let mut seen = ids(&back);
        while let Some(token) = back["info"]["previous_page_token"].as_str() {
            assert!(back["info"]["page_token_expiry"].is_string());
            back = desk.get(&format!("{list}&page_token={token}")).await.expect(200);
            seen.splice(..0, ids(&back));
        }
        assert_eq!(seen, all, "{sort}");
        desk.get(&format!("{list}&page=5")).await.expect(204);
    }
}

#[tokio::test]
async fn a_token_belongs_to_its_list_and_ends_after_a_day() {
    let desk = Desk::open().await;
    let list = "/bigin/v2/Contacts?fields=Last_Name&per_page=5";
    let body = desk.get(list).await.expect(200);
    let token = body["info"]["next_page_token"].as_str().expect("a token");
    desk.get(&format!("/bigin/v2/Contacts?fields=Email&page_token={token}"))
        .await
        .refused(400, "TOKEN_BOUND_DATA_MISMATCH");
    desk.get(&format!("/bigin/v2/Accounts?fields=Last_Name&page_token={token}"))
        .await
        .refused(400, "TOKEN_BOUND_DATA_MISMATCH");
    desk.get(&format!("{list}&page=2&page_token={token}")).await.refused(400, "AMBIGUITY_DURING_PROCESSING");
    let kept = desk.get(&format!("/bigin/v2/Contacts?fields=Last_Name&per_page=9&page_token={token}")).await;
    assert_eq!(kept.expect(200)["info"]["per_page"], 5, "the token keeps its page size");
    desk.sandbox.sandbox().clock.advance(25 * 3600);
    let later = desk.fresh_token().await;
    let desk = desk.acting(later);
    let details = desk.get(&format!("{list}&page_token={token}")).await.refused(400, "EXPIRED_VALUE");
    assert_eq!(details["json_path"], "$.query.page_token");
}

#[tokio::test]
async fn page_numbers_end_at_two_thousand_rows_and_tokens_go_on() {
    let desk = Desk::with(Options { deals: 2_050, ..Options::default() }).await;
    let list = "/bigin/v2/Pipelines?fields=id&per_page=200";
    let tenth = desk.get(&format!("{list}&page=10")).await.expect(200);
    desk.get(&format!("{list}&page=11")).await.refused(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED");
    let token = tenth["info"]["next_page_token"].as_str().expect("a token");
    let eleventh = desk.get(&format!("{list}&page_token={token}")).await.expect(200);
    assert_eq!(ids(&eleventh).len(), 50);
    assert_eq!(eleventh["info"]["page"], 11);
    desk.get("/bigin/v2/Contacts?fields=id&per_page=200&page=11").await.expect(204);
}

#[tokio::test]
async fn unchanged_lists_and_records_are_not_sent_again() {
    let desk = Desk::open().await;
    let get = async |path: &str, since: &str| {
        let request = desk.request(Method::GET, path).header("If-Modified-Since", since);
        Answer::of(request.send().await.expect("an answer")).await
    };
    let list = "/bigin/v2/Contacts?fields=Modified_Time&sort_by=Modified_Time";
    let newest = desk.get(list).await.expect(200)["data"][0].clone();
    let since = newest["Modified_Time"].as_str().expect("a time");
    assert_eq!(get(list, since).await.status, 304);
    assert_eq!(get(&format!("/bigin/v2/Contacts/{}", id(&newest)), since).await.status, 304);
    get(list, "2001-01-01T00:00:00+00:00").await.expect(200);
    desk.sandbox.sandbox().clock.advance(60);
    desk.put("/bigin/v2/Contacts", &json!({ "data": [{ "id": newest["id"], "Title": "Buyer" }] }))
        .await
        .expect(200);
    assert_eq!(ids(&get(list, since).await.expect(200)), [id(&newest)]);
    get(list, "yesterday").await.refused(400, "INVALID_DATA");
}

#[tokio::test]
async fn views_and_team_pipelines_narrow_a_list() {
    let desk = Desk::with(Options { deals: 120, ..Options::default() }).await;
    let views = desk.get("/bigin/v2/settings/custom_views?module=Pipelines").await.expect(200);
    let view = |name: &str| {
        let views = views["custom_views"].as_array().expect("views");
        id(views.iter().find(|view| view["name"] == name).expect(name))
    };
    let big =
        desk.get(&format!("/bigin/v2/Pipelines?fields=Amount,Stage&cvid={}", view("Big open deals"))).await;
    let big = big.expect(200);
    let amounts: Vec<f64> =
        big["data"].as_array().expect("rows").iter().filter_map(|d| d["Amount"].as_f64()).collect();
    assert!(!amounts.is_empty() && amounts.iter().all(|amount| *amount > 20_000.0));
    assert!(amounts.is_sorted_by(|a, b| a >= b), "the view sorts by amount");
    desk.get(&format!("/bigin/v2/Pipelines?fields=id&sort_by=id&cvid={}", view("All Pipelines")))
        .await
        .refused(400, "AMBIGUITY_DURING_PROCESSING");
    let mine = desk
        .get(&format!("/bigin/v2/Pipelines?fields=Owner&cvid={}", view("My Pipelines")))
        .await
        .expect(200);
    let me = desk.sandbox.sandbox().person(None);
    assert!(mine["data"].as_array().expect("rows").iter().all(|deal| deal["Owner"]["id"] == me.as_str()));

    let mut seen = 0;
    for layout in layouts(&desk).await {
        let layout = id(&layout);
        let body =
            desk.get(&format!("/bigin/v2/Pipelines?pipeline_id={layout}&fields=Pipeline")).await.expect(200);
        let rows = body["data"].as_array().expect("rows");
        assert!(rows.iter().all(|deal| deal["Pipeline"]["id"] == layout.as_str()));
        assert_eq!(keys(&rows[0]["Pipeline"]), BTreeSet::from(["name", "id"]));
        seen += rows.len();
    }
    assert_eq!(seen, 120);
}

#[tokio::test]
async fn ids_and_approval_narrow_a_list() {
    let desk = Desk::open().await;
    let some = ids(&desk.get("/bigin/v2/Contacts?fields=id&per_page=3").await.expect(200));
    let body = desk.get(&format!("/bigin/v2/Contacts?fields=id&ids={}", some.join(","))).await.expect(200);
    assert_eq!(ids(&body), some);
    let many = vec![some[0].as_str(); 101].join(",");
    desk.get(&format!("/bigin/v2/Contacts?fields=id&ids={many}")).await.refused(400, "LIMIT_EXCEEDED");
    desk.get("/bigin/v2/Contacts?fields=id&approved=false").await.expect(204);
    desk.get("/bigin/v2/Contacts?fields=id&approved=both").await.expect(200);
}

#[tokio::test]
async fn one_record_comes_whole_or_as_asked_and_a_missing_one_as_nothing() {
    let desk = Desk::open().await;
    let list = desk.get("/bigin/v2/Contacts?fields=Account_Name&per_page=1&sort_order=asc").await.expect(200);
    let first = id(&list["data"][0]);
    let body = desk.get(&format!("/bigin/v2/Contacts/{first}")).await.expect(200);
    assert_eq!(keys(&body), BTreeSet::from(["data"]), "no info");
    let whole = &body["data"][0];
    for key in [
        "Full_Name",
        "Tag",
        "Created_By",
        "$approval",
        "$currency_symbol",
        "$layout_id",
        "Salutation",
        "$state",
    ] {
        assert!(whole.get(key).is_some(), "{key}");
    }
    assert_eq!(keys(&whole["Account_Name"]), BTreeSet::from(["name", "id"]));
    assert!(whole["Tag"].is_array());
    let few = desk.get(&format!("/bigin/v2/Contacts/{first}?fields=Last_Name,Email")).await.expect(200);
    assert_eq!(keys(&few["data"][0]), BTreeSet::from(["id", "Last_Name", "Email"]));
    let nobody = desk.get("/bigin/v2/Contacts/5210437000000999999").await;
    assert_eq!((nobody.status, nobody.text.as_str()), (204, ""));
    desk.get(&format!("/bigin/v2/Accounts/{first}")).await.expect(204);
    desk.get("/bigin/v2/Contacts/99999999999999999999").await.expect(204);
}

#[tokio::test]
async fn counts_count_all_a_view_or_a_search() {
    let desk = Desk::open().await;
    let count = async |query: &str| {
        let body = desk.get(&format!("/bigin/v2/Pipelines/actions/count{query}")).await.expect(200);
        body["count"].as_u64().expect("a number")
    };
    assert_eq!(count("").await, 30);
    let views = desk.get("/bigin/v2/settings/custom_views?module=Pipelines").await.expect(200);
    let all = id(&views["custom_views"][0]);
    assert_eq!(count(&format!("?cvid={all}")).await, 30);
    let (few, many) = (
        count("?criteria=(Amount:greater_than:20000)").await,
        count("?criteria=(Amount:less_equal:20000)").await,
    );
    assert!(few + many <= 30 && many > 0);
    desk.get(&format!("/bigin/v2/Pipelines/actions/count?cvid={all}&word=refit"))
        .await
        .refused(400, "AMBIGUITY_DURING_PROCESSING");
    desk.get("/bigin/v2/Notes/actions/count").await.refused(400, "NOT_SUPPORTED");
}
