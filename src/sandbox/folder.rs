//! The folder that keeps an organisation and what belongs to it, for its owner's eyes only.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};

/// The organisation.
pub(super) fn organisation(dir: &Path) -> PathBuf {
    dir.join("bigin-sandbox.sqlite")
}

/// The refresh tokens that are good.
pub(super) fn tokens(dir: &Path) -> PathBuf {
    dir.join("bigin-sandbox-tokens.json")
}

/// The sandbox's time.
pub(super) fn clock(dir: &Path) -> PathBuf {
    dir.join("bigin-sandbox-clock.json")
}

/// The credits of the last 24 hours.
pub(super) fn ledger(dir: &Path) -> PathBuf {
    dir.join("bigin-sandbox-ledger.txt")
}

/// What a file holds; none when there is no such file or it is not ours.
pub(super) fn load<T: DeserializeOwned>(file: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// Writes a file anew. A sandbox that cannot goes on without.
pub(super) fn save(file: &Path, content: &impl Serialize) {
    let written = serde_json::to_vec(content).map_err(io::Error::from).and_then(|text| replace(file, &text));
    if let Err(error) = written {
        tracing::warn!(target: "bigin::sandbox", %error, file = %file.display(), "not kept");
    }
}

/// Puts another content in the place of a file, all or nothing.
pub(super) fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(dir) = file.parent() {
        fs::create_dir_all(dir)?;
    }
    let new = file.with_extension("new");
    let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    out.write_all(content)?;
    fs::rename(new, file)
}
