//! Refresh tokens on disk, beside an organisation that is kept.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// A refresh token that is good.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub token: String,
    pub user: String,
    pub client: String,
    pub scope: String,
    pub secretless: bool,
}

/// The file in the folder of an organisation.
pub(super) fn file(dir: &Path) -> PathBuf {
    dir.join("bigin-sandbox-tokens.json")
}

/// What the file holds; none when there is no such file or it is not ours.
pub(super) fn load(file: &Path) -> Option<Vec<Kept>> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// Writes the file anew, for its owner's eyes only. A sandbox that cannot goes on without.
pub(super) fn save(file: &Path, tokens: Vec<Kept>) {
    if let Err(error) = write(file, &tokens) {
        tracing::warn!(target: "bigin::sandbox", %error, "refresh tokens are not kept");
    }
}

fn write(file: &Path, tokens: &[Kept]) -> io::Result<()> {
    let text = serde_json::to_vec(tokens)?;
    if let Some(dir) = file.parent() {
        fs::create_dir_all(dir)?;
    }
    let new = file.with_extension("new");
    let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    out.write_all(&text)?;
    fs::rename(new, file)
}
