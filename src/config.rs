//! Where files live, what the user configured, and how an account's keys are kept.

mod account;
mod error;
mod file;
mod paths;
mod private;
mod profile;
mod settings;

pub use account::{Account, forget, load, prepare, save};
pub use error::ConfigError;
pub use file::{ConfigFile, ProfileTable};
pub use paths::Paths;
pub use profile::{InvalidProfile, Profile};
pub use settings::{Environment, Flags, Settings, Theme};
