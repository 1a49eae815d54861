//! The folders that belong to the program; nothing is written anywhere else.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::{ConfigError, Profile};

/// The program's folders, in the places that the platform has for them. Naming them creates nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Settings that the user writes.
    pub config: PathBuf,
    /// Keys and the user's words: cannot be fetched again.
    pub data: PathBuf,
    /// What can be fetched again, and logs.
    pub cache: PathBuf,
}

impl Paths {
    /// The folders of the user who runs the program.
    ///
    /// # Errors
    /// [`ConfigError::NoHome`].
    pub fn of_user() -> Result<Self, ConfigError> {
        let folders = ProjectDirs::from("", "", "bigin").ok_or(ConfigError::NoHome)?;
        Ok(Self {
            config: folders.config_dir().to_owned(),
            data: folders.data_dir().to_owned(),
            cache: folders.cache_dir().to_owned(),
        })
    }

    /// All three under one folder.
    #[must_use]
    pub fn under(folder: &Path) -> Self {
        Self { config: folder.join("config"), data: folder.join("data"), cache: folder.join("cache") }
    }

    /// The settings file.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The folder of what a profile must not lose.
    #[must_use]
    pub fn profile_data(&self, profile: &Profile) -> PathBuf {
        self.data.join(profile.as_str())
    }

    /// The folder of what a profile can fetch again.
    #[must_use]
    pub fn profile_cache(&self, profile: &Profile) -> PathBuf {
        self.cache.join(profile.as_str())
    }

    /// What programs of a profile share of their sign-in for an hour.
    #[must_use]
    pub fn access(&self, profile: &Profile) -> PathBuf {
        self.profile_data(profile).join("access")
    }

    /// The keys of a profile.
    #[must_use]
    pub fn credentials(&self, profile: &Profile) -> PathBuf {
        self.profile_data(profile).join("credentials.toml")
    }
}
