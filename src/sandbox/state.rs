//! The whole sandbox, shared by all requests.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::{
    Clock, Options, Request,
    fault::Faults,
    gate::{Gate, lock},
    ids,
    jobs::Jobs,
    journal::Journal,
    world::{World, WorldError, org::ORG, people::Status},
};

/// Everything that a handler may use.
#[derive(Debug)]
pub struct Sandbox {
    /// What it was started with.
    pub options: Options,
    /// The sandbox's time.
    pub clock: Clock,
    /// Tokens, credits and calls in flight.
    pub gate: Arc<Gate>,
    /// The work behind the answers.
    pub jobs: Jobs,
    /// What goes wrong on demand.
    pub faults: Mutex<Faults>,
    /// The requests that came in.
    pub journal: Mutex<Journal>,
    url: String,
    world: OnceLock<Mutex<World>>,
}

impl Sandbox {
    pub(super) fn new(options: Options, url: String) -> Self {
        let clock = Clock::open(options.clock, options.dir.as_deref());
        let gate = Arc::new(Gate::new(&options, clock.now()));
        let faults = Mutex::new(Faults::new(options.seed));
        let (jobs, journal) = (Jobs::default(), Mutex::default());
        Self { options, clock, gate, jobs, faults, journal, url, world: OnceLock::new() }
    }

    /// The address by which the sender of a request reaches the sandbox: where other machines may, it is
    /// the one that the sender used.
    #[must_use]
    pub fn address(&self, request: &Request) -> String {
        let host = request.header("host").filter(|_| self.options.public);
        host.map_or_else(|| self.url.clone(), |host| format!("http://{host}"))
    }

    /// The address at which the sandbox listens, for what is sent without a request.
    pub(super) fn url(&self) -> &str {
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

    /// The organisation's name, for a person to read.
    #[must_use]
    pub fn organisation(&self) -> &'static str {
        ORG.company_name
    }

    /// The users who may sign in, for a person to choose from: id and name. While the organisation is not
    /// seeded they have no names yet.
    #[must_use]
    pub fn people(&self) -> Vec<(String, String)> {
        let Some(world) = self.world.get() else {
            let person = |index| (ids::user(self.options.seed, index).to_string(), format!("user {index}"));
            return (0..self.options.users.max(1)).map(person).collect();
        };
        let world = world.lock().unwrap_or_else(PoisonError::into_inner);
        let active = world.users().iter().filter(|user| user.status == Status::Active);
        active.map(|user| (user.id.to_string(), user.full_name())).collect()
    }

    /// The id of the user that was chosen; the super administrator where none of the users was.
    #[must_use]
    pub fn person(&self, chosen: Option<&str>) -> String {
        let mut people = self.people().into_iter().map(|(id, _)| id);
        let known = people.find(|id| Some(id.as_str()) == chosen);
        known.unwrap_or_else(|| ids::user(self.options.seed, 0).to_string())
    }

    /// Puts everything back to the start: time, tokens, books, faults and the organisation.
    ///
    /// # Errors
    /// When the organisation cannot be seeded anew.
    pub(super) fn reset(&self) -> Result<(), WorldError> {
        self.clock.reset();
        self.gate.reset(&self.options);
        *lock(&self.faults) = Faults::new(self.options.seed);
        *lock(&self.journal) = Journal::default();
        self.jobs.forget();
        self.world().reset()
    }

    /// Leaves what a directory keeps in its one file.
    ///
    /// # Errors
    /// When SQLite refuses; what is kept is whole nevertheless.
    pub(super) fn fold(&self) -> Result<(), WorldError> {
        match self.world.get() {
            Some(world) => world.lock().unwrap_or_else(PoisonError::into_inner).fold(),
            None => Ok(()),
        }
    }

    /// Takes in the organisation, and only then writes beside it: a folder of another one stays as it is.
    pub(super) fn settle(&self, world: World) {
        self.clock.keep();
        assert!(self.world.set(Mutex::new(world)).is_ok(), "the organisation is seeded once");
    }
}
