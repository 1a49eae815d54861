//! Bytes into JSON, and JSON into shapes.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    api::{error::Kind, http::Reply},
    domain::SafeText,
};

/// Characters of a foreign answer that an error shows.
const FIRST_WORDS: usize = 80;

/// The JSON of an answer. Invalid UTF-8 and lone surrogates are replaced rather than losing the record.
pub(in crate::api) fn json(reply: &Reply) -> Result<Value, Kind> {
    let begins_like_json = matches!(reply.body.trim_ascii_start().first(), Some(b'{' | b'['));
    match serde_json::from_slice(&reply.body) {
        Ok(value) if begins_like_json => Ok(value),
        Err(error) if begins_like_json && error.is_eof() => Err(Kind::Truncated),
        Err(_) if reply.body.is_empty() && reply.status < 300 => Err(Kind::Truncated),
        Err(error) if begins_like_json => serde_json::from_str(&mend(&reply.body)).map_err(|_| {
            let problem = SafeText::new(&error.to_string());
            Kind::Unexpected { problem }
        }),
        _ => Err(Kind::NotJson { status: reply.status, first_words: first_words(&reply.body) }),
    }
}

/// A documented shape out of JSON; the error names the place.
pub(in crate::api) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Kind> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let problem = format!("at {}: {}", error.path(), error.inner());
        Kind::Unexpected { problem: SafeText::new(&problem) }
    })
}

fn first_words(body: &[u8]) -> SafeText {
    let start = String::from_utf8_lossy(&body[..body.len().min(FIRST_WORDS * 8)]);
    let words: String =
        start.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(FIRST_WORDS).collect();
    SafeText::new(if words.is_empty() { "(empty)" } else { &words })
}

/// The text with what JSON cannot hold replaced by U+FFFD: bytes that are no UTF-8, halves of surrogate pairs.
fn mend(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let mut mended = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let length = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                mended.push('\u{fffd}');
                rest = &escape[6..];
                continue;
            }
            (Some(_), _) => 6,
            (None, _) => 1 + escape[1..].chars().next().map_or(0, char::len_utf8),
        };
        mended.push_str(&escape[..length]);
        rest = &escape[length..];
    }
    mended.push_str(rest);
    mended
}

/// The code unit of a `\uXXXX` escape at the start of `text`.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;
    use reqwest::header::HeaderMap;
    use serde_json::json as value;

    use super::*;

    fn read(body: &[u8]) -> Result<Value, Kind> {
        let body = Bytes::copy_from_slice(body);
        json(&Reply { status: 200, headers: HeaderMap::new(), body, archive: None })
    }

    #[test]
    fn halves_of_pairs_and_invalid_bytes_are_replaced_and_the_record_stays() {
        let odd = br#"{"a":"\ud800x","b":"\udc00","c":"\ud83d\ude00","d":"\\ud800","e":"\u00e9"}"#;
        let expected = value!({"a": "\u{fffd}x", "b": "\u{fffd}", "c": "😀", "d": "\\ud800", "e": "é"});
        assert_eq!(read(odd).expect("mended"), expected);
        assert_eq!(read(b"{\"a\":\"\xff\"}").expect("mended"), value!({"a": "\u{fffd}"}));
    }

    #[test]
    fn a_page_of_a_captive_portal_is_named_by_its_first_words() {
        let error = read(b"<html>\n <title>\x1b[2JLog in</title>").expect_err("not JSON");
        let Kind::NotJson { first_words, .. } = error else { unreachable!("{error:?}") };
        assert_eq!(first_words.as_str(), "<html> <title>␛[2JLog in</title>");
        assert!(matches!(read(b""), Err(Kind::Truncated)));
        assert!(matches!(read(b"42"), Err(Kind::NotJson { .. })));
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let deep = "[".repeat(100_000);
        assert!(matches!(read(deep.as_bytes()), Err(Kind::Unexpected { .. } | Kind::Truncated)));
    }

    proptest! {
        #[test]
        fn every_cut_of_an_answer_is_seen(text in ".{0,20}", cut in any::<prop::sample::Index>()) {
            let whole = value!({"data": [{"id": "42", "Last_Name": text}], "info": {"more_records": false}}).to_string();
            let at = cut.index(whole.len() - 1) + 1;
            prop_assert!(read(&whole.as_bytes()[..at]).is_err());
            prop_assert!(read(whole.as_bytes()).is_ok());
        }

        #[test]
        fn mending_changes_nothing_that_is_whole(text in any::<String>()) {
            let body = value!({ "a": text }).to_string();
            prop_assert_eq!(mend(body.as_bytes()), body);
        }
    }
}
