//! The organisation, and what its edition allows.

use serde_json::Value;

use super::{
    call::Call,
    client::Client,
    endpoint::Op,
    error::{Error, Kind},
    search::number,
    wire::id_of,
};
use crate::domain::{Allowance, Org, SafeText};

impl Client {
    /// The organisation. Its edition sets the limits of this client from here on.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/get-org-data.html>
    ///
    /// # Errors
    /// As every call.
    pub async fn org(&self) -> Result<Org, Error> {
        let call = Call::new(Op::GetOrg);
        let orgs: Vec<Value> = self.settings(call.clone(), "org").await?;
        let org = orgs.first().and_then(read).ok_or_else(|| {
            let problem = SafeText::new("no organisation with an id");
            Error::new(call.words(), Kind::Unexpected { problem }).during(call.op)
        })?;
        self.limits().set_allowance(org.allowance);
        Ok(org)
    }
}

fn read(value: &Value) -> Option<Org> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (edition, allowance) = edition(value.get("license_details"));
    Some(Org {
        id: id_of(value.get("id")?)?,
        name: text("company_name"),
        currency: text("iso_code"),
        currency_symbol: text("currency_symbol"),
        time_zone: text("time_zone"),
        edition,
        allowance,
    })
}

/// The edition as people call it, and what it allows. A trial has what its edition has; an org that says
/// nothing of a licence is taken for the Free edition, whose limits harm no one.
fn edition(license: Option<&Value>) -> (String, Allowance) {
    let detail = |key: &str| license.and_then(|license| license.get(key));
    let named = |key: &str| detail(key).and_then(Value::as_str).filter(|name| !name.is_empty());
    let kind = named("trial_type").or_else(|| named("paid_type")).unwrap_or_default();
    let paid = detail("paid").and_then(Value::as_bool).unwrap_or(false) || named("trial_type").is_some();
    let name = kind.strip_prefix("bigin").unwrap_or(kind);
    if !paid || name.eq_ignore_ascii_case("free") {
        return ("Free".to_owned(), Allowance::FREE);
    }
    let licences = detail("users_license_purchased").and_then(number).unwrap_or(1);
    let allowance = Allowance::paid(u32::try_from(licences).unwrap_or(u32::MAX));
    let name = match name {
        "" => "Paid".to_owned(),
        "360" => "Bigin 360".to_owned(),
        name => name[..1].to_uppercase() + &name[1..],
    };
    (name, allowance)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_licence_says_what_is_allowed() {
        let of = |license: Value| edition(Some(&license));
        let premier = of(json!({"paid": true, "paid_type": "biginpremier", "users_license_purchased": 10}));
        assert_eq!(premier, ("Premier".to_owned(), Allowance { credits: 52_500, concurrency: 10 }));
        assert_eq!(of(json!({"paid": false, "paid_type": "biginfree"})).1, Allowance::FREE);
        assert_eq!(
            of(json!({"paid": true, "paid_type": "bigin360", "users_license_purchased": "4"})).0,
            "Bigin 360"
        );
        let trial = of(json!({"paid": false, "paid_type": null, "trial_type": "biginexpress"}));
        assert_eq!((trial.0.as_str(), trial.1.concurrency), ("Express", 10));
        assert_eq!(edition(None).1, Allowance::FREE);
    }
}
