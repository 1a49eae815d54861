//! Records, read and written.

use std::collections::HashSet;

use bigin::{
    api::{At, Fields, Kind, ListQuery, Order, Record, Sort, SortBy, Written},
    domain::{Module, RecordId},
};
use serde_json::{Value, json};

use crate::desk::Desk;

pub fn fields(value: Value) -> Fields {
    let Value::Object(fields) = value else { unreachable!("{value}") };
    fields
}

pub fn done(written: &Written) -> RecordId {
    let done = written.done().unwrap_or_else(|| unreachable!("{written:?}"));
    done.id.clone().expect("an id")
}

/// A contact of this name, made now.
pub async fn contact(desk: &Desk, name: &str) -> RecordId {
    let made = desk.client.insert(Module::Contacts, vec![fields(json!({ "Last_Name": name }))]).await;
    done(&made.expect("an answer")[0])
}

async fn all(desk: &Desk, module: Module, query: ListQuery) -> (Vec<Record>, usize) {
    let mut pages = desk.client.pages(module, query);
    let (mut rows, mut count) = (Vec::new(), 0);
    while let Some(page) = pages.next().await.expect("a page") {
        count += 1;
        rows.extend(page.rows);
    }
    assert_eq!(pages.position(), None);
    (rows, count)
}

#[tokio::test]
async fn a_walk_over_all_pages_gives_every_record_once() {
    let desk = Desk::open().await;
    let query = ListQuery { per_page: 7, ..ListQuery::of(["Deal_Name", "Stage", "Amount", "Modified_Time"]) };
    let (rows, pages) = all(&desk, Module::Pipelines, query).await;
    assert_eq!((rows.len(), pages), (60, 9));
    let ids: HashSet<_> = rows.iter().map(|row| row.id().clone()).collect();
    assert_eq!(ids.len(), 60);
    assert!(rows.iter().all(|row| row.text("Deal_Name").is_some() && row.modified().is_some()));
    assert_eq!(desk.client.count(Module::Pipelines, None).await.expect("a count"), 60);
    desk.agree();
}

#[tokio::test]
async fn a_walk_goes_on_from_where_another_stopped() {
    let desk = Desk::open().await;
    let query = ListQuery { per_page: 25, ..ListQuery::of(["Deal_Name"]) };
    let mut first = desk.client.pages(Module::Pipelines, query.clone());
    let mut seen = first.next().await.expect("a page").expect("rows").rows;
    let at = first.position().cloned().expect("more follow");
    assert!(matches!(at, At::Token(_)), "{at:?}");
    let (rest, _) = all(&desk, Module::Pipelines, ListQuery { at, ..query }).await;
    seen.extend(rest);
    let ids: HashSet<_> = seen.iter().map(|row| row.id().clone()).collect();
    assert_eq!((seen.len(), ids.len()), (60, 60));
}

#[tokio::test]
async fn a_page_token_that_is_too_old_or_of_another_list_says_to_begin_again() {
    let desk = Desk::open().await;
    let query = ListQuery { per_page: 25, ..ListQuery::of(["Deal_Name"]) };
    let page = desk.client.list(Module::Pipelines, &query).await.expect("a page");
    let at = At::Token(page.next_token.expect("a token"));
    let sort = Some(Sort { by: SortBy::Modified, order: Order::Ascending });
    let other = ListQuery { at: at.clone(), sort, ..query.clone() };
    let error = desk.client.list(Module::Pipelines, &other).await.expect_err("another list");
    assert!(error.page_token_is_stale(), "{error}");
    desk.advance(25 * 3_600).await;
    let error = desk.client.list(Module::Pipelines, &ListQuery { at, ..query }).await.expect_err("too old");
    assert!(error.page_token_is_stale(), "{error}");
}

