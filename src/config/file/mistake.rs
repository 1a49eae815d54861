//! A mistake in TOML, in words for the one who wrote it.

/// The line and what is wrong with it. The value itself is shown only where it is one of a few words, for the
/// file may hold secrets.
pub(super) fn explain(text: &str, error: &toml::de::Error) -> (usize, String) {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = text[..at].matches('\n').count() + 1;
    let key = key_of(text.lines().nth(line - 1).unwrap_or_default());
    (line, in_words(error.message(), key))
}

fn in_words(message: &str, key: &str) -> String {
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let unknown = quoted(rest);
        let here: Vec<_> = rest.split('`').skip(3).step_by(2).collect();
        return match nearest(&unknown, &here) {
            Some(near) => format!("unknown key `{unknown}`; did you mean `{near}`?"),
            None => format!("unknown key `{unknown}`; the keys here are {}", here.join(", ")),
        };
    }
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        let words: Vec<_> = rest.split('`').skip(3).step_by(2).collect();
        return format!("`{key}` cannot be `{}`; it can be {}", quoted(rest), words.join(", "));
    }
    if let Some((found, wanted)) =
        message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected "))
    {
        return format!("`{key}` wants {}, not {}", kind(wanted), kind(found));
    }
    if let Some(field) = message.strip_prefix("missing field ") {
        return format!("the key {field} is missing");
    }
    let first = message.lines().next().unwrap_or_default();
    if key.is_empty() { first.to_owned() } else { format!("`{key}`: {first}") }
}

/// The key of a line `key = value`.
fn key_of(line: &str) -> &str {
    let key = line.split_once('=').map_or("", |(key, _)| key.trim());
    key.trim_matches(['"', '\''])
}

fn kind(serde_words: &str) -> &'static str {
    for (word, plain) in [
        ("bool", "true or false"),
        ("string", "text"),
        ("integer", "a number"),
        ("float", "a number"),
        ("sequence", "a list"),
        ("map", "a table"),
        ("struct", "a table"),
        ("datetime", "a date"),
    ] {
        if serde_words.contains(word) {
            return plain;
        }
    }
    "another kind of value"
}

/// The candidate that is at most two typing mistakes away.
fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let near = candidates.iter().map(|candidate| (distance(word, candidate), *candidate)).min()?;
    (near.0 <= 2).then_some(near.1)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, d) in b.iter().enumerate() {
            let change = diagonal + usize::from(c != *d);
            let best = change.min(row[j].min(row[j + 1]) + 1);
            diagonal = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row[b.len()]
}
