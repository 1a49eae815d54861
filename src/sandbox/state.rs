//! The whole sandbox, shared by all requests.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::{Clock, Options, gate::Gate, world::World};

/// Everything that a handler may use.
#[derive(Debug)]
pub struct Sandbox {
    /// What it was started with.
    pub options: Options,
    /// The sandbox's time.
    pub clock: Clock,
    /// Tokens, credits and calls in flight.
    pub gate: Arc<Gate>,
    url: String,
    world: OnceLock<Mutex<World>>,
}

impl Sandbox {
    pub(super) fn new(options: Options, url: String) -> Self {
        let clock = Clock::new(options.clock);
        let gate = Arc::new(Gate::new(&options));
        Self { options, clock, gate, url, world: OnceLock::new() }
    }

    /// The address as clients write it, without a slash at the end: the `api_domain`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The organisation, for one handler at a time. Hold it for the SQL only: reading the body and writing
    /// the answer need no lock.
    ///
    /// # Panics
    /// Before the organisation is seeded; the server lets no handler run until then.
    pub fn world(&self) -> MutexGuard<'_, World> {
        let world = self.world.get().expect("handlers run only after the organisation is seeded");
        world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn settle(&self, world: World) {
        assert!(self.world.set(Mutex::new(world)).is_ok(), "the organisation is seeded once");
    }
}
