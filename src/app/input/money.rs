//! Amounts as people type them.

use rust_decimal::Decimal;

/// Why a text is no amount.
pub const WHAT_IS_READ: &str = "an amount is like 48000, 48,000.50, 48k, 1.2m or +10%";

/// Amounts have fewer digits than this before the point.
///
/// <https://www.bigin.com/developer/docs/apis/v2/field-meta.html>
const MOST: i64 = 10_000_000_000_000_000;

/// Reads an amount: thousands with commas or spaces, `k` and `m`, a currency sign, and a change in percent of what
/// is there now.
///
/// # Errors
///
/// In words, with what would be read.
pub fn parse(text: &str, now: Option<Decimal>) -> Result<Decimal, &'static str> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !is_currency(*c)).collect();
    read(&text, now).ok_or(WHAT_IS_READ)
}

fn is_currency(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₹' | '_' | '\'')
}

fn read(text: &str, now: Option<Decimal>) -> Option<Decimal> {
    if let Some(percent) = text.strip_suffix('%') {
        if !percent.starts_with(['+', '-']) {
            return None;
        }
        let change = plain(percent)?.checked_div(Decimal::ONE_HUNDRED)?;
        return now?
            .checked_mul(Decimal::ONE.checked_add(change)?)
            .map(|amount| amount.round_dp(2).normalize());
    }
    let lower = text.to_lowercase();
    let (digits, unit) = match lower.strip_suffix(['k', 'm', 'b']) {
        Some(digits) if lower.ends_with('k') => (digits, 1_000),
        Some(digits) if lower.ends_with('m') => (digits, 1_000_000),
        Some(digits) => (digits, 1_000_000_000),
        None => (lower.as_str(), 1),
    };
    let amount = plain(&thousands(digits)?)?.checked_mul(Decimal::from(unit))?;
    (!amount.is_sign_negative() && amount < Decimal::from(MOST)).then(|| amount.normalize())
}

fn plain(text: &str) -> Option<Decimal> {
    let signs = text.trim_start_matches(['+', '-']);
    let digits =
        signs.chars().all(|c| c.is_ascii_digit() || c == '.') && signs.contains(|c: char| c.is_ascii_digit());
    if digits { text.trim_start_matches('+').parse().ok() } else { None }
}

/// Takes out commas that stand where thousands end; none if one stands elsewhere.
fn thousands(text: &str) -> Option<String> {
    let whole = text.split('.').next().unwrap_or(text);
    if text[whole.len()..].contains(',') {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or(whole);
    let grouped = groups.clone().count() > 0;
    let right = groups.all(|group| group.len() == 3) && (!grouped || (1..=3).contains(&first.len()));
    right.then(|| text.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Option<String> {
        parse(text, Some(Decimal::from(40_000))).ok().map(|amount| amount.to_string())
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (typed, read) in [
            ("48k", "48000"),
            ("1.2m", "1200000"),
            ("48,000", "48000"),
            ("48 000", "48000"),
            ("$48,000.50", "48000.5"),
            ("1,200k", "1200000"),
            ("0", "0"),
            (".5k", "500"),
            ("+10%", "44000"),
            ("-5%", "38000"),
        ] {
            assert_eq!(amount(typed).as_deref(), Some(read), "{typed}");
        }
    }

    #[test]
    fn what_could_mean_two_amounts_is_refused() {
        for typed in [
            "",
            "1,5",
            "48.000,50",
            "1,2345",
            "k",
            "ten",
            "10%",
            "-5",
            "1e9",
            "--5",
            "10000000000m",
            "99999999999999999999999999999b",
        ] {
            assert_eq!(amount(typed), None, "{typed}");
        }
        assert!(parse("+10%", None).is_err(), "there is nothing to raise");
    }
}
