//! Notes, tags and related records.

use bigin::{
    api::{At, ListQuery, NoteDraft, Written},
    domain::{Module, RecordId},
};
use serde_json::json;

use crate::{
    desk::Desk,
    records::{contact, done, fields},
};

fn text(content: &str) -> NoteDraft {
    NoteDraft { content: Some(content.to_owned()), title: None }
}

#[tokio::test]
async fn a_note_is_written_read_changed_and_deleted() {
    let desk = Desk::open().await;
    let id = contact(&desk, "Okafor").await;
    let draft =
        NoteDraft { title: Some("Kick-off".to_owned()), ..text("Wants samples before June.\nCall first.") };
    let made = desk.client.create_note(Module::Contacts, &id, &draft).await.expect("written");
    let note = made.id.clone().expect("an id");
    assert!(made.created.is_some());
    let of = Some((Module::Contacts, &id));
    let read = desk.client.notes(of, At::Number(1)).await.expect("notes").rows.remove(0);
    assert_eq!(
        (read.id.clone(), read.title.as_deref(), read.content),
        (note.clone(), Some("Kick-off"), draft.content)
    );
    assert_eq!((read.module, read.parent.expect("a parent").id), (Some(Module::Contacts), id.clone()));
    assert!(read.created.is_some() && read.author.expect("an author").name.is_some());

    desk.client.update_note(Module::Contacts, &id, &note, &text("Samples sent.")).await.expect("changed");
    let read = desk.client.notes(of, At::Number(1)).await.expect("notes").rows.remove(0);
    assert_eq!((read.title.as_deref(), read.content.as_deref()), (Some("Kick-off"), Some("Samples sent.")));

    let results = desk.client.delete_notes(std::slice::from_ref(&note)).await.expect("an answer");
    assert_eq!(done(&results[0]), note);
    assert!(desk.client.notes(of, At::Number(1)).await.expect("no notes").rows.is_empty());
    desk.agree();
}

#[tokio::test]
async fn notes_keep_every_character_and_know_their_bounds() {
    let desk = Desk::open().await;
    let id = contact(&desk, "Okafor").await;
    let of = Some((Module::Contacts, &id));
    for content in ["株式会社 👩‍👩‍👧 مرحبا", "a\tb\r\n\u{1b}[31m", "\"quoted\" \\ back", &"n".repeat(32_000)]
    {
        let note = desk.client.create_note(Module::Contacts, &id, &text(content)).await.expect("written");
        let notes = desk.client.notes(of, At::Number(1)).await.expect("notes").rows;
        let read = notes.into_iter().find(|read| Some(&read.id) == note.id.as_ref()).expect("the note");
        assert_eq!(read.content.as_deref(), Some(content));
    }
    let error = desk
        .client
        .create_note(Module::Contacts, &id, &text(&"n".repeat(32_001)))
        .await
        .expect_err("too long");
    assert!(error.to_string().ends_with("invalid data: Note_Content (at most 32000)"), "{error}");
    let error =
        desk.client.create_note(Module::Contacts, &id, &NoteDraft::default()).await.expect_err("empty");
    assert!(error.refusal().is_some() && !error.outcome_uncertain(), "{error}");
    let nobody: RecordId = "5210437000000999999".parse().expect("an id");
    let error = desk.client.create_note(Module::Contacts, &nobody, &text("x")).await.expect_err("no parent");
    assert!(error.refusal().is_some(), "{error}");
    desk.agree();
}

#[tokio::test]
async fn all_notes_can_be_walked_and_each_names_its_record() {
    let desk = Desk::open().await;
    let (mut at, mut seen) = (At::Number(1), 0);
    loop {
        let page = desk.client.notes(None, at).await.expect("a page");
        seen += page.rows.len();
        for note in &page.rows {
            assert!(note.module.is_some() && note.parent.is_some(), "{note:?}");
        }
        let Some(token) = page.next_token.filter(|_| page.more) else { break };
        at = At::Token(token);
    }
    assert!(seen > 0);
    desk.agree();
}

