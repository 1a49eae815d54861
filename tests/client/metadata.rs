//! What administrators set up, as both sides understand it.

use bigin::{
    api::Kind,
    domain::{FieldKind, Module, Outcome},
};
use serde_json::json;

use crate::desk::{Desk, answer};

#[tokio::test]
async fn team_pipelines_have_their_sub_pipelines_with_their_own_stages() {
    let desk = Desk::open().await;
    let pipelines = desk.client.pipelines().await.expect("pipelines");
    assert_eq!(pipelines.len(), 3, "{pipelines:?}");
    let sales =
        pipelines.iter().find(|pipeline| pipeline.name == "Sales Pipeline").expect("the sales pipeline");
    let subs: Vec<_> = sales.sub_pipelines.iter().map(|sub| sub.name.as_str()).collect();
    assert_eq!(subs, ["Sales Pipeline Standard", "Enterprise"]);
    let stages = |index: usize| {
        let stages = sales.sub_pipelines[index].stages.iter();
        stages.map(|stage| (stage.value.as_str(), stage.probability)).collect::<Vec<_>>()
    };
    assert_eq!(stages(0)[0], ("Qualification", 10));
    assert_eq!(stages(1)[0], ("Discovery", 10));
    assert!(stages(0) != stages(1));
    let won = sales.sub_pipelines[0].first(Outcome::Won).expect("a won stage");
    assert_eq!((won.value.as_str(), won.label.as_str(), won.probability), ("Closed Won", "Won", 100));
    for pipeline in &pipelines {
        for sub in &pipeline.sub_pipelines {
            for outcome in [Outcome::Open, Outcome::Won, Outcome::Lost] {
                assert!(
                    sub.first(outcome).is_some(),
                    "{}/{} has no {outcome:?} stage",
                    pipeline.name,
                    sub.name
                );
            }
        }
    }
    desk.agree();
}

#[tokio::test]
async fn fields_say_what_they_take() {
    let desk = Desk::open().await;
    let deals = desk.client.schema(Module::Pipelines).await.expect("fields");
    let field = |name: &str| deals.field(name).unwrap_or_else(|| unreachable!("no field {name}"));
    assert_eq!((field("Deal_Name").kind, field("Deal_Name").length), (FieldKind::Text, Some(120)));
    for mandatory in ["Deal_Name", "Sub_Pipeline", "Stage"] {
        assert!(field(mandatory).mandatory, "{mandatory}");
    }
    assert_eq!(field("Amount").kind, FieldKind::Currency);
    assert_eq!(field("Closing_Date").kind, FieldKind::Date);
    assert_eq!(field("Account_Name").lookup.as_deref(), Some("Accounts"));
    assert_eq!(field("Contact_Name").lookup.as_deref(), Some("Contacts"));
    assert_eq!(field("Owner").kind, FieldKind::OwnerLookup);
    assert!(field("Created_Time").read_only && !field("Amount").read_only);
    assert!(field("Stage").choices.iter().any(|stage| stage == "Closed Won"));
    assert!(deals.fields.iter().all(|field| !field.choices.iter().any(|choice| choice == "-None-")));
    let contacts = desk.client.schema(Module::Contacts).await.expect("fields");
    let email = contacts.field("Email").expect("an e-mail field");
    assert!(email.unique && email.kind == FieldKind::Email);
    assert!(contacts.field("Last_Name").expect("a name").mandatory);
    assert!(
        contacts.fields.iter().chain(&deals.fields).any(|field| field.custom),
        "the org has fields of its own"
    );
    desk.agree();
}

#[tokio::test]
async fn every_module_can_be_read_about() {
    let desk = Desk::open().await;
    let modules = desk.client.modules().await.expect("modules");
    for module in
        [Module::Pipelines, Module::Contacts, Module::Accounts, Module::Tasks, Module::Events, Module::Calls]
    {
        let found =
            modules.iter().find(|info| info.api_name == module.api_name()).expect("the module is listed");
        assert!(found.api_supported);
        assert!(!desk.client.schema(module).await.expect("fields").fields.is_empty());
        assert!(!desk.client.views(module).await.expect("views").is_empty(), "{module}");
        desk.client.related_lists(module).await.expect("related lists");
    }
    let lists = desk.client.related_lists(Module::Contacts).await.expect("related lists");
    let notes = lists.iter().find(|list| list.api_name == "Notes").expect("notes");
    assert_eq!(notes.module.as_deref(), Some("Notes"));
    let views = desk.client.views(Module::Pipelines).await.expect("views");
    assert_eq!(views.iter().filter(|view| view.default).count(), 1);
    desk.agree();
}

#[tokio::test]
async fn pipelines_are_put_together_from_deals_where_layouts_are_closed() {
    let desk = Desk::open().await;
    let denied = json!({"code": "NO_PERMISSION", "details": {"permissions": ["Crm_Implied_Customize_Crm"]},
        "message": "permission denied", "status": "error"});
    let deal = |id: &str, stage: &str| json!({"id": id, "Pipeline": {"id": "7", "name": "Sales"}, "Sub_Pipeline": "Sales Standard", "Stage": stage});
    let deals =
        json!({"data": [deal("1", "Proposal"), deal("2", "Closed Won")], "info": {"more_records": false}});
    let closed = answer("GET /bigin/v2/settings/layouts", 403, &denied);
    desk.faults(json!([closed, answer("GET /bigin/v2/Pipelines", 200, &deals)])).await;
    let pipelines = desk.client.pipelines().await.expect("pipelines");
    let stages: Vec<_> =
        pipelines[0].sub_pipelines[0].stages.iter().map(|stage| stage.value.as_str()).collect();
    assert_eq!((pipelines[0].name.as_str(), stages), ("Sales", vec!["Proposal", "Closed Won"]));
    desk.faults(json!([answer("GET /bigin/v2/settings/fields", 403, &denied)])).await;
    let error = desk.client.schema(Module::Pipelines).await.expect_err("closed");
    assert!(matches!(error.kind(), Kind::Forbidden { permissions } if permissions.len() == 1), "{error}");
    desk.agree();
}
