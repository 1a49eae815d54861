//! What programs of one account share of their sign-in: the access token, and how many were minted of late.
//!
//! Ten access tokens in ten minutes are few for a shell that runs a command now and then, and a refresh is not worth
//! a call if another program has just made it. The file is sealed under the refresh token: who can read it holds more
//! than it tells already, and to everyone else it is noise, on a disk and in a backup. A file that cannot be read, by
//! another sign-in's key for instance, is as an empty one.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read as _, Seek as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
    time::Duration,
};

use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
    rand::{SecureRandom as _, SystemRandom},
};
use rustix::fs::OFlags;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use crate::api::credentials::Credentials;

/// How long another program may be at a renewal: its tries all together take less.
const LONGEST: Duration = Duration::from_secs(120);

/// How long to wait between two looks whether the file is free.
const LOOK_AGAIN: Duration = Duration::from_millis(40);

/// More than any file that was written here.
const MOST_BYTES: u64 = 64 << 10;

/// What the file says. Times are Unix milliseconds by this machine's clock.
#[derive(Debug, Default)]
pub(super) struct Common {
    pub(super) token: Option<CommonToken>,
    /// When access tokens were minted.
    pub(super) minted: Vec<i64>,
    /// Until when the accounts server mints none.
    pub(super) blocked_until: Option<i64>,
}

/// An access token for everyone.
#[derive(Debug, Clone)]
pub(super) struct CommonToken {
    pub(super) value: SecretString,
    pub(super) api_domain: String,
    pub(super) stale_at: i64,
}

/// As it is written, before it is sealed.
#[derive(Serialize, Deserialize)]
struct Written {
    token: Option<(String, String, i64)>,
    minted: Vec<i64>,
    blocked_until: Option<i64>,
}

/// The file, held against all other programs until this is dropped.
#[derive(Debug)]
pub(super) struct Held {
    file: File,
    pub(super) common: Common,
}

/// Seals what only programs with the same refresh token may read.
#[derive(Debug)]
pub(super) struct Seal(LessSafeKey);

impl Seal {
    /// The seal of an account.
    pub(super) fn of(credentials: &Credentials) -> Option<Self> {
        let secret = Salt::new(HKDF_SHA256, b"bigin access token")
            .extract(credentials.refresh_token.expose_secret().as_bytes());
        let about = [credentials.app.id.as_bytes()];
        let key = secret.expand(&about, &CHACHA20_POLY1305).ok()?;
        Some(Self(LessSafeKey::new(UnboundKey::from(key))))
    }

    fn close(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).ok()?;
        let mut sealed = plain.to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        self.0.seal_in_place_append_tag(unique, Aad::empty(), &mut sealed).ok()?;
        Some([&nonce[..], &sealed].concat())
    }

    fn open(&self, sealed: &[u8]) -> Option<Common> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
        let mut body = body.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let plain = self.0.open_in_place(nonce, Aad::empty(), &mut body).ok()?;
        let Written { token, minted, blocked_until } = serde_json::from_slice(plain).ok()?;
        let token = token.map(|(value, api_domain, stale_at)| CommonToken {
            value: value.into(),
            api_domain,
            stale_at,
        });
        Some(Common { token, minted, blocked_until })
    }
}

impl Held {
    /// Takes the file as soon as no other program has it.
    ///
    /// # Errors
    /// When it cannot be opened or read, or another program does not let go of it.
    pub(super) async fn take(path: &Path, seal: &Seal) -> io::Result<Self> {
        let mut file = open(path)?;
        let deadline = Instant::now() + LONGEST;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => sleep(LOOK_AGAIN).await,
                Err(error) => return Err(error.into()),
            }
        }
        let mut sealed = Vec::new();
        (&mut file).take(MOST_BYTES).read_to_end(&mut sealed)?;
        Ok(Self { file, common: seal.open(&sealed).unwrap_or_default() })
    }

    /// Writes what is to be known to all. What was there is taken away first, so that a disk that is full leaves no
    /// token that does not hold any more.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn write(&mut self, seal: &Seal) -> io::Result<()> {
        let Common { token, minted, blocked_until } = &self.common;
        let token = token
            .as_ref()
            .map(|token| (token.value.expose_secret().to_owned(), token.api_domain.clone(), token.stale_at));
        let written = Written { token, minted: minted.clone(), blocked_until: *blocked_until };
        let plain = serde_json::to_vec(&written)?;
        let sealed = seal.close(&plain).ok_or_else(|| io::Error::other("no randomness for the seal"))?;
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(&sealed)
    }
}

/// Opens the file, which its owner alone may read; makes it where there is none. A link is not followed.
fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
    OpenOptions::new().read(true).write(true).create(true).mode(0o600).custom_flags(flags).open(path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;
    use crate::api::credentials::AppKey;

    fn seal(refresh_token: &str) -> Seal {
        let app = AppKey { id: "1000.APP".to_owned(), secret: "s".into() };
        let [accounts, api_domain] =
            ["https://accounts.zoho.eu", "https://www.zohoapis.eu"].map(str::to_owned);
        let credentials = Credentials { app, refresh_token: refresh_token.into(), accounts, api_domain };
        Seal::of(&credentials).expect("a key")
    }

    async fn write(path: &Path, seal: &Seal, token: &str) {
        let mut held = Held::take(path, seal).await.expect("the file");
        let api_domain = "https://www.zohoapis.eu".to_owned();
        held.common.token = Some(CommonToken { value: token.into(), api_domain, stale_at: 7 });
        held.common.minted.push(5);
        held.write(seal).expect("written");
    }

    async fn read(path: &Path, seal: &Seal) -> (Option<String>, Vec<i64>) {
        let common = Held::take(path, seal).await.expect("the file").common;
        (common.token.map(|token| token.value.expose_secret().to_owned()), common.minted)
    }

    #[tokio::test]
    async fn what_one_program_writes_the_other_reads_and_nobody_else() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("work/access");
        let ours = seal("1000.refresh");
        assert_eq!(read(&path, &ours).await, (None, vec![]), "nothing is known yet");
        write(&path, &ours, "1000.canary.long.token").await;
        write(&path, &ours, "1000.short").await;
        assert_eq!(read(&path, &ours).await, (Some("1000.short".to_owned()), vec![5, 5]));
        let bytes = std::fs::read(&path).expect("the file");
        assert!(!bytes.windows(5).any(|part| part == b"1000."), "sealed");
        assert_eq!(std::fs::metadata(&path).expect("the file").mode() & 0o777, 0o600);
        assert_eq!(read(&path, &seal("1000.another")).await, (None, vec![]), "another sign-in");
        std::fs::write(&path, b"short").expect("damaged");
        assert_eq!(read(&path, &ours).await, (None, vec![]));
    }

    #[tokio::test]
    async fn one_at_a_time_has_the_file_and_a_link_is_not_followed() {
        let home = tempfile::tempdir().expect("a folder");
        let (path, ours) = (home.path().join("access"), seal("1000.refresh"));
        let held = Held::take(&path, &ours).await.expect("the file");
        let second = Held::take(&path, &ours);
        tokio::pin!(second);
        assert!(futures_util::poll!(&mut second).is_pending());
        drop(held);
        second.await.expect("free again");
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&path, &link).expect("a link");
        assert!(Held::take(&link, &ours).await.is_err());
    }
}
