//! Apps, and the tokens that people gave them.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    time::Duration,
};

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use jiff::Timestamp;

use super::{Scopes, device::Devices, secret::Mint};
use crate::sandbox::{Caller, Options, assumptions, ids};

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

/// Everything that was given to apps.
#[derive(Debug)]
pub struct Tokens {
    pub(super) mint: Mint,
    lifetime: Duration,
    client: Client,
    codes: HashMap<String, (Code, Timestamp)>,
    pub(super) devices: Devices,
    consented: HashSet<(String, String)>,
    asked_codes: VecDeque<Timestamp>,
    refresh: Vec<Refresh>,
    access: HashMap<String, Access>,
}

#[derive(Debug)]
struct Client {
    id: String,
    secret: String,
}

#[derive(Debug)]
struct Refresh {
    token: String,
    grant: Grant,
    given: Timestamp,
    asked: VecDeque<Timestamp>,
    live: VecDeque<String>,
}

#[derive(Debug)]
struct Access {
    grant: Grant,
    expires: Timestamp,
}

impl Tokens {
    /// The registered app, and the refresh token of the super administrator for it.
    pub(super) fn new(options: &Options) -> Self {
        let mut mint = Mint::new(options.seed, options.public);
        let client = Client { id: mint.client_id(), secret: mint.client_secret() };
        let scopes = Scopes::parse(assumptions::DEMO_SCOPES).expect("the demo's scopes are scopes");
        let grant = Grant {
            user: ids::user(options.seed, 0).to_string(),
            client: client.id.clone(),
            scopes,
            offline: true,
            secretless: false,
        };
        let mut tokens = Self {
            mint,
            lifetime: options.token_lifetime,
            client,
            codes: HashMap::new(),
            devices: Devices::default(),
            consented: HashSet::new(),
            asked_codes: VecDeque::new(),
            refresh: Vec::new(),
            access: HashMap::new(),
        };
        tokens.give_refresh(grant, Timestamp::MIN);
        tokens
    }

    /// Id and secret of the registered app, and its first refresh token.
    #[must_use]
    pub fn demo(&self) -> (String, String, String) {
        let refresh = self.refresh.first().map(|refresh| refresh.token.clone()).unwrap_or_default();
        (self.client.id.clone(), self.client.secret.clone(), refresh)
    }

    /// Whether an app has this id.
    #[must_use]
    pub fn knows(&self, client: &str) -> bool {
        self.client.id == client
    }

    /// Who holds an access token; none once it has ended.
    #[must_use]
    pub fn caller(&self, token: &str, now: Timestamp) -> Option<Caller> {
        let access = self.access.get(token).filter(|access| now < access.expires)?;
        let Grant { user, client, scopes, .. } = access.grant.clone();
        Some(Caller { user, client, scopes, expires: access.expires, now })
    }

    /// Whether the app is who it says, by its secret or, where `secretless` allows that, without.
    ///
    /// # Errors
    /// When it is not.
    pub fn authenticate(&self, app: Credentials<'_>, secretless: bool) -> Result<(), Refusal> {
        let proven = match app.secret {
            Some(secret) => secret == self.client.secret,
            None => secretless,
        };
        (self.knows(app.client) && proven).then_some(()).ok_or(Refusal::InvalidClient)
    }

    /// Whether a user has not allowed an app anything before, on a consent page.
    pub fn consents_first(&mut self, user: &str, client: &str) -> bool {
        self.consented.insert((user.to_owned(), client.to_owned()))
    }

    /// Makes a code.
    ///
    /// # Errors
    /// When too many were asked for in the last ten minutes.
    pub fn give_code(&mut self, code: Code, now: Timestamp) -> Result<String, Refusal> {
        forget_before(&mut self.asked_codes, now, assumptions::TOKEN_REQUEST_WINDOW);
        if self.asked_codes.len() >= assumptions::CODE_REQUESTS {
            return Err(Refusal::AccessDenied);
        }
        self.asked_codes.push_back(now);
        let text = self.mint.token(1000);
        let expires = after(now, code.lifetime);
        self.codes.retain(|_, (_, expires)| now < *expires);
        self.codes.insert(text.clone(), (code, expires));
        Ok(text)
    }

    /// Exchanges a code for tokens; a code serves once, whatever comes of it.
    ///
    /// # Errors
    /// When the code cannot be used by this app, at this time, with this redirect address and verifier.
    pub fn exchange(
        &mut self,
        code: &str,
        app: Credentials<'_>,
        redirect: Option<&str>,
        verifier: Option<&str>,
        now: Timestamp,
    ) -> Result<Minted, Refusal> {
        let proves = verifier.is_some();
        self.authenticate(app, proves)?;
        let (mut code, expires) = self.codes.remove(code).ok_or(Refusal::InvalidCode)?;
        if code.grant.client != app.client || now >= expires {
            return Err(Refusal::InvalidCode);
        }
        if code.redirect.is_some() && code.redirect.as_deref() != redirect {
            return Err(Refusal::InvalidRedirect);
        }
        let answered = match &code.challenge {
            Some(challenge) => verifier.is_some_and(|verifier| challenge.is_answered_by(verifier)),
            None => app.secret.is_some(),
        };
        if !answered {
            return Err(Refusal::InvalidCode);
        }
        code.grant.secretless = app.secret.is_none();
        self.give(code.grant, now)
    }

