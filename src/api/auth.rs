//! The access token: renewed once for everyone who needs it, in this program and in others of the same account.

mod shared;

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{sync::Mutex, time::Instant};

use super::{
    client::Options,
    credentials::Credentials,
    data_centre,
    error::{Error, Kind},
    oauth::{Accounts, Grant},
    retry::Backoff,
};
use crate::domain::SafeText;
use shared::{Common, CommonToken, Held, Seal};

/// A token this near to its end is renewed before it is used; one that lives for minutes only, later.
const MARGIN: Duration = Duration::from_secs(60);

/// The accounts server mints this many access tokens in [`WINDOW`], then blocks the refresh token.
///
/// <https://www.zoho.com/accounts/protocol/oauth/token-limits.html>
const MOST_TOKENS: usize = 10;
const WINDOW: Duration = Duration::from_secs(600);

/// An access token lives for an hour; no clock makes it live longer.
///
/// <https://www.bigin.com/developer/docs/apis/v2/refresh.html>
const LONGEST: Duration = Duration::from_secs(3_600);

/// What is being done.
const RENEW: &str = "renew the sign-in";

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
    /// What other programs of this account share, and how it is sealed.
    common: Option<(PathBuf, Seal)>,
}

/// An access token. A later one has a higher generation.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) value: SecretString,
    pub(super) api_domain: String,
    pub(super) generation: u64,
    /// Another program asked for it.
    pub(super) second_hand: bool,
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
    pub(super) fn new(credentials: Credentials, options: &Options) -> Self {
        let accounts = Accounts::new(&credentials.accounts, options.timeouts);
        let common = options.access.clone().and_then(|path| Some((path, Seal::of(&credentials)?)));
        let (attempts, state) = (AtomicU64::new(0), Mutex::default());
        Self { accounts, credentials, backoff: options.backoff, attempts, state, common }
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
            _ => self.renew(&mut state, seen, None).await,
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
                let refused = state.token.take();
                self.renew(&mut state, seen, refused.as_ref()).await
            }
        }
    }

    /// Renews the token, with the lock held. Whoever waited for the lock while a renewal failed shares that
    /// failure, for asking again at once would only use up the ten tokens.
    async fn renew(&self, state: &mut State, seen: u64, refused: Option<&Token>) -> Result<Token, Error> {
        if let Some((attempt, error)) = &state.failed
            && *attempt > seen
        {
            return Err(error.clone());
        }
        let renewed = match self.common().await {
            Some((mut held, seal)) => self.ask_together(state, &mut held, seal, refused).await,
            None => self.ask(state, &mut Common::default()).await,
        };
        let attempt = self.attempts.fetch_add(1, Ordering::AcqRel) + 1;
        state.failed = renewed.as_ref().err().map(|error| (attempt, error.clone()));
        renewed
    }

    /// What other programs share, held against them; none where nothing is shared. One that was stopped while it
    /// held the file does not stop this one for ever.
    async fn common(&self) -> Option<(Held, &Seal)> {
        let (path, seal) = self.common.as_ref()?;
        match Held::take(path, seal).await {
            Ok(held) => Some((held, seal)),
            Err(error) => {
                tracing::warn!(%error, "the access token is not shared with other programs of this account");
                None
            }
        }
    }

    /// The token that another program has made since, or a new one for all.
    async fn ask_together(
        &self,
        state: &mut State,
        held: &mut Held,
        seal: &Seal,
        refused: Option<&Token>,
    ) -> Result<Token, Error> {
        if let Some(token) = self.made_by_another(&held.common, refused, state.generation + 1) {
            return Ok(state.take(token));
        }
        held.common.token = None;
        let asked = self.ask(state, &mut held.common).await;
        if let Err(error) = held.write(seal) {
            tracing::warn!(%error, "other programs of this account are not told of the access token");
        }
        asked
    }

    /// Asks the accounts server for a new token.
    async fn ask(&self, state: &mut State, common: &mut Common) -> Result<Token, Error> {
        state.check_pace(Instant::now())?;
        common.check_pace(Timestamp::now())?;
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
                    if let Kind::Throttled { retry_at } = error.kind() {
                        common.blocked_until = Some(retry_at.as_millisecond());
                        state.blocked = Some((Instant::now() + WINDOW, error.clone()));
                    }
                    return Err(error);
                }
            }
        };
        let now = Timestamp::now().as_millisecond();
        state.minted.push_back(Instant::now());
        common.minted.push(now);
        let token = self.token_of(&grant, state.generation + 1)?;
        let lives = token.stale_at.saturating_duration_since(Instant::now()).as_millis();
        common.token = Some(CommonToken {
            value: token.value.clone(),
            api_domain: token.api_domain.clone(),
            stale_at: now.saturating_add(i64::try_from(lives).unwrap_or(i64::MAX)),
        });
        Ok(state.take(token))
    }

    /// The shared token, unless it is the one that was refused, or about to end.
    fn made_by_another(&self, common: &Common, refused: Option<&Token>, generation: u64) -> Option<Token> {
        let CommonToken { value, api_domain, stale_at } = common.token.as_ref()?;
        let left = stale_at.checked_sub(Timestamp::now().as_millisecond())?;
        let left = Duration::from_millis(u64::try_from(left).ok().filter(|left| *left > 0)?).min(LONGEST);
        let again = refused.is_some_and(|token| token.value.expose_secret() == value.expose_secret());
        if again || !data_centre::trusts(self.accounts.url(), api_domain) {
            return None;
        }
        let stale_at = Instant::now() + left;
        let (value, api_domain) = (value.clone(), api_domain.clone());
        Some(Token { value, api_domain, generation, second_hand: true, stale_at })
    }

    fn token_of(&self, grant: &Grant, generation: u64) -> Result<Token, Error> {
        let api_domain = grant.api_domain.as_ref().unwrap_or(&self.credentials.api_domain);
        if !data_centre::trusts(self.accounts.url(), api_domain) {
            let kind = Kind::UnknownDomain { domain: SafeText::new(api_domain) };
            return Err(Error::new(RENEW, kind));
        }
        Ok(Token {
            value: grant.access_token.clone(),
            api_domain: api_domain.clone(),
            generation,
            second_hand: false,
            stale_at: Instant::now() + (grant.expires_in - MARGIN.min(grant.expires_in / 10)),
        })
    }
}

