//! The client's table of operations against what the sandbox charges and asks for.

use std::collections::HashSet;

use bigin::api::{
    AppKey, ENDPOINTS, Endpoint, Timeouts,
    endpoint::{Cost, Load, Shape},
    oauth::Accounts,
};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::desk::Desk;

/// Shapes at which the rule of a row shows.
fn shapes(row: &Endpoint) -> Vec<Shape> {
    let blocks = match row.cost {
        Cost::PerTen => [1, 10, 11, 100].as_slice(),
        Cost::PerFifty => &[1, 50, 51, 500],
        Cost::Fixed(_) | Cost::View => &[1],
    };
    let blocks = blocks.iter().filter(|records| **records <= u32::from(row.max_records.max(1)));
    let mut shapes: Vec<_> = blocks.map(|records| Shape::of(*records)).collect();
    if row.cost == Cost::View || row.load == Load::ViewOrSort {
        shapes.push(Shape { view: true, ..Shape::ONE });
        shapes.push(Shape { sorted: true, ..Shape::ONE });
    }
    shapes
}

/// A call of the row with nothing right in it but its address, its size and its module.
fn request(desk: &Desk, row: &Endpoint, shape: Shape, token: &str) -> reqwest::Request {
    let path = row.path.replace("{module}", "Contacts").replace("{list}", "Products");
    let path = path.replace("{id}", "6201840000000412007").replace("{related}", "6201840000000412008");
    let method: &'static str = row.method.into();
    let method: Method = method.parse().expect("a method");
    let mut request =
        reqwest::Request::new(method, format!("{}{path}", desk.sandbox.url).parse().expect("a URL"));
    let mut query = vec![("module", "Contacts"), ("fields", "id")];
    query.extend(shape.view.then_some(("cvid", "6201840000000412009")));
    query.extend(shape.sorted.then_some(("sort_by", "Modified_Time")));
    request.url_mut().query_pairs_mut().extend_pairs(query);
    let ids: Vec<_> =
        (0..shape.records).map(|n| (6_201_840_000_000_412_007_u64 + u64::from(n)).to_string()).collect();
    let data: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
    let body = json!({"data": data, "ids": ids, "query": {"module": "Contacts"}, "resource": [{"module": "Contacts"}],
        "select_query": "select id from Contacts where id is not null"});
    if row.method != bigin::api::endpoint::Method::Get {
        *request.body_mut() = Some(body.to_string().into());
    }
    let authorization = format!("Zoho-oauthtoken {token}");
    request.headers_mut().insert("authorization", authorization.parse().expect("a header"));
    request.headers_mut().insert("content-type", "application/json".parse().expect("a header"));
    request
}

/// A token that allows nothing but this.
async fn token(desk: &Desk, scope: &str) -> String {
    let code = SecretString::from(desk.self_client_code(scope).await);
    let secret = SecretString::from(desk.sandbox.client_secret.as_str());
    let app = AppKey { id: desk.sandbox.client_id.clone(), secret };
    let accounts = Accounts::new(&desk.sandbox.url, Timeouts::default());
    accounts.exchange(&app, &code).await.expect("a token").access_token.expose_secret().to_owned()
}

#[tokio::test]
async fn every_row_costs_and_needs_what_the_sandbox_says() {
    let desk = Desk::open().await;
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let (mut served, mut missing) = (0, HashSet::new());
    for row in ENDPOINTS {
        let area = row.name.split('.').next().unwrap_or_default();
        if missing.contains(area) {
            continue;
        }
        desk.advance(600).await;
        let scope = row.scope.replace("{module}", "contacts").replace(' ', ",");
        let mut needed = vec![scope];
        if row.name == "coql" || area == "bulk" {
            needed.push("ZohoBigin.modules.contacts.READ".to_owned());
        }
        let token = token(&desk, &needed.join(",")).await;
        for shape in shapes(row) {
            let answer = http.execute(request(&desk, row, shape, &token)).await.expect("an answer");
            let (status, text) = (answer.status(), answer.text().await.expect("a body"));
            let answer: Value = serde_json::from_str(&text).unwrap_or_default();
            if answer["code"] == "INVALID_URL_PATTERN" {
                missing.insert(area);
                break;
            }
            assert_ne!(status, 401, "{}: {text}", row.name);
            let ledger = desk.ledger().await;
            let last = ledger["calls"].as_array().and_then(|calls| calls.last()).expect("a call").clone();
            assert_eq!(last["credits"], row.cost(shape), "{} {shape:?}: {last}", row.name);
            served += usize::from(shape == Shape::ONE);
        }
    }
    assert!(served >= 69, "{served} of {} rows are served, nothing of {missing:?}", ENDPOINTS.len());
}