#[tokio::test]
async fn tags_come_and_go_and_cost_a_credit_for_each_started_fifty() {
    let desk = Desk::open().await;
    let people: Vec<_> = (0..60).map(|n| fields(json!({ "Last_Name": format!("Tagged {n}") }))).collect();
    let ids: Vec<_> =
        desk.client.insert(Module::Contacts, people).await.expect("an answer").iter().map(done).collect();
    let before = desk.client.limits().usage().used;
    let tagged = desk.client.add_tags(Module::Contacts, &ids, &["q3", "vip"]).await.expect("an answer");
    assert_eq!(desk.client.limits().usage().used - before, 2);
    assert!(
        tagged.iter().all(|written| written.done().is_some_and(|done| done.tags.len() == 2)),
        "{tagged:?}"
    );
    let read = desk.client.get(Module::Contacts, &ids[0], None).await.expect("an answer").expect("a record");
    let mut tags = read.tags();
    tags.sort_unstable();
    assert_eq!(tags, ["q3", "vip"]);
    let known = desk.client.tags(Module::Contacts).await.expect("tags");
    assert!(known.iter().any(|tag| tag == "q3"), "{known:?}");
    desk.client.remove_tags(Module::Contacts, &ids[..1], &["vip"]).await.expect("an answer");
    let read = desk.client.get(Module::Contacts, &ids[0], None).await.expect("an answer").expect("a record");
    assert_eq!(read.tags(), ["q3"]);
    desk.agree();
}

#[tokio::test]
async fn products_are_linked_to_a_contact_and_taken_off_again() {
    let desk = Desk::open().await;
    let id = contact(&desk, "Okafor").await;
    let query = ListQuery { per_page: 2, ..ListQuery::of(["Product_Name"]) };
    let products = desk.client.list(Module::Products, &query).await.expect("products").rows;
    let products: Vec<_> = products.iter().map(|row| row.id().clone()).collect();
    let linked = desk.client.link(Module::Contacts, &id, "Products", &products).await.expect("an answer");
    assert!(linked.iter().all(|written| written.done().is_some()), "{linked:?}");
    let list = ListQuery::of(["Product_Name"]);
    let related = desk.client.related(Module::Contacts, &id, "Products", &list).await.expect("a page");
    assert_eq!(related.rows.len(), 2);
    let off = desk.client.delink(Module::Contacts, &id, "Products", &products[..1]).await.expect("an answer");
    assert_eq!(off.iter().filter(|written| written.done().is_some()).count(), 1, "{off:?}");
    let related = desk.client.related(Module::Contacts, &id, "Products", &list).await.expect("a page");
    assert_eq!(related.rows.iter().map(|row| row.id()).collect::<Vec<_>>(), [&products[1]]);
    let again =
        desk.client.delink(Module::Contacts, &id, "Products", &products[..1]).await.expect("an answer");
    assert!(matches!(&again[..], [Written::Refused(_)]), "{again:?}");
    desk.agree();
}

#[tokio::test]
async fn the_deals_and_people_around_a_record_are_found() {
    let desk = Desk::open().await;
    let query = ListQuery::of(["Contact_Name", "Account_Name"]);
    let deals = desk.client.list(Module::Pipelines, &query).await.expect("deals").rows;
    let deal =
        deals.iter().find(|deal| deal.reference("Contact_Name").is_some()).expect("a deal with a contact");
    let person = deal.reference("Contact_Name").expect("a contact").id;
    let list = ListQuery::of(["Deal_Name", "Stage"]);
    let of_person = desk.client.related(Module::Contacts, &person, "Pipelines", &list).await.expect("deals");
    assert!(of_person.rows.iter().any(|row| row.id() == deal.id()));
    let with_company =
        deals.iter().find(|deal| deal.reference("Account_Name").is_some()).expect("a company's deal");
    let company = with_company.reference("Account_Name").expect("a company").id;
    let people =
        desk.client.related(Module::Accounts, &company, "Contacts", &ListQuery::of(["Full_Name"])).await;
    people.expect("people, or none");
    let error =
        desk.client.related(Module::Accounts, &company, "Nonsense", &list).await.expect_err("no such list");
    assert!(error.refusal().is_some(), "{error}");
    desk.agree();
}
