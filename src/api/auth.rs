//! The access token: in memory only, renewed once for everyone who needs it.

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use tokio::{sync::Mutex, time::Instant};

use super::{
    credentials::Credentials,
    data_centre,
    error::{Error, Kind},
    http::Timeouts,
    oauth::{Accounts, Grant},
    retry::Backoff,
};
use crate::domain::SafeText;

/// A token this near to its end is renewed before it is used; one that lives for minutes only, later.
const MARGIN: Duration = Duration::from_secs(60);

/// The accounts server mints this many access tokens in [`WINDOW`], then blocks the refresh token.
///
/// <https://www.zoho.com/accounts/protocol/oauth/token-limits.html>
const MOST_TOKENS: usize = 10;
const WINDOW: Duration = Duration::from_secs(600);

/// Tries of one renewal while the accounts server cannot be reached.
const TRIES: u32 = 3;

/// Keeps one account signed in.
#[derive(Debug)]
pub(super) struct Auth {
    accounts: Accounts,
    credentials: Credentials,
    backoff: Backoff,
    attempts: AtomicU64,
    state: Mutex<State>,
}

/// An access token. A later one has a higher generation.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) value: SecretString,
    pub(super) api_domain: String,
    pub(super) generation: u64,
    stale_at: Instant,
}

#[derive(Debug, Default)]
struct State {
    token: Option<Token>,
    generation: u64,
    minted: VecDeque<Instant>,
    blocked: Option<(Instant, Error)>,
    failed: Option<(u64, Error)>,
}

impl Auth {
    pub(super) fn new(credentials: Credentials, timeouts: Timeouts, backoff: Backoff) -> Self {
        let accounts = Accounts::new(&credentials.accounts, timeouts);
        let (attempts, state) = (AtomicU64::new(0), Mutex::default());
        Self { accounts, credentials, backoff, attempts, state }
    }

    /// Begins with a token that was just granted.
    ///
    /// # Errors
    /// [`Kind::UnknownDomain`].
    pub(super) fn seed(&mut self, grant: &Grant) -> Result<(), Error> {
        let token = self.token_of(grant, 1)?;
        let state = self.state.get_mut();
        state.minted.push_back(Instant::now());
        state.generation = 1;
        state.token = Some(token);
        Ok(())
    }

    /// A token that still holds for a while.
    pub(super) async fn token(&self) -> Result<Token, Error> {
        let seen = self.attempts.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        match &state.token {
            Some(token) if Instant::now() < token.stale_at => Ok(token.clone()),
            _ => self.renew(&mut state, seen).await,
        }
    }

    /// Another token than the one of `generation`, which the service refused. Whoever comes late, after it was
    /// replaced already, gets the one that replaced it.
    pub(super) async fn token_after(&self, generation: u64) -> Result<Token, Error> {
        let seen = self.attempts.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        match &state.token {
            Some(token) if token.generation > generation => Ok(token.clone()),
            _ => {
                state.token = None;
                self.renew(&mut state, seen).await
            }
        }
    }

    /// Renews the token, with the lock held. Whoever waited for the lock while a renewal failed shares that
    /// failure, for asking again at once would only use up the ten tokens.
    async fn renew(&self, state: &mut State, seen: u64) -> Result<Token, Error> {
        if let Some((attempt, error)) = &state.failed
            && *attempt > seen
        {
            return Err(error.clone());
        }
        let renewed = self.ask(state).await;
        let attempt = self.attempts.fetch_add(1, Ordering::AcqRel) + 1;
        state.failed = renewed.as_ref().err().map(|error| (attempt, error.clone()));
        renewed
    }

    async fn ask(&self, state: &mut State) -> Result<Token, Error> {
        state.check_pace(Instant::now())?;
        let mut tries = 0;
        let grant = loop {
            tries += 1;
            let Credentials { app, refresh_token, .. } = &self.credentials;
            match self.accounts.refresh(app, refresh_token).await {
                Ok(grant) => break grant,
                Err(error) if tries < TRIES && worth_another_try(&error) => {
                    tokio::time::sleep(self.backoff.delay(tries)).await;
                }
                Err(error) => {
                    if let Kind::TooMany { .. } = error.kind() {
                        state.blocked = Some((Instant::now() + WINDOW, error.clone()));
                    }
                    return Err(error);
                }
            }
        };
        state.minted.push_back(Instant::now());
        state.generation += 1;
        let token = self.token_of(&grant, state.generation)?;
        state.token = Some(token.clone());
        Ok(token)
    }

    fn token_of(&self, grant: &Grant, generation: u64) -> Result<Token, Error> {
        let api_domain = grant.api_domain.as_ref().unwrap_or(&self.credentials.api_domain);
        if !data_centre::trusts(self.accounts.url(), api_domain) {
            let kind = Kind::UnknownDomain { domain: SafeText::new(api_domain) };
            return Err(Error::new("renew the sign-in", kind));
        }
        Ok(Token {
            value: grant.access_token.clone(),
            api_domain: api_domain.clone(),
            generation,
            stale_at: Instant::now() + (grant.expires_in - MARGIN.min(grant.expires_in / 10)),
        })
    }
}

impl State {
    /// Refuses what the accounts server would refuse, without asking it.
    fn check_pace(&mut self, now: Instant) -> Result<(), Error> {
        if let Some((until, error)) = &self.blocked {
            if now < *until {
                return Err(error.clone());
            }
            self.blocked = None;
        }
        while self.minted.front().is_some_and(|at| now.duration_since(*at) >= WINDOW) {
            self.minted.pop_front();
        }
        match self.minted.front() {
            Some(oldest) if self.minted.len() >= MOST_TOKENS => {
                let wait = WINDOW.saturating_sub(now.duration_since(*oldest));
                let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
                let retry_at = Timestamp::now().saturating_add(wait).unwrap_or(Timestamp::MAX);
                Err(Error::new("renew the sign-in", Kind::TooMany { retry_at }))
            }
            _ => Ok(()),
        }
    }
}

fn worth_another_try(error: &Error) -> bool {
    matches!(
        error.kind(),
        Kind::Offline { .. } | Kind::Timeout { .. } | Kind::Server { .. } | Kind::Truncated
    )
}
