//! Signing in by a code that is typed into any browser.
//!
//! <https://www.zoho.com/accounts/protocol/oauth/devices/initiation-request.html>

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{Accounts, Grant, SCOPES, answer};
use crate::api::{
    credentials::AppKey,
    data_centre,
    error::{Error, Kind},
};
use crate::domain::SafeText;

/// What the person is shown, and what to poll with.
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// To type in the browser.
    pub user_code: SafeText,
    /// Where to type it.
    pub url: SafeText,
    /// The same with the code filled in.
    pub complete_url: Option<SafeText>,
    /// To poll with.
    pub device_code: SecretString,
    /// The documented pace; polling faster is answered with `slow_down`.
    pub interval: Duration,
    /// How long the codes live.
    pub expires_in: Duration,
}

/// How the device flow stands.
#[derive(Debug, Clone)]
pub enum DevicePoll {
    /// Not approved yet: ask again after the interval.
    Pending,
    /// Approved by a user of another data centre: go on asking there.
    Elsewhere(&'static data_centre::DataCentre),
    /// Approved.
    Granted(Grant),
}

const DOING: &str = "sign in";

impl Accounts {
    /// Begins the device flow.
    ///
    /// # Errors
    /// As every call; [`Kind::SignIn`] when the client id is not known here.
    pub async fn device_code(&self, app: &AppKey) -> Result<DeviceCode, Error> {
        let scope = SCOPES.join(",");
        let form = [
            ("client_id", app.id.as_str()),
            ("grant_type", "device_request"),
            ("scope", &scope),
            ("access_type", "offline"),
            ("prompt", "consent"),
        ];
        let object = answer::object(&self.post_form(DOING, "/oauth/v3/device/code", &form).await?, DOING)?;
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let (Some(user_code), Some(device_code), Some(url)) = (
            text("user_code"),
            text("device_code"),
            text("verification_url").or_else(|| text("verification_uri")),
        ) else {
            let problem = SafeText::new("a device code is missing");
            return Err(Error::new(DOING, Kind::Unexpected { problem }));
        };
        Ok(DeviceCode {
            user_code: SafeText::new(user_code),
            url: SafeText::new(url),
            complete_url: text("verification_uri_complete").map(SafeText::new),
            device_code: SecretString::from(device_code),
            interval: span(object.get("interval"), 30),
            expires_in: span(object.get("expires_in"), 300),
        })
    }

    /// Asks once whether the person approved.
    ///
    /// <https://www.zoho.com/accounts/protocol/oauth/devices/polling-request.html>
    ///
    /// # Errors
    /// [`Kind::SignIn`] with `access_denied` or `expired`; else as every call.
    pub async fn device_poll(&self, app: &AppKey, device_code: &SecretString) -> Result<DevicePoll, Error> {
        let form = [("grant_type", "device_token"), ("code", device_code.expose_secret())];
        let reply = self.post(DOING, "/oauth/v3/device/token", app, &form).await?;
        let location = serde_json::from_slice::<Value>(&reply.body)
            .ok()
            .and_then(|answer| answer.get("user_location")?.as_str().map(str::to_owned));
        match answer::grant(reply, DOING) {
            Ok(grant) => Ok(DevicePoll::Granted(grant)),
            Err(error) => match error.sign_in_code() {
                Some("authorization_pending" | "slow_down") => Ok(DevicePoll::Pending),
                Some("other_dc") => {
                    location.as_deref().and_then(data_centre::at).map(DevicePoll::Elsewhere).ok_or(error)
                }
                _ => Err(error),
            },
        }
    }
}

/// The unit is not settled: some servers answer milliseconds. More than an hour cannot be seconds.
fn span(value: Option<&Value>, default_seconds: u64) -> Duration {
    match value.and_then(answer::number) {
        Some(milliseconds) if milliseconds > 3_600 => Duration::from_millis(milliseconds),
        Some(seconds) => Duration::from_secs(seconds),
        None => Duration::from_secs(default_seconds),
    }
}
