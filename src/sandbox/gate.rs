//! What a call must pass before a handler sees it: token, concurrency, credits, scope.

mod device;
mod flight;
mod grant;
mod keep;
mod ledger;
mod scope;
mod secret;
mod token;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::HeaderValue;
use jiff::Timestamp;

pub use device::{Device, DeviceCode};
pub use flight::{InFlight, Seat};
pub use grant::{Challenge, Code, Credentials, Grant, Minted, Refusal};
pub use scope::Scopes;
pub use token::Tokens;

use self::{flight::Flights, ledger::Ledger};
use super::{Caller, Options, Reply, assumptions, reply};

/// Tokens, credits and calls in flight.
#[derive(Debug)]
pub struct Gate {
    /// Apps, codes and tokens.
    pub tokens: Mutex<Tokens>,
    ledger: Mutex<Ledger>,
    flights: Mutex<Flights>,
    credits: u32,
    concurrency: u32,
}

impl Gate {
    pub(super) fn new(options: &Options, now: Timestamp) -> Self {
        Self {
            tokens: Mutex::new(Tokens::open(options)),
            ledger: Mutex::new(Ledger::open(options.dir.as_deref(), now)),
            flights: Mutex::default(),
            credits: options.edition.credits(options.users),
            concurrency: options.edition.concurrency(),
        }
    }

    /// Credits that the organisation has per rolling 24 hours.
    #[must_use]
    pub const fn credits(&self) -> u32 {
        self.credits
    }

    /// Calls that a user may have in flight through one app.
    #[must_use]
    pub const fn concurrency(&self) -> u32 {
        self.concurrency
    }

    /// Whose token the `Authorization` header carries. `Zoho-oauthtoken` and `Bearer` are taken, another
    /// scheme is an invalid request.
    pub(super) fn identify(&self, header: Option<&HeaderValue>, now: Timestamp) -> Result<Caller, Reply> {
        let header = header.ok_or_else(reply::authentication_failure)?;
        let text = header.to_str().map_err(|_| reply::invalid_token())?.trim();
        let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
        let known = ["zoho-oauthtoken", "bearer"].iter().any(|name| scheme.eq_ignore_ascii_case(name));
        if !known {
            return Err(reply::invalid_request());
        }
        if token.trim().is_empty() {
            return Err(reply::authentication_failure());
        }
        lock(&self.tokens).caller(token.trim(), now).ok_or_else(reply::invalid_token)
    }

    /// A seat among the calls in flight of the caller's user and app.
    pub(super) fn enter(self: &Arc<Self>, caller: &Caller) -> Result<Seat, Reply> {
        let key = (caller.user.clone(), caller.client.clone());
        if lock(&self.flights).enter(&key, self.concurrency) {
            return Ok(Seat::new(Arc::clone(self), key));
        }
        let most = self.concurrency;
        let message = format!("more than {most} calls of this user and app are in flight");
        Err(reply::too_many_requests(&message, true))
    }

    /// Takes the price of a call that began at `at`, if the organisation has that left.
    pub(super) fn charge(&self, at: Timestamp, credits: u32) -> Result<(), Reply> {
        let mut ledger = lock(&self.ledger);
        let left = self.credits.saturating_sub(ledger.used(at));
        if credits <= left {
            ledger.spend(at, credits);
            return Ok(());
        }
        let message = format!("the call costs {credits} credits and {left} are left in the last 24 hours");
        Err(reply::too_many_requests(&message, false))
    }

    /// Gives back the price of a call that was turned away after all.
    pub(super) fn refund(&self, at: Timestamp, credits: u32) {
        lock(&self.ledger).refund(at, credits);
    }

    /// Credits used in the last 24 hours.
    #[must_use]
    pub fn used(&self, now: Timestamp) -> u32 {
        lock(&self.ledger).used(now)
    }

    /// Calls in flight.
    #[must_use]
    pub fn in_flight(&self) -> InFlight {
        lock(&self.flights).count()
    }

    /// Forgets what was spent and which tokens were given, back to the start.
    pub(super) fn reset(&self, options: &Options) {
        lock(&self.tokens).reset(options);
        lock(&self.ledger).forget();
        lock(&self.flights).forget_peaks();
    }

    fn pool(&self) -> bool {
        lock(&self.flights).enter_pool(assumptions::SUB_CONCURRENCY)
    }
}

/// Locks what only short, infallible steps change, so that a panic elsewhere cannot have torn it.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