#[tokio::test]
async fn lists_are_sorted_narrowed_and_priced() {
    let desk = Desk::open().await;
    let sort = |by, order| Some(Sort { by, order });
    let query =
        ListQuery { sort: sort(SortBy::Modified, Order::Ascending), ..ListQuery::of(["Modified_Time"]) };
    let page = desk.client.list(Module::Pipelines, &query).await.expect("a page");
    assert!(page.rows.is_sorted_by_key(Record::modified));
    let plain = desk.client.list(Module::Pipelines, &ListQuery::of(["Stage"])).await.expect("a page");
    assert!(plain.rows.is_sorted_by(|a, b| number(a.id()) > number(b.id())), "newest id first");
    assert_eq!(desk.client.limits().usage().used, 2);

    let view =
        desk.client.views(Module::Pipelines).await.expect("views").into_iter().find(|view| view.default);
    let before = desk.client.limits().usage().used;
    let query = ListQuery { view: view.map(|view| view.id), ..ListQuery::of(["Stage"]) };
    desk.client.list(Module::Pipelines, &query).await.expect("a page");
    assert_eq!(desk.client.limits().usage().used, before + 3, "a view costs three");

    let mut counted = 0;
    for pipeline in desk.client.pipelines().await.expect("pipelines") {
        let query =
            ListQuery { pipeline: Some(pipeline.id.clone()), ..ListQuery::of(["Pipeline", "Sub_Pipeline"]) };
        let (rows, _) = all(&desk, Module::Pipelines, query).await;
        counted += rows.len();
        let subs: Vec<_> = pipeline.sub_pipelines.iter().map(|sub| sub.name.as_str()).collect();
        for row in rows {
            assert_eq!(row.pipeline().expect("a pipeline").id, pipeline.id);
            assert!(subs.contains(&row.text("Sub_Pipeline").expect("a sub-pipeline")));
        }
    }
    assert_eq!(counted, 60);
    desk.agree();
}

fn number(id: &RecordId) -> u64 {
    id.as_str().parse().expect("digits")
}

#[tokio::test]
async fn a_list_tells_what_changed_since() {
    let desk = Desk::open().await;
    let now = desk.client.clock().now();
    desk.advance(60).await;
    let since = |time| ListQuery { modified_since: Some(time), ..ListQuery::of(["Last_Name"]) };
    let none = desk.client.list(Module::Contacts, &since(now)).await.expect("an answer");
    assert_eq!((none.rows.len(), none.more), (0, false));
    let id = contact(&desk, "Changed").await;
    let page = desk.client.list(Module::Contacts, &since(now)).await.expect("a page");
    assert_eq!(page.rows.iter().map(Record::id).collect::<Vec<_>>(), [&id]);
    desk.agree();
}

#[tokio::test]
async fn a_record_is_read_whole_or_in_part_and_a_missing_one_is_none() {
    let desk = Desk::open().await;
    let id = contact(&desk, "Okafor").await;
    let whole = desk.client.get(Module::Contacts, &id, None).await.expect("an answer").expect("a record");
    assert_eq!(whole.text("Full_Name"), Some("Okafor"));
    assert!(
        whole.reference("Owner").expect("an owner").name.is_some() && whole.time("Created_Time").is_some()
    );
    let part = desk.client.get(Module::Contacts, &id, Some(&["Last_Name".to_owned()])).await;
    let part = part.expect("an answer").expect("a record");
    let mut keys: Vec<_> = part.fields().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["Last_Name", "id"]);
    let nobody: RecordId = "5210437000000999999".parse().expect("an id");
    assert_eq!(desk.client.get(Module::Contacts, &nobody, None).await.expect("an answer"), None);
    assert_eq!(
        desk.client.get(Module::Accounts, &id, None).await.expect("an answer"),
        None,
        "another module"
    );
    desk.agree();
}

