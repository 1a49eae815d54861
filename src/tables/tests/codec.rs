use super::*;

#[test]
fn records_come_back_as_the_api_wrote_them() {
    let f = Fixture::new();
    f.put("Accounts", json!([{"id": "5210437000000398041", "Account_Name": "Quayside Optics"}]));
    f.put(
        "users",
        json!([{"id": "5210437000000310001", "full_name": "Mira Solt", "email": "mira@quayside.example"}]),
    );
    f.put("layouts", json!([{"id": "5210437000000390077", "name": "Direct Sales"}]));
    f.put(
        "Pipelines",
        json!([{
            "id": "9007199254740993", "Deal_Name": "Quayside refit", "Stage": "Won", "Amount": "18250.50",
            "Closing_Date": "2026-07-31", "Modified_Time": "2026-05-04T11:25:40+02:00",
            "Owner": {"id": "5210437000000310001"}, "Account_Name": "5210437000000398041",
            "Pipeline": {"id": "5210437000000390077"}, "Tag": [{"name": "vip", "id": "1", "color_code": null}],
            "Colours": ["Red", "Blue"], "Source_ID": "9223372036854775807", "Employees": 12, "Urgent": "true",
            "Products": {"Quantity": 2.50}
        }]),
    );
    assert_eq!(
        f.get("Pipelines", "9007199254740993"),
        json!({
            "id": "9007199254740993", "Deal_Name": "Quayside refit", "Stage": "Won", "Amount": 18250.5,
            "Closing_Date": "2026-07-31", "Modified_Time": "2026-05-04T14:55:40+05:30",
            "Owner": {"name": "Mira Solt", "id": "5210437000000310001", "email": "mira@quayside.example"},
            "Account_Name": {"name": "Quayside Optics", "id": "5210437000000398041"},
            "Pipeline": {"name": "Direct Sales", "id": "5210437000000390077"},
            "Tag": [{"name": "vip", "id": "1", "color_code": null}],
            "Colours": ["Red", "Blue"], "Source_ID": "9223372036854775807", "Employees": 12, "Urgent": true,
            "Products": {"Quantity": 2.50}
        })
    );
}

#[test]
fn nothing_is_null_and_no_values_are_an_empty_list() {
    let f = Fixture::new();
    f.put("Pipelines", json!([{"id": "1", "Colours": [], "Amount": null}]));
    let deal = f.get("Pipelines", "1");
    assert_eq!((&deal["Colours"], &deal["Tag"]), (&json!([]), &json!([])));
    for field in ["Amount", "Owner", "Account_Name", "Modified_Time", "Urgent", "Products", "Deal_Name"] {
        assert_eq!(deal[field], Json::Null, "{field}");
    }
}

#[test]
fn a_name_that_came_with_a_reference_is_shown_until_the_record_itself_is_here() {
    let f = Fixture::new();
    let owner = json!({"name": "Mira Solt", "id": "3", "email": "mira@quayside.example"});
    f.put("Pipelines", json!([{"id": "1", "Account_Name": {"name": "Old name", "id": "2"}, "Owner": owner}]));
    f.put("Pipelines", json!([{"id": "1", "Owner": {"name": "Mira S.", "id": "3"}}]));
    assert_eq!(f.get("Pipelines", "1")["Account_Name"], json!({"name": "Old name", "id": "2"}));
    assert_eq!(
        f.get("Pipelines", "1")["Owner"],
        json!({"name": "Mira S.", "id": "3", "email": "mira@quayside.example"})
    );
    f.put("Accounts", json!([{"id": "2", "Account_Name": "New name"}]));
    assert_eq!(f.get("Pipelines", "1")["Account_Name"], json!({"name": "New name", "id": "2"}));
}

#[test]
fn a_lookup_to_several_modules_is_named_by_the_one_that_has_the_record() {
    let mut f = Fixture::new();
    let related = Field::plain("Related_To", FieldKind::Lookup);
    f.schemas.put(Schema { module: "Tasks".to_owned(), fields: vec![related] });
    migrate(&f.conn, f.schema("Tasks")).expect("table");
    f.put("Accounts", json!([{"id": "2", "Account_Name": "Quayside"}]));
    f.put("Pipelines", json!([{"id": "3", "Deal_Name": "Refit"}]));
    f.put("Tasks", json!([{"id": "1", "Related_To": {"id": "2"}}, {"id": "4", "Related_To": {"id": "3"}}]));
    assert_eq!(f.get("Tasks", "1")["Related_To"], json!({"name": "Quayside", "id": "2"}));
    assert_eq!(f.get("Tasks", "4")["Related_To"], json!({"name": "Refit", "id": "3"}));
}

#[test]
fn what_does_not_fit_its_kind_is_kept() {
    let f = Fixture::new();
    f.put(
        "Pipelines",
        json!([{"id": "1", "Amount": "on request", "Modified_Time": "soon", "Employees": "a dozen",
            "Source_ID": "99999999999999999999", "Urgent": "maybe"}]),
    );
    let deal = f.get("Pipelines", "1");
    assert_eq!(deal["Amount"], "on request");
    assert_eq!(deal["Modified_Time"], "soon");
    assert_eq!(deal["Employees"], "a dozen");
    assert_eq!(deal["Source_ID"], "99999999999999999999");
    assert_eq!(deal["Urgent"], "maybe");
}
