//! What counts: a flag over a variable over the file over what is built in.

use std::{ffi::OsString, path::PathBuf};

use serde::Deserialize;
use strum::{Display, EnumString, VariantNames};

use super::{ConfigError, ConfigFile, InvalidProfile, Paths, Profile};

/// Colours to draw with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Display, EnumString, VariantNames, Deserialize)]
#[strum(serialize_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// The terminal's own 16 colours.
    #[default]
    Ansi,
    /// No colour at all.
    Mono,
}

/// What the user asked for on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--profile`.
    pub profile: Option<Profile>,
    /// `--read-only`.
    pub read_only: bool,
    /// `--ascii`.
    pub ascii: bool,
}

/// The variables that the program reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `BIGIN_CONFIG`: another settings file.
    pub config_file: Option<PathBuf>,
    /// `BIGIN_PROFILE`.
    pub profile: Option<Profile>,
    /// `NO_COLOR` is set to something: <https://no-color.org>.
    pub no_color: bool,
}

/// What the program goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The account in use.
    pub profile: Profile,
    /// Refuse every change.
    pub read_only: bool,
    /// Colours.
    pub theme: Theme,
    /// Borders and marks from ASCII only.
    pub ascii: bool,
    /// Rows at which a query of the console stops and asks, where they were set.
    pub max_rows: Option<u64>,
    /// Credits likewise.
    pub max_credits: Option<u64>,
}

impl Environment {
    /// Reads the variables; `get` is `std::env::var_os`.
    ///
    /// # Errors
    /// When `BIGIN_PROFILE` cannot name a profile.
    pub fn read(get: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let get = |name| get(name).filter(|value| !value.is_empty());
        let profile = get("BIGIN_PROFILE").map(|name| {
            let problem = InvalidProfile.to_string();
            let wrong = ConfigError::Value { name: "BIGIN_PROFILE", problem };
            name.into_string().ok().and_then(|name| name.parse().ok()).ok_or(wrong)
        });
        Ok(Self {
            config_file: get("BIGIN_CONFIG").map(PathBuf::from),
            profile: profile.transpose()?,
            no_color: get("NO_COLOR").is_some(),
        })
    }
}

impl Settings {
    /// Reads the settings file and lays flags and variables over it.
    ///
    /// # Errors
    /// When the file has a mistake or cannot be read.
    pub fn load(paths: &Paths, flags: &Flags, environment: &Environment) -> Result<Self, ConfigError> {
        let path = environment.config_file.clone().unwrap_or_else(|| paths.config_file());
        Ok(Self::of(flags, environment, &ConfigFile::read(&path)?))
    }

    /// The one rule of precedence. A profile's table counts before the rest of the file. Read-only mode is on
    /// when a flag or the file asks for it; no flag takes it away.
    #[must_use]
    pub fn of(flags: &Flags, environment: &Environment, file: &ConfigFile) -> Self {
        let named = flags.profile.as_ref().or(environment.profile.as_ref()).or(file.profile.as_ref());
        let profile = named.cloned().unwrap_or_default();
        let own = file.profiles.get(&profile).cloned().unwrap_or_default();
        let theme = own.theme.or(file.theme).unwrap_or_default();
        Self {
            read_only: flags.read_only || own.read_only.or(file.read_only).unwrap_or(false),
            theme: if environment.no_color { Theme::Mono } else { theme },
            ascii: flags.ascii || file.ascii.unwrap_or(false),
            max_rows: file.coql.max_rows,
            max_credits: file.coql.max_credits,
            profile,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str) -> Option<Profile> {
        Some(name.parse().expect("a name"))
    }

    #[test]
    fn a_flag_counts_before_a_variable_before_the_file() {
        let file = ConfigFile { profile: profile("file"), ..ConfigFile::default() };
        let environment = Environment { profile: profile("variable"), ..Environment::default() };
        let flags = Flags { profile: profile("flag"), ..Flags::default() };
        let (no_flags, no_variables) = (Flags::default(), Environment::default());
        let used = |flags, environment, file| Settings::of(flags, environment, file).profile.to_string();
        assert_eq!(used(&flags, &environment, &file), "flag");
        assert_eq!(used(&no_flags, &environment, &file), "variable");
        assert_eq!(used(&no_flags, &no_variables, &file), "file");
        assert_eq!(used(&no_flags, &no_variables, &ConfigFile::default()), "default");
    }

    #[test]
    fn a_profile_s_own_table_counts_before_the_rest_of_the_file() {
        let file: ConfigFile =
            toml::from_str("read_only = true\ntheme = 'mono'\n[profiles.play]\nread_only = false\n")
                .expect("a file");
        let of = |name: &str, flags: &Flags| {
            let flags = Flags { profile: profile(name), ..flags.clone() };
            Settings::of(&flags, &Environment::default(), &file)
        };
        assert!(of("work", &Flags::default()).read_only);
        assert!(!of("play", &Flags::default()).read_only);
        assert!(of("play", &Flags { read_only: true, ..Flags::default() }).read_only);
        assert_eq!(of("play", &Flags::default()).theme, Theme::Mono);
    }

    #[test]
    fn variables_that_are_empty_are_not_set() {
        let read = |pairs: &[(&str, &str)]| {
            Environment::read(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
            })
        };
        assert_eq!(read(&[("NO_COLOR", ""), ("BIGIN_PROFILE", "")]).expect("read"), Environment::default());
        let set = read(&[("NO_COLOR", "1"), ("BIGIN_PROFILE", "work")]).expect("read");
        assert_eq!((set.no_color, set.profile.clone()), (true, profile("work")));
        assert_eq!(Settings::of(&Flags::default(), &set, &ConfigFile::default()).theme, Theme::Mono);
        let wrong = read(&[("BIGIN_PROFILE", "../x")]).expect_err("no name").to_string();
        assert!(wrong.starts_with("BIGIN_PROFILE: a profile's name"), "{wrong}");
    }
}