#[tokio::test]
async fn a_mixed_insert_says_of_each_record_what_became_of_it() {
    let desk = Desk::open().await;
    let first = json!({"Last_Name": "Okafor", "Email": "n.okafor@quayside.example"});
    let records = [
        first.clone(),
        json!({"First_Name": "Nobody"}),
        json!({"Last_Name": "Twin", "Email": "N.OKAFOR@quayside.example"}),
        json!({"Last_Name": "x".repeat(81)}),
    ];
    let results =
        desk.client.insert(Module::Contacts, records.map(fields).to_vec()).await.expect("an answer");
    let made = done(&results[0]);
    let refused = |index: usize| match &results[index] {
        Written::Refused(refusal) => refusal,
        other => unreachable!("{other:?}"),
    };
    assert_eq!((refused(1).code.as_str(), refused(1).field()), ("MANDATORY_NOT_FOUND", Some("Last_Name")));
    assert_eq!((refused(2).code.as_str(), refused(2).duplicate_of()), ("DUPLICATE_DATA", Some(made.clone())));
    assert!(refused(3).sentence().contains("Last_Name (at most 80)"), "{}", refused(3).sentence());
    assert!(results[0].done().expect("done").inserted);
    let none = desk.client.insert(Module::Contacts, vec![fields(json!({"First_Name": "Nobody"}))]).await;
    assert!(matches!(&none.expect("an answer")[..], [Written::Refused(_)]), "all refused is an answer too");
    desk.agree();
}

#[tokio::test]
async fn writes_cost_a_credit_for_each_started_ten() {
    let desk = Desk::open().await;
    for (count, credits) in [(1, 1), (10, 1), (11, 2), (100, 10)] {
        let records: Vec<_> =
            (0..count).map(|n| fields(json!({ "Last_Name": format!("Many {n}") }))).collect();
        let before = desk.client.limits().usage().used;
        let made = desk.client.insert(Module::Contacts, records).await.expect("an answer");
        assert_eq!(made.iter().filter(|written| written.done().is_some()).count(), count);
        assert_eq!(desk.client.limits().usage().used - before, credits);
        let ids: Vec<_> = made.iter().map(done).collect();
        let changes = ids.iter().map(|id| fields(json!({ "id": id, "Title": "Buyer" }))).collect();
        desk.client.update(Module::Contacts, changes).await.expect("an answer");
        assert_eq!(desk.client.limits().usage().used - before, 2 * credits);
        desk.client.delete(Module::Contacts, &ids).await.expect("an answer");
        assert_eq!(desk.client.limits().usage().used - before, 2 * credits + 1);
        desk.agree();
    }
    let too_many = (0..101).map(|n| fields(json!({ "Last_Name": n.to_string() }))).collect();
    let error = desk.client.insert(Module::Contacts, too_many).await.expect_err("more than a hundred");
    assert_eq!(error.refusal().map(|refusal| refusal.code.as_str()), Some("LIMIT_EXCEEDED"), "{error}");
}

#[tokio::test]
async fn a_deal_is_carried_to_another_stage_and_a_wrong_one_is_refused_in_words() {
    let desk = Desk::open().await;
    let query = ListQuery { per_page: 1, ..ListQuery::of(["Stage", "Sub_Pipeline", "Pipeline"]) };
    let deal = desk.client.list(Module::Pipelines, &query).await.expect("a page").rows.remove(0);
    let pipelines = desk.client.pipelines().await.expect("pipelines");
    let pipeline = pipelines.iter().find(|known| Some(&known.id) == deal.pipeline().map(|of| of.id).as_ref());
    let subs = &pipeline.expect("its pipeline").sub_pipelines;
    let sub = subs.iter().find(|sub| deal.text("Sub_Pipeline") == Some(&sub.name)).expect("its sub-pipeline");
    let other =
        sub.stages.iter().find(|stage| deal.text("Stage") != Some(&stage.value)).expect("another stage");
    let stage = |value: &str| fields(json!({ "Stage": value }));
    let moved =
        desk.client.update_one(Module::Pipelines, deal.id(), stage(&other.value)).await.expect("moved");
    assert_eq!(moved.id.as_ref(), Some(deal.id()));
    assert!(moved.modified.is_some() && !moved.inserted);
    let read =
        desk.client.get(Module::Pipelines, deal.id(), None).await.expect("an answer").expect("the deal");
    assert_eq!(read.text("Stage"), Some(other.value.as_str()));
    assert_eq!(read.modified(), moved.modified);

    let error =
        desk.client.update_one(Module::Pipelines, deal.id(), stage("Nowhere")).await.expect_err("no stage");
    let refusal = error.refusal().expect("a refusal");
    assert_eq!((refusal.code.as_str(), refusal.field()), ("INVALID_DATA", Some("Stage")));
    assert!(
        !error.outcome_uncertain() && error.to_string().starts_with("could not update a deal: "),
        "{error}"
    );
    let gone: RecordId = "5210437000000999999".parse().expect("an id");
    let error =
        desk.client.update_one(Module::Pipelines, &gone, stage(&other.value)).await.expect_err("no deal");
    assert_eq!(error.refusal().map(|refusal| refusal.code.as_str()), Some("INVALID_DATA"));
    desk.agree();
}

