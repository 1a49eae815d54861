//! Apps on devices without a browser: the person decides on another screen.
//!
//! <https://www.zoho.com/accounts/protocol/oauth/devices/initiation-request.html>

use std::collections::HashMap;

use jiff::Timestamp;

use super::{
    Credentials, Grant, Minted, Refusal, Scopes, Tokens,
    token::{after, within},
};
use crate::sandbox::assumptions;

/// Requests that wait for a person, by device code.
#[derive(Debug, Default)]
pub(super) struct Devices(HashMap<String, Waiting>);

/// What an app on a device asks for.
#[derive(Debug, Clone)]
pub struct Device {
    /// Id of the app.
    pub client: String,
    /// What it wants to do.
    pub scopes: Scopes,
    /// Whether it asks for a refresh token.
    pub offline: bool,
}

/// What the device shows to the person, and asks with.
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// What the device asks with.
    pub device: String,
    /// What the person types.
    pub user: String,
}

#[derive(Debug)]
struct Waiting {
    asks: Device,
    user_code: String,
    expires: Timestamp,
    polled: Option<Timestamp>,
    decision: Option<Decision>,
}

#[derive(Debug, Clone)]
enum Decision {
    Allowed(String),
    Refused,
}

impl Tokens {
    /// Begins to wait for a person.
    ///
    /// # Errors
    /// When the app is unknown.
    pub fn wait_for_person(&mut self, asks: Device, now: Timestamp) -> Result<DeviceCode, Refusal> {
        if !self.knows(&asks.client) {
            return Err(Refusal::InvalidClient);
        }
        let code = DeviceCode { device: self.mint.token(1004), user: self.mint.user_code() };
        let expires = after(now, assumptions::DEVICE_CODE_LIFETIME);
        let user_code = code.user.clone();
        let waiting = Waiting { asks, user_code, expires, polled: None, decision: None };
        self.devices.0.insert(code.device.clone(), waiting);
        Ok(code)
    }

    /// What waits for a decision under a code that a person typed, letter case and dash aside.
    #[must_use]
    pub fn waiting(&self, user_code: &str, now: Timestamp) -> Option<&Device> {
        let mut waiting = self.devices.0.values();
        waiting.find(|waiting| waiting.is_open(user_code, now)).map(|waiting| &waiting.asks)
    }

    /// Notes what a person decided; `user` is the id of who allows it, none refuses. Tells whether anything
    /// waited under the code.
    pub fn decide(&mut self, user_code: &str, user: Option<String>, now: Timestamp) -> bool {
        let mut waiting = self.devices.0.values_mut();
        let Some(waiting) = waiting.find(|waiting| waiting.is_open(user_code, now)) else { return false };
        waiting.decision = Some(user.map_or(Decision::Refused, Decision::Allowed));
        true
    }

    /// The tokens, once a person has allowed them.
    ///
    /// # Errors
    /// Until then, and when the device asks more often than it may.
    pub fn poll(&mut self, device: &str, app: Credentials<'_>, now: Timestamp) -> Result<Minted, Refusal> {
        self.authenticate(app, false)?;
        let waiting = self.devices.0.get_mut(device).filter(|waiting| waiting.asks.client == app.client);
        let waiting = waiting.ok_or(Refusal::InvalidCode)?;
        if now >= waiting.expires {
            self.devices.0.remove(device);
            return Err(Refusal::Expired);
        }
        let last = waiting.polled.replace(now);
        if last.is_some_and(|last| within(last, now, assumptions::DEVICE_POLL_INTERVAL)) {
            return Err(Refusal::SlowDown);
        }
        let decision = waiting.decision.clone().ok_or(Refusal::Pending)?;
        let asks = self.devices.0.remove(device).map(|waiting| waiting.asks).ok_or(Refusal::InvalidCode)?;
        let Decision::Allowed(user) = decision else { return Err(Refusal::AccessDenied) };
        let Device { client, scopes, offline } = asks;
        self.give(Grant { user, client, scopes, offline, secretless: false }, now)
    }
}

impl Waiting {
    fn is_open(&self, user_code: &str, now: Timestamp) -> bool {
        let letters = |text: &str| text.to_ascii_uppercase().replace(['-', ' '], "");
        self.decision.is_none() && now < self.expires && letters(&self.user_code) == letters(user_code)
    }
}
