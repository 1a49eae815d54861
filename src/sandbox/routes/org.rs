//! The organisation itself.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-org-data.html>

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::{
    Caller, Edition, Reply, Request, Sandbox, assumptions, clock, image, reply,
    world::{World, WorldError, org::ORG},
};

/// Under what the id of the organisation's photo is remembered.
const PHOTO: &str = "org photo";

/// What the organisation says of itself. What is not set is null.
pub fn get(sandbox: &Sandbox, _: &Caller, _: &Request) -> Reply {
    let world = sandbox.world();
    let mut object = identity(&world);
    if let (Value::Object(object), Value::Object(plan)) = (&mut object, plan(sandbox, &world)) {
        object.extend(plan);
    }
    Reply::ok(json!({ "org": [object] }))
}

fn identity(world: &World) -> Value {
    let primary = world.users().first();
    let photo = world.fact(PHOTO).ok().flatten().map(|photo| format!("{photo:016x}"));
    json!({
        "id": world.metadata.prefix.id(ORG.ending),
        "zgid": zgid(world),
        "company_name": ORG.company_name,
        "alias": null,
        "description": ORG.description,
        "primary_email": primary.map(|user| &user.email),
        "primary_zuid": primary.map(|user| &user.zuid),
        "domain_name": format!("org{}", zgid(world)),
        "photo_id": photo,
        "phone": ORG.phone,
        "mobile": null,
        "fax": null,
        "website": ORG.website,
        "employee_count": ORG.employees.to_string(),
        "country": ORG.country,
        "country_code": ORG.country_code,
        "state": ORG.state,
        "city": ORG.city,
        "street": ORG.street,
        "zip": ORG.zip,
    })
}

fn plan(sandbox: &Sandbox, world: &World) -> Value {
    let edition = sandbox.options.edition;
    let start = world.users().first().map_or(0, |user| user.created);
    // Paid year by year, from the day that the organisation was made.
    let year = 365 * 24 * 60 * 60;
    let years = (sandbox.clock.now().as_second() - start).div_euclid(year) + 1;
    let expiry = Timestamp::from_second(start + years * year).ok().map(clock::iso);
    let paid = edition != Edition::Free;
    json!({
        "currency": ORG.currency,
        "currency_symbol": ORG.currency_symbol,
        "currency_locale": ORG.iso_code,
        "iso_code": ORG.iso_code,
        "mc_status": false,
        "time_zone": assumptions::ORG_TIME_ZONE,
        "hierarchy_preferences": { "type": "Role_Hierarchy" },
        "license_details": {
            "paid": paid,
            "paid_type": edition.paid_type(),
            "paid_expiry": if paid { expiry } else { None },
            "trial_type": null,
            "trial_expiry": null,
            "users_license_purchased": sandbox.options.users,
            "portal_users_license_purchased": 0,
        },
        "gapps_enabled": false,
        "lite_users_enabled": false,
        "translation_enabled": false,
        "privacy_settings": false,
        "hipaa_compliance_enabled": false,
        "deletable_org_account": true,
        "zia_portal_id": null,
    })
}

/// The organisation's id among all of Zoho's services, which uploads name in a header.
#[must_use]
pub fn zgid(world: &World) -> String {
    let prefix = world.metadata.prefix.id(0).raw() / 1_000_000_000_000;
    format!("2{:07}{:03}", prefix, prefix % 997)
}

/// Takes a new photo.
pub fn upload_photo(sandbox: &Sandbox, _: &Caller, request: &Request) -> Reply {
    take_photo(sandbox, request).into()
}

fn take_photo(sandbox: &Sandbox, request: &Request) -> Result<Reply, Reply> {
    let part = request.part("file").filter(|part| !part.bytes.is_empty());
    let part = part.ok_or_else(|| reply::invalid_data(json!({ "param_name": "file" })))?;
    image::check_photo(&part.bytes)?;
    let number =
        part.bytes.iter().fold(7_i64, |sum, byte| sum.wrapping_mul(31).wrapping_add(i64::from(*byte)));
    let kept: Result<(), WorldError> = sandbox.world().set_fact(PHOTO, number & i64::MAX);
    kept.map_err(|_| reply::server_fault())?;
    Ok(Reply::json(
        StatusCode::OK,
        json!({ "code": "SUCCESS", "details": {}, "message": "photo uploaded successfully", "status": "success" }),
    ))
}
