//! The settings file.

mod mistake;

use std::{collections::BTreeMap, fs, io, os::unix::fs::PermissionsExt, path::Path};

use serde::{Deserialize, de::DeserializeOwned};

use super::{ConfigError, Profile, Theme};

/// `config.toml`, as the user wrote it. Everything may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// The profile to use when none is named.
    pub profile: Option<Profile>,
    /// Refuse every change.
    pub read_only: Option<bool>,
    /// Colours.
    pub theme: Option<Theme>,
    /// Borders and marks from ASCII only.
    pub ascii: Option<bool>,
    /// The console's queries.
    #[serde(default)]
    pub coql: CoqlTable,
    /// What differs for a profile, by its name.
    #[serde(default)]
    pub profiles: BTreeMap<Profile, ProfileTable>,
}

/// How much a query of the console fetches before it asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoqlTable {
    /// Rows; 2,000 where it is left out.
    pub max_rows: Option<u64>,
    /// Credits; 10 where it is left out.
    pub max_credits: Option<u64>,
}

/// What differs for one profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileTable {
    /// Refuse every change.
    pub read_only: Option<bool>,
    /// Colours, to tell profiles apart.
    pub theme: Option<Theme>,
}

impl ConfigFile {
    /// Reads the file; a missing one is an empty one.
    ///
    /// # Errors
    /// With the line, the key and the fix when it has a mistake; when it cannot be read; when others may
    /// write it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(ConfigError::io("read", path)(error)),
        };
        let about = fs::metadata(path).map_err(ConfigError::io("read", path))?;
        if about.permissions().mode() & 0o002 != 0 {
            let fix = format!("chmod o-w {}", path.display());
            return Err(ConfigError::Open { path: path.to_owned(), fix });
        }
        parse(path, &text)
    }
}

/// Reads TOML into a shape; a mistake names line, key and the fix.
pub(super) fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let (line, problem) = mistake::explain(text, &error);
        ConfigError::Mistake { path: path.to_owned(), line, problem }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ConfigFile, String> {
        parse(Path::new("config.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn everything_can_be_set_and_left_out() {
        let file = read(
            "profile = 'work'\nread_only = true\ntheme = 'mono'\nascii = true\n\
             [profiles.work]\nread_only = false\n",
        )
        .expect("a file");
        assert_eq!(file.profile.expect("a profile").as_str(), "work");
        assert_eq!((file.read_only, file.theme, file.ascii), (Some(true), Some(Theme::Mono), Some(true)));
        assert_eq!(file.profiles[&"work".parse().expect("a name")].read_only, Some(false));
        assert_eq!(read("").expect("empty"), ConfigFile::default());
    }

    #[test]
    fn a_mistake_names_line_key_and_fix() {
        for (text, told) in [
            ("ascii = true\nreadonly = true\n", "line 2: unknown key `readonly`; did you mean `read_only`?"),
            (
                "colour = 1\n",
                "line 1: unknown key `colour`; the keys here are profile, read_only, theme, ascii, coql, profiles",
            ),
            ("\nread_only = \"yes\"\n", "line 2: `read_only` wants true or false, not text"),
            ("theme = \"pink\"\n", "line 1: `theme` cannot be `pink`; it can be ansi, mono"),
            (
                "[profiles.work]\nascii = true\n",
                "line 2: unknown key `ascii`; the keys here are read_only, theme",
            ),
            (
                "profile = \"a/b\"\n",
                "line 1: `profile`: a profile's name has 1 to 32 letters, digits, `-` or `_`",
            ),
            ("ascii = tru\n", "line 1: "),
            ("ascii = true\nascii = false\n", "line 2: "),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.starts_with(&format!("config.toml, {told}")), "{error}");
        }
    }

    #[test]
    fn a_file_that_anyone_may_write_is_refused() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("config.toml");
        fs::write(&path, "ascii = true\n").expect("written");
        assert_eq!(ConfigFile::read(&path).expect("read").ascii, Some(true));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("open");
        assert!(matches!(ConfigFile::read(&path), Err(ConfigError::Open { .. })));
        assert_eq!(ConfigFile::read(&home.path().join("none")).expect("missing"), ConfigFile::default());
    }
}
