//! The words of the accounts server: what is asked for, given and refused.

use std::time::Duration;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

use super::Scopes;

/// What a person allows an app.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Id of the user.
    pub user: String,
    /// Id of the app.
    pub client: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Whether it may go on without the person: a refresh token is given.
    pub offline: bool,
    /// Whether the app proves itself by a verifier in the place of its secret.
    pub secretless: bool,
}

/// New tokens.
#[derive(Debug, Clone)]
pub struct Minted {
    /// The access token.
    pub access: String,
    /// The refresh token, where a new one is given.
    pub refresh: Option<String>,
    /// What they allow.
    pub scopes: Scopes,
    /// Life of the access token.
    pub lifetime: Duration,
}

/// Why no token is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The app is unknown or its secret is wrong.
    InvalidClient,
    /// The code or the refresh token is unknown, used, ended or revoked.
    InvalidCode,
    /// The redirect address is not the one that the code was made for.
    InvalidRedirect,
    /// Too many codes or refresh tokens were asked for.
    AccessDenied,
    /// Too many access tokens were asked for.
    Throttled,
    /// The scopes asked for are not scopes.
    InvalidScope,
    /// The person has not decided yet.
    Pending,
    /// The app asks too often whether the person has decided.
    SlowDown,
    /// The person did not decide in time.
    Expired,
    /// Anything else.
    General,
}

/// A code that can be exchanged once.
#[derive(Debug, Clone)]
pub struct Code {
    /// What it stands for.
    pub grant: Grant,
    /// Where the browser was sent; none for a self client's code.
    pub redirect: Option<String>,
    /// What the app must answer.
    pub challenge: Option<Challenge>,
    /// How long it lives.
    pub lifetime: Duration,
}

/// A code's challenge, which the app answers when it exchanges the code.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// What the app sent.
    pub text: String,
    /// Whether it is the SHA-256 of the answer; otherwise it is the answer itself.
    pub hashed: bool,
}

/// How an app identifies itself.
#[derive(Debug, Clone, Copy)]
pub struct Credentials<'a> {
    /// Its id.
    pub client: &'a str,
    /// Its secret, if it sent one.
    pub secret: Option<&'a str>,
}

impl Challenge {
    pub(super) fn is_answered_by(&self, verifier: &str) -> bool {
        if !self.hashed {
            return self.text == verifier;
        }
        let digest = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
        self.text.trim_end_matches('=') == BASE64_URL_SAFE_NO_PAD.encode(digest)
    }
}
