use super::*;
use crate::domain::{Detail, EntryKind, Head};

fn company() -> Mirror {
    let mut mirror = mirror();
    put(&mut mirror, Module::Accounts, &[json!({"id": "50", "Account_Name": "Quayside Optics"})]);
    put(
        &mut mirror,
        Module::Contacts,
        &[json!({"id": "60", "Full_Name": "Ana Ruiz", "Title": "CFO", "Account_Name": {"id": "50"},
               "Modified_Time": "2026-09-01T00:00:00Z"})],
    );
    let mut refit = deal(1, "Quayside refit", "Proposal", 48_000, Some("2026-09-25"));
    refit["Contact_Name"] = json!({"id": "60", "name": "A. Ruiz"});
    refit["Account_Name"] = json!({"id": "50", "name": "Quayside"});
    refit["Leasing"] = json!(true);
    refit["Description"] = json!("first line\nsecond \u{1b}[2J line");
    put(&mut mirror, Module::Pipelines, &[refit]);
    put(
        &mut mirror,
        Module::Contacts,
        &[json!({"id": "60", "Full_Name": "Ana Ruiz", "Title": "CFO",
               "Account_Name": {"id": "50", "name": "Quayside Optics"}})],
    );
    put(
        &mut mirror,
        Module::Notes,
        &[
            json!({"id": "80", "Note_Content": "net-45 ok", "Created_Time": "2026-09-02T16:40:00Z",
               "Parent_Id": {"id": "1", "name": "Quayside refit", "module": {"api_name": "Pipelines"}},
               "Owner": {"id": "901", "name": "Ben Okafor"}}),
            json!({"id": "81", "Note_Title": "met", "Note_Content": "at the fair",
               "Created_Time": "2026-08-01T10:00:00Z",
               "Parent_Id": {"id": "60", "name": "Ana Ruiz"}, "$se_module": "Contacts"}),
        ],
    );
    put(
        &mut mirror,
        Module::Events,
        &[json!({"id": "71", "Event_Title": "demo", "Start_DateTime": "2026-08-20T08:00:00Z",
               "End_DateTime": "2026-08-20T09:00:00Z", "Related_To": {"id": "1", "name": "Quayside refit"}})],
    );
    mirror
}

fn detail(mirror: &Mirror, module: Module, number: i64) -> Detail {
    let moment = mirror.moment(now());
    mirror.detail(module, &id(number), &moment).expect("read").expect("detail")
}

#[test]
fn a_deal_shows_its_fields_by_label_with_links() {
    let mirror = company();
    let deal = detail(&mirror, Module::Pipelines, 1);
    assert!(matches!(deal.head, Head::Deal(_)));
    let field = |name: &str| {
        let field = deal.fields.iter().find(|field| field.api_name == name).expect(name);
        field.lines.iter().map(|line| line.to_string()).collect::<Vec<_>>().join("|")
    };
    assert_eq!(field("Amount"), "48,000 USD");
    assert_eq!(field("Closing_Date"), "25 Sep 2026");
    assert_eq!(field("Leasing"), "yes");
    assert_eq!(field("Description"), "first line|second ␛[2J line");
    assert_eq!(field("Created_Time"), "11 Jun 2026 09:00");
    let company = deal.fields.iter().find(|field| field.api_name == "Account_Name").expect("company");
    assert_eq!(
        company.link.as_ref().map(|link| (link.module, link.id.clone())),
        Some((Module::Accounts, id(50)))
    );
    assert_eq!(company.label.as_str(), "Account Name");
    let order: Vec<&str> = deal.fields.iter().map(|field| field.api_name.as_str()).collect();
    assert_eq!(order.last(), Some(&"Modified_Time"), "{order:?}");
    assert_eq!(deal.pulled_at, Some(now()));
}

#[test]
fn a_timeline_holds_notes_and_activities_newest_first() {
    let mirror = company();
    let of = |module, number| -> Vec<(String, bool)> {
        let detail = detail(&mirror, module, number);
        assert_eq!(detail.timeline_total, detail.timeline.len() as u64);
        detail
            .timeline
            .iter()
            .map(|entry| {
                let text = if entry.title.as_str().is_empty() { &entry.lines[0] } else { &entry.title };
                (text.to_string(), entry.on.is_some())
            })
            .collect()
    };
    let own = |text: &str| (text.to_owned(), false);
    let of_deal = |text: &str| (text.to_owned(), true);
    assert_eq!(of(Module::Pipelines, 1), [own("net-45 ok"), own("demo")]);
    assert_eq!(of(Module::Contacts, 60), [of_deal("net-45 ok"), of_deal("demo"), own("met")]);
    assert_eq!(of(Module::Accounts, 50), [of_deal("net-45 ok"), of_deal("demo")]);
    let entry = &detail(&mirror, Module::Contacts, 60).timeline[0];
    assert_eq!((entry.kind, entry.by.as_str()), (EntryKind::Note, "Ben Okafor"));
    assert_eq!(entry.on, Some(link(Module::Pipelines, 1, "Quayside refit")));
}

#[test]
fn contacts_and_companies_lead_to_deals_and_people() {
    let mirror = company();
    let groups = |module, number| -> Vec<(&'static str, String)> {
        let detail = detail(&mirror, module, number);
        detail.related.iter().map(|group| (group.title, group.rows[0].link.name.to_string())).collect()
    };
    assert_eq!(groups(Module::Contacts, 60), [("open deals", "Quayside refit".to_owned())]);
    let of_company = groups(Module::Accounts, 50);
    assert_eq!(of_company, [("open deals", "Quayside refit".to_owned()), ("people", "Ana Ruiz".to_owned())]);
}

#[test]
fn notes_and_activities_open_too_and_what_is_gone_does_not() {
    let mut mirror = company();
    let note = detail(&mirror, Module::Notes, 80);
    let fields: Vec<&str> = note.fields.iter().map(|field| field.api_name.as_str()).collect();
    assert_eq!(fields, ["Note_Content", "Parent_Id"]);
    assert_eq!(note.fields[1].link, Some(link(Module::Pipelines, 1, "Quayside refit")));
    assert!(
        detail(&mirror, Module::Events, 71).fields.iter().any(|field| field.api_name == "Start_DateTime")
    );
    mirror.forget(Module::Pipelines, &["1".to_owned()], None, now()).expect("forget");
    let moment = mirror.moment(now());
    assert_eq!(mirror.detail(Module::Pipelines, &id(1), &moment).expect("read"), None);
    assert_eq!(mirror.detail(Module::Tasks, &id(404), &moment).expect("read"), None);
}