impl Common {
    /// Refuses what the accounts server would refuse to all programs of the account together.
    fn check_pace(&mut self, now: Timestamp) -> Result<(), Error> {
        let (now, window) = (now.as_millisecond(), i64::try_from(WINDOW.as_millis()).unwrap_or(i64::MAX));
        // A clock that was set back since is no reason to wait longer than the window.
        self.minted.retain(|at| (now - at).abs() < window);
        self.blocked_until = self.blocked_until.filter(|until| *until > now && *until <= now + window);
        let full = self.minted.len().checked_sub(MOST_TOKENS).and_then(|over| self.minted.get(over));
        let until = self.blocked_until.max(full.map(|at| at + window));
        match until.and_then(|until| Timestamp::from_millisecond(until).ok()) {
            Some(retry_at) => Err(Error::new(RENEW, Kind::Throttled { retry_at })),
            None => Ok(()),
        }
    }
}

impl State {
    fn take(&mut self, token: Token) -> Token {
        self.generation = token.generation;
        self.token = Some(token.clone());
        token
    }

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
                Err(Error::new(RENEW, Kind::Throttled { retry_at }))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).expect("a time")
    }

    fn minted(seconds: &[i64]) -> Common {
        Common { minted: seconds.iter().map(|it| at(*it).as_millisecond()).collect(), ..Common::default() }
    }

    #[test]
    fn the_eleventh_token_of_all_programs_waits_for_the_first_to_be_ten_minutes_old() {
        let ten: Vec<i64> = (0..10).collect();
        let error = minted(&ten).check_pace(at(30)).expect_err("ten were minted");
        assert_eq!(error.retry_at(), Some(at(600)));
        assert!(minted(&ten[..9]).check_pace(at(30)).is_ok());
        assert!(minted(&ten).check_pace(at(600)).is_ok());
    }

    #[test]
    fn a_clock_that_jumps_blocks_nobody_for_longer_than_the_window() {
        let day = 86_400;
        assert!(minted(&[0; 10]).check_pace(at(day)).is_ok());
        assert!(minted(&[day; 10]).check_pace(at(0)).is_ok(), "set back by a day");
        let mut common = Common { blocked_until: Some(at(day).as_millisecond()), ..Common::default() };
        assert!(common.check_pace(at(0)).is_ok());
        common.blocked_until = Some(at(90).as_millisecond());
        assert_eq!(common.check_pace(at(0)).expect_err("blocked").retry_at(), Some(at(90)));
    }
}
