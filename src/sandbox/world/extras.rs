//! Keys that only a full read of a record shows.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-records.html>

use serde_json::{Value, json};

use super::{metadata::Module, org::ORG};

/// The keys that begin with a dollar.
pub(super) fn dollar_keys(module: &Module) -> Vec<(&'static str, Value)> {
    if module.api_name == "Notes" {
        return vec![
            ("$attachments", Value::Null),
            ("$editable", json!(true)),
            ("$state", json!("save")),
            ("$voice_note", json!(false)),
            ("$is_shared_to_client", json!(false)),
            ("$size", Value::Null),
            ("$sharing_permission", json!("full_access")),
        ];
    }
    let mut keys = vec![
        (
            "$approval",
            json!({ "delegate": false, "takeover": false, "approve": false, "reject": false, "resubmit": false }),
        ),
        ("$approval_state", json!("approved")),
        ("$review_process", json!({ "approve": false, "reject": false, "resubmit": false })),
        ("$review", Value::Null),
        ("$currency_symbol", json!(ORG.currency_symbol)),
        ("$editable", json!(true)),
        ("$field_states", Value::Null),
        ("$in_merge", json!(false)),
        ("$is_duplicate", json!(false)),
        ("$locked_for_me", json!(false)),
        ("$orchestration", Value::Null),
        ("$pathfinder", Value::Null),
        ("$process_flow", json!(false)),
        ("$sharing_permission", json!("full_access")),
        ("$state", json!("save")),
        ("$zia_owner_assignment", json!("owner_recommendation_unavailable")),
        ("$zia_visions", Value::Null),
    ];
    if let Some(layout) = module.layouts.first() {
        keys.push((
            "$layout_id",
            json!({ "display_label": layout.name, "name": layout.name, "id": layout.id }),
        ));
    }
    if module.api_name == "Products" {
        keys.push(("$taxable", json!(true)));
    }
    keys
}

/// Fields that exist behind the scenes and that nobody fills.
pub(super) fn hidden_keys(module: &Module) -> Vec<(&'static str, Value)> {
    let empty = |names: &[&'static str]| names.iter().map(|name| (*name, Value::Null)).collect::<Vec<_>>();
    let (mut keys, filled): (Vec<_>, Vec<_>) = match module.api_name {
        "Contacts" => (
            empty(&[
                "Salutation",
                "Lead_Source",
                "Reporting_To",
                "Assistant",
                "Asst_Phone",
                "Fax",
                "Other_Phone",
                "Other_Street",
                "Other_City",
                "Other_State",
                "Other_Zip",
                "Other_Country",
                "Skype_ID",
                "Twitter",
                "Date_of_Birth",
            ]),
            vec![("Locked__s", json!(false))],
        ),
        "Accounts" => (
            empty(&[
                "Account_Site",
                "Account_Type",
                "Annual_Revenue",
                "Employees",
                "Fax",
                "Ownership",
                "Parent_Account",
                "Rating",
                "SIC_Code",
                "Ticker_Symbol",
                "Shipping_Street",
                "Shipping_City",
                "Shipping_State",
                "Shipping_Code",
                "Shipping_Country",
            ]),
            vec![("Account_Number", json!("0")), ("Locked__s", json!(false))],
        ),
        "Products" => (
            empty(&[
                "Usage_Unit",
                "Manufacturer",
                "Commission_Rate",
                "Sales_Start_Date",
                "Sales_End_Date",
                "Support_Start_Date",
                "Support_Expiry_Date",
                "Handler",
            ]),
            vec![
                ("Qty_in_Stock", json!(0)),
                ("Qty_in_Demand", json!(0)),
                ("Qty_Ordered", json!(0)),
                ("Reorder_Level", json!(0)),
                ("Taxable", json!(true)),
                ("Tax", json!([])),
            ],
        ),
        _ => (Vec::new(), Vec::new()),
    };
    keys.extend(filled);
    keys
}
