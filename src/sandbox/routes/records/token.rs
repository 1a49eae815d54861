//! Page tokens: opaque text that carries where a list goes on.

/// Where the next page of a list begins, and what the token is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What the list was asked with; another list cannot use the token.
    pub bound: u64,
    pub per_page: usize,
    /// Number of the page that the token leads to.
    pub page: usize,
    /// The sort value and the id of the last row before it.
    pub after: Option<(i64, i64)>,
    /// When it ends, in Unix seconds.
    pub expires: i64,
}

impl Token {
    /// The text of the token.
    pub fn write(&self) -> String {
        let (value, row) = self
            .after
            .map_or((String::new(), String::new()), |(value, row)| (value.to_string(), row.to_string()));
        let plain =
            format!("{:x}.{}.{}.{value}.{row}.{}", self.bound, self.per_page, self.page, self.expires);
        let mut text: String = plain.bytes().map(|byte| format!("{byte:02x}")).collect();
        text.push_str(&format!("{:016x}", hash(&[&plain])));
        text
    }

    /// Reads a token; none where the text is not one.
    pub fn read(text: &str) -> Option<Self> {
        let (hex, sum) = text.split_at_checked(text.len().checked_sub(16)?)?;
        let bytes: Option<Vec<u8>> = hex
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        let plain = String::from_utf8(bytes?).ok()?;
        if sum != format!("{:016x}", hash(&[&plain])) {
            return None;
        }
        let [bound, per_page, page, value, row, expires] =
            plain.split('.').collect::<Vec<_>>().try_into().ok()?;
        let after = match (value, row) {
            ("", "") => None,
            _ => Some((value.parse().ok()?, row.parse().ok()?)),
        };
        Some(Self {
            bound: u64::from_str_radix(bound, 16).ok()?,
            per_page: per_page.parse().ok()?,
            page: page.parse().ok()?,
            after,
            expires: expires.parse().ok()?,
        })
    }
}

/// A number for several texts, the same in every process (FNV-1a).
pub(super) fn hash(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_one_that_was_touched_is_not() {
        for after in [None, Some((-5, 5_210_437_000_000_412_009))] {
            let token = Token { bound: u64::MAX, per_page: 200, page: 11, after, expires: 1_772_442_000 };
            let text = token.write();
            assert_eq!(Token::read(&text), Some(token));
            let touched = text.replacen('3', "4", 1);
            assert!(touched == text || Token::read(&touched).is_none());
        }
        for text in ["", "abc", "zz", "é", &"0".repeat(64), "\u{0}"] {
            assert_eq!(Token::read(text), None, "{text:?}");
        }
    }
}
