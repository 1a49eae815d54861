use serde_json::json;

use super::*;

fn pipelines(layouts: Value) -> Vec<Pipeline> {
    of_layouts(serde_json::from_value(layouts).expect("layouts"))
}

fn layout(status: Value, maps: Value) -> Value {
    json!({"id": "6201840000000091023", "name": "Sales", "display_label": "Sales Pipeline", "status": status,
        "visible": true, "sections": [{"fields": [{"api_name": "Deal_Name"}]}, {"fields": [
            {"api_name": "Sub_Pipeline", "data_type": "picklist", "pick_list_values": [
                {"id": "41", "display_value": "Sales Pipeline Standard", "actual_value": "Sales Pipeline Standard",
                 "sequence_number": 1, "maps": maps},
                {"id": "47", "display_value": "Renewals", "actual_value": "Renewals", "sequence_number": 2,
                 "maps": []}]},
            {"api_name": "Stage", "data_type": "picklist", "pick_list_values": [
                {"id": "9", "display_value": "Won", "actual_value": "Closed Won", "sequence_number": 2,
                 "probability": 100, "forecast_type": "Closed Won", "maps": []},
                {"id": "1", "display_value": "New enquiry", "actual_value": "New enquiry", "sequence_number": 1,
                 "probability": 10, "forecast_type": "Open", "maps": []}]}]}]})
}

fn values(sub: &SubPipeline) -> Vec<&str> {
    sub.stages.iter().map(|stage| stage.value.as_str()).collect()
}

#[test]
fn maps_say_which_stages_a_sub_pipeline_has_and_without_maps_it_has_all() {
    let maps = json!([{"api_name": "Stage", "pick_list_values": [{"id": "9", "display_value": "Won"}]}]);
    let read = pipelines(json!([layout(json!("active"), maps)]));
    assert_eq!(read[0].name, "Sales Pipeline");
    let [standard, renewals] = &read[0].sub_pipelines[..] else { unreachable!("{read:?}") };
    assert_eq!(values(standard), ["Closed Won"]);
    assert_eq!(values(renewals), ["New enquiry", "Closed Won"]);
    let won = &standard.stages[0];
    assert_eq!((won.label.as_str(), won.probability, won.outcome), ("Won", 100, Outcome::Won));
}

#[test]
fn maps_that_name_stages_by_label_only_find_their_values() {
    let maps = json!([{"api_name": "Stage", "pick_list_values": [{"display_value": "Won"}]}]);
    let read = pipelines(json!([layout(json!(0), maps)]));
    assert_eq!(values(&read[0].sub_pipelines[0]), ["Closed Won"]);
}

#[test]
fn inactive_and_hidden_layouts_are_no_pipelines() {
    let mut hidden = layout(json!("active"), json!([]));
    hidden["visible"] = json!(false);
    let layouts = json!([layout(json!("inactive"), json!([])), layout(json!(1), json!([])), hidden]);
    assert_eq!(pipelines(layouts), []);
}

#[test]
fn a_layout_without_sub_pipelines_has_the_standard_one() {
    let bare = json!([{"id": "1", "name": "Sales", "sections": [{"fields": [{"api_name": "Stage",
        "pick_list_values": [{"actual_value": "Lost", "sys_ref_name": "Closed_Lost"}]}]}]}]);
    let read = pipelines(bare);
    assert_eq!(read[0].sub_pipelines[0].name, "Sales Standard");
    assert_eq!(read[0].sub_pipelines[0].stages[0].outcome, Outcome::Lost);
}

#[test]
fn deals_show_as_much_of_a_pipeline_as_they_can() {
    let deal = |sub: &str, stage: &str| {
        let fields =
            json!({"id": "1", "Pipeline": {"id": "7", "name": "Sales"}, "Sub_Pipeline": sub, "Stage": stage});
        Record::read(fields).expect("a record")
    };
    let deals = [
        deal("Standard", "New"),
        deal("Standard", "Closed Won"),
        deal("Other", "New"),
        deal("Standard", "New"),
    ];
    let read = pipelines_seen_in(&deals);
    assert_eq!(read.len(), 1);
    let seen: Vec<_> = read[0].sub_pipelines.iter().map(|sub| (sub.name.as_str(), values(sub))).collect();
    assert_eq!(seen, [("Standard", vec!["New", "Closed Won"]), ("Other", vec!["New"])]);
}
