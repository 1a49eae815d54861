//! Apps, and the tokens that people gave them.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    path::PathBuf,
    time::Duration,
};

use jiff::Timestamp;

use super::{Code, Credentials, Grant, Minted, Refusal, Scopes, device::Devices, keep::Kept, secret::Mint};
use crate::sandbox::{Caller, Options, assumptions, folder, ids};

/// Everything that was given to apps.
#[derive(Debug)]
pub struct Tokens {
    pub(super) mint: Mint,
    lifetime: Duration,
    file: Option<PathBuf>,
    client: Client,
    demo: String,
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
    fn new(options: &Options) -> Self {
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
            file: None,
            client,
            demo: String::new(),
            codes: HashMap::new(),
            devices: Devices::default(),
            consented: HashSet::new(),
            asked_codes: VecDeque::new(),
            refresh: Vec::new(),
            access: HashMap::new(),
        };
        tokens.demo = tokens.give_refresh(grant, Timestamp::MIN);
        tokens
    }

    /// The tokens of the start, and where the options name a folder that keeps them those that an earlier
    /// sandbox gave.
    pub(super) fn open(options: &Options) -> Self {
        let mut tokens = Self::new(options);
        let Some(file) = options.dir.as_deref().map(folder::tokens) else { return tokens };
        // What was given before the last start must not be given again.
        tokens.mint.surprise();
        if let Some(kept) = folder::load::<Vec<Kept>>(&file) {
            let mine = kept.into_iter().filter(|kept| kept.client == tokens.client.id);
            tokens.refresh = mine.filter_map(Refresh::of).collect();
        }
        tokens.file = Some(file);
        tokens
    }

    /// Forgets all tokens but the first, on disk too.
    pub(super) fn reset(&mut self, options: &Options) {
        let file = self.file.take();
        *self = Self { file, ..Self::new(options) };
        self.keep();
    }

    /// Writes down which refresh tokens are good, where they are kept.
    fn keep(&self) {
        if let Some(file) = &self.file {
            folder::save(file, &self.refresh.iter().map(Refresh::kept).collect::<Vec<_>>());
        }
    }

    /// Id and secret of the registered app, and its first refresh token.
    #[must_use]
    pub fn demo(&self) -> (String, String, String) {
        (self.client.id.clone(), self.client.secret.clone(), self.demo.clone())
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
        self.keep();
        true
    }

    /// Ends everything that a user allowed: the user may no longer sign in.
    pub fn forget_user(&mut self, user: &str) {
        self.refresh.retain(|held| held.grant.user != user);
        self.access.retain(|_, access| access.grant.user != user);
        self.codes.retain(|_, (code, _)| code.grant.user != user);
        self.keep();
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
        self.keep();
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
    fn kept(&self) -> Kept {
        Kept {
            token: self.token.clone(),
            user: self.grant.user.clone(),
            client: self.grant.client.clone(),
            scope: self.grant.scopes.listed(),
            secretless: self.grant.secretless,
        }
    }

    fn of(kept: Kept) -> Option<Self> {
        let Kept { token, user, client, scope, secretless } = kept;
        let scopes = Scopes::parse(&scope).ok()?;
        let grant = Grant { user, client, scopes, offline: true, secretless };
        let (asked, live) = Default::default();
        Some(Self { token, grant, given: Timestamp::MIN, asked, live })
    }

    fn belongs_with(&self, grant: &Grant) -> bool {
        self.grant.user == grant.user && self.grant.client == grant.client
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
