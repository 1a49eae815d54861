//! Text on its way into a spreadsheet.

use super::SafeText;

/// A text that no spreadsheet takes for a formula, and no terminal for an order. Lines stay lines; numbers
/// and phone numbers stay as they are.
///
/// <https://owasp.org/www-community/attacks/CSV_Injection>
///
/// ```
/// use bigin::domain::defused;
/// assert_eq!(defused("=1+1"), "'=1+1");
/// assert_eq!(defused("+49 (30) 12-3"), "+49 (30) 12-3");
/// ```
#[must_use]
pub fn defused(text: &str) -> String {
    let safe: Vec<String> = SafeText::lines(text).iter().map(ToString::to_string).collect();
    let safe = safe.join("\n");
    if is_formula(text) { format!("'{safe}") } else { safe }
}

/// A text as one cell of a line whose cells are separated by tabs.
#[must_use]
pub fn defused_flat(text: &str) -> String {
    defused(text).replace(['\t', '␉', '\n'], " ")
}

fn is_formula(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    match first {
        '=' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠' => true,
        '+' | '-' => !text[1..].chars().all(|c| c.is_ascii_digit() || " ().,/-".contains(c)),
        _ => false,
    }
}