    /// Gives the tokens that a grant stands for.
    ///
    /// # Errors
    /// When too many refresh tokens were given in the last minute.
    pub fn give(&mut self, grant: Grant, now: Timestamp) -> Result<Minted, Refusal> {
        let mut refresh = None;
        if grant.offline {
            let mine = self.refresh.iter().filter(|other| other.belongs_with(&grant));
            let minute = Duration::from_secs(60);
            if mine.filter(|other| within(other.given, now, minute)).count()
                >= assumptions::NEW_REFRESH_TOKENS_A_MINUTE
            {
                return Err(Refusal::AccessDenied);
            }
            refresh = Some(self.give_refresh(grant.clone(), now));
        }
        Ok(self.give_access(grant, refresh, now))
    }

    /// A new access token for a refresh token, which stays as it is.
    ///
    /// # Errors
    /// When the refresh token is not this app's, or too many access tokens were asked for.
    pub fn refresh(&mut self, token: &str, app: Credentials<'_>, now: Timestamp) -> Result<Minted, Refusal> {
        let secretless = self.refresh.iter().any(|held| held.token == token && held.grant.secretless);
        self.authenticate(app, secretless)?;
        let held = self.refresh.iter_mut();
        let mut held = held.filter(|held| held.token == token && held.grant.client == app.client);
        let held = held.next().ok_or(Refusal::InvalidCode)?;
        forget_before(&mut held.asked, now, assumptions::TOKEN_REQUEST_WINDOW);
        if held.asked.len() >= assumptions::TOKEN_REQUESTS {
            return Err(Refusal::Throttled);
        }
        held.asked.push_back(now);
        let grant = held.grant.clone();
        let minted = self.give_access(grant, Some(token.to_owned()), now);
        Ok(Minted { refresh: None, ..minted })
    }

    /// Ends a refresh token and every access token made from it, or one access token. Tells whether there
    /// was such a token.
    pub fn revoke(&mut self, token: &str) -> bool {
        let Some(at) = self.refresh.iter().position(|held| held.token == token) else {
            return self.access.remove(token).is_some();
        };
        self.drop_refresh(at);
        true
    }

    /// Ends everything that a user allowed: the user may no longer sign in.
    pub fn forget_user(&mut self, user: &str) {
        self.refresh.retain(|held| held.grant.user != user);
        self.access.retain(|_, access| access.grant.user != user);
        self.codes.retain(|_, (code, _)| code.grant.user != user);
    }

    fn give_refresh(&mut self, grant: Grant, now: Timestamp) -> String {
        let live = self.refresh.iter().filter(|other| other.belongs_with(&grant)).count();
        if live >= assumptions::LIVE_REFRESH_TOKENS
            && let Some(oldest) = self.refresh.iter().position(|other| other.belongs_with(&grant))
        {
            self.drop_refresh(oldest);
        }
        let token = self.mint.token(1000);
        let (asked, live) = Default::default();
        self.refresh.push(Refresh { token: token.clone(), grant, given: now, asked, live });
        token
    }

    fn drop_refresh(&mut self, at: usize) {
        for access in self.refresh.remove(at).live {
            self.access.remove(&access);
        }
    }

    fn give_access(&mut self, grant: Grant, refresh: Option<String>, now: Timestamp) -> Minted {
        self.access.retain(|_, access| now < access.expires);
        let access = self.mint.token(1000);
        let held = self.refresh.iter_mut().find(|held| Some(&held.token) == refresh.as_ref());
        if let Some(held) = held {
            held.live.retain(|token| self.access.contains_key(token));
            if held.live.len() >= assumptions::LIVE_ACCESS_TOKENS
                && let Some(oldest) = held.live.pop_front()
            {
                self.access.remove(&oldest);
            }
            held.live.push_back(access.clone());
        }
        let scopes = grant.scopes.clone();
        let expires = after(now, self.lifetime);
        self.access.insert(access.clone(), Access { grant, expires });
        Minted { access, refresh, scopes, lifetime: self.lifetime }
    }
}

impl Refresh {
    fn belongs_with(&self, grant: &Grant) -> bool {
        self.grant.user == grant.user && self.grant.client == grant.client
    }
}

impl Challenge {
    fn is_answered_by(&self, verifier: &str) -> bool {
        if !self.hashed {
            return self.text == verifier;
        }
        let digest = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
        self.text.trim_end_matches('=') == BASE64_URL_SAFE_NO_PAD.encode(digest)
    }
}

/// The time `span` after `now`.
pub(super) fn after(now: Timestamp, span: Duration) -> Timestamp {
    now.checked_add(span).unwrap_or(Timestamp::MAX)
}

pub(super) fn within(at: Timestamp, now: Timestamp, window: Duration) -> bool {
    let window = i128::try_from(window.as_millis()).unwrap_or(i128::MAX);
    i128::from(now.as_millisecond()) - i128::from(at.as_millisecond()) < window
}

fn forget_before(times: &mut VecDeque<Timestamp>, now: Timestamp, window: Duration) {
    while times.front().is_some_and(|&at| !within(at, now, window)) {
        times.pop_front();
    }
}
