//! Words that only their holder should know, in the service's forms.

use std::fmt::Write;

/// Makes codes and tokens. A sandbox on loopback makes the same ones for the same seed.
#[derive(Debug)]
pub(super) struct Mint(fastrand::Rng);

impl Mint {
    pub(super) fn new(seed: u64, public: bool) -> Self {
        Self(if public { fastrand::Rng::new() } else { fastrand::Rng::with_seed(seed ^ 0x0b16_1a7e) })
    }

    /// From now on what is made cannot be foretold from the seed.
    pub(super) fn surprise(&mut self) {
        self.0 = fastrand::Rng::new();
    }

    /// `1000.<32 hex>.<32 hex>`, the form of codes and tokens; device codes begin with `1004`.
    pub(super) fn token(&mut self, family: u32) -> String {
        format!("{family}.{}.{}", self.hex(16), self.hex(16))
    }

    /// The id of an app.
    pub(super) fn client_id(&mut self) -> String {
        let letters = std::iter::repeat_with(|| self.0.choice(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"));
        let name: String = letters.take(30).flatten().map(|&letter| char::from(letter)).collect();
        format!("1000.{name}")
    }

    /// The secret of an app.
    pub(super) fn client_secret(&mut self) -> String {
        self.hex(21)
    }

    /// What a person types on another screen: letters and digits that look unlike each other.
    pub(super) fn user_code(&mut self) -> String {
        let mut letters = std::iter::repeat_with(|| self.0.choice(b"BCDFGHJKLMNPQRSTVWXZ23456789"))
            .flatten()
            .map(|&letter| char::from(letter));
        let mut half = || letters.by_ref().take(3).collect::<String>();
        format!("{}-{}", half(), half())
    }

    fn hex(&mut self, bytes: usize) -> String {
        (0..bytes).fold(String::new(), |mut text, _| {
            let _ = write!(text, "{:02x}", self.0.u8(..));
            text
        })
    }
}