#[tokio::test]
async fn an_upsert_tells_new_from_known() {
    let desk = Desk::open().await;
    let check = ["Email".to_owned()];
    let record = |title: &str| {
        vec![fields(json!({"Last_Name": "Okafor", "Email": "u@quayside.example", "Title": title}))]
    };
    let first = desk.client.upsert(Module::Contacts, record("Buyer"), &check).await.expect("an answer");
    let second = desk.client.upsert(Module::Contacts, record("Owner"), &check).await.expect("an answer");
    assert!(first[0].done().expect("done").inserted && !second[0].done().expect("done").inserted);
    assert_eq!(done(&first[0]), done(&second[0]));
    desk.agree();
}

#[tokio::test]
async fn what_is_deleted_is_listed_as_deleted() {
    let desk = Desk::open().await;
    let id = contact(&desk, "Short-lived").await;
    let since = desk.client.clock().now() - jiff::SignedDuration::from_hours(1);
    let missing: RecordId = "5210437000000999999".parse().expect("an id");
    let results = desk.client.delete(Module::Contacts, &[id.clone(), missing]).await.expect("an answer");
    assert_eq!(done(&results[0]), id);
    assert!(
        matches!(&results[1], Written::Refused(refusal) if refusal.code == "INVALID_DATA"),
        "{results:?}"
    );
    let deleted = desk.client.deleted(Module::Contacts, Some(since), 1).await.expect("a page");
    let gone = deleted.rows.iter().find(|row| row.id == id).expect("listed");
    assert_eq!((gone.name.as_deref(), gone.permanent), (Some("Short-lived"), false));
    assert!(gone.at.is_some() && gone.by.is_some());
    assert_eq!(desk.client.get(Module::Contacts, &id, None).await.expect("an answer"), None);
    desk.agree();
}

#[tokio::test]
async fn a_record_changes_hands() {
    let desk = Desk::open().await;
    let id = contact(&desk, "Handed over").await;
    let users = desk.client.users(bigin::api::UserType::ActiveUsers).await.expect("users");
    let me = desk.client.current_user().await.expect("an answer").expect("me").user.id;
    let other = users.iter().find(|member| member.user.id != me).expect("a colleague").user.id.clone();
    let results = desk.client.change_owner(Module::Contacts, std::slice::from_ref(&id), &other, false).await;
    assert_eq!(done(&results.expect("an answer")[0]), id);
    let read = desk.client.get(Module::Contacts, &id, None).await.expect("an answer").expect("a record");
    assert_eq!(read.reference("Owner").expect("an owner").id, other);
    desk.agree();
}

#[tokio::test]
async fn a_list_without_fields_is_refused_and_says_which_parameter_is_missing() {
    let desk = Desk::open().await;
    let error = desk.client.list(Module::Contacts, &ListQuery::of::<&str>([])).await.expect_err("no fields");
    let Kind::Refused(refusal) = error.kind() else { unreachable!("{error}") };
    assert_eq!((refusal.code.as_str(), refusal.field()), ("REQUIRED_PARAM_MISSING", Some("fields")));
    desk.agree();
}
