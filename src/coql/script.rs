//! Several statements in one text.

use std::ops::Range;

use super::{
    highlight::{Token, TokenClass},
    lexeme::{Lexeme, Piece, pieces},
    reader::{self, CLAUSES, Reading},
    span::Span,
};

/// The tokens of `text`, and its statements with what was read of each.
pub(super) fn pieces_of_statements(text: &str) -> (Vec<Token>, Vec<(Span, Reading)>) {
    let pieces = pieces(text);
    let mut classes: Vec<TokenClass> = pieces.iter().map(|piece| plain_class(piece.lexeme)).collect();
    let mut statements = Vec::new();
    for range in statements_of(text, &pieces) {
        let own = &pieces[range.clone()];
        let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
        let span = first.span.start..last.span.end;
        statements.push((span, reader::read(text, own, &mut classes[range])));
    }
    let tokens = pieces.into_iter().zip(classes).map(|(piece, class)| Token { span: piece.span, class });
    (tokens.collect(), statements)
}

/// The statements of `text`, from left to right, without the semicolons and comments around them. A
/// semicolon ends a statement; so does a blank line, unless the next word goes on with the same statement.
///
/// ```
/// let text = "select a from Deals\nwhere a = 1;\n-- next\nselect b from Tasks\n\nselect c from Calls";
/// let statements: Vec<_> = bigin::coql::statements(text).into_iter().map(|span| &text[span]).collect();
/// assert_eq!(statements, ["select a from Deals\nwhere a = 1", "select b from Tasks", "select c from Calls"]);
/// ```
#[must_use]
pub fn statements(text: &str) -> Vec<Span> {
    let pieces = pieces(text);
    let spans = statements_of(text, &pieces).into_iter().filter_map(|range| {
        Some(pieces.get(range.start)?.span.start..pieces.get(range.end.checked_sub(1)?)?.span.end)
    });
    spans.collect()
}

/// The statement that a cursor at byte `at` is in: the one around it, else the last one before it, else the
/// first one. None where there is no statement.
#[must_use]
pub fn statement_at(text: &str, at: usize) -> Option<Span> {
    let all = statements(text);
    let before = all.iter().rposition(|span| span.start <= at).unwrap_or(0);
    // A cursor in the space before a statement on its own line means that statement.
    let next = all.get(before + 1).filter(|next| {
        let gap = text.get(all[before].end..at.max(all[before].end)).unwrap_or_default();
        let rest = text.get(at..next.start).unwrap_or("\n");
        at > all[before].end && gap.contains([';', '\n']) && !rest.contains('\n')
    });
    next.or_else(|| all.get(before)).cloned()
}

/// Ranges of pieces; each begins and ends with something else than a comment.
pub(super) fn statements_of(text: &str, pieces: &[Piece]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut open: Option<Range<usize>> = None;
    let mut depth = 0_usize;
    for (place, piece) in pieces.iter().enumerate() {
        match piece.lexeme {
            Lexeme::Comment => continue,
            Lexeme::Semicolon => {
                ranges.extend(open.take());
                depth = 0;
                continue;
            }
            Lexeme::Open => depth += 1,
            Lexeme::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        match &mut open {
            Some(range) if depth == 0 && parted(text, pieces, range.end - 1, place) => {
                ranges.push(std::mem::replace(range, place..place + 1));
            }
            Some(range) => range.end = place + 1,
            None => open = Some(place..place + 1),
        }
    }
    ranges.extend(open);
    ranges
}

/// Whether a blank line parts two pieces into two statements.
fn parted(text: &str, pieces: &[Piece], last: usize, next: usize) -> bool {
    let between = &text[pieces[last].span.end..pieces[next].span.start];
    let mut lines = between.split('\n').skip(1).collect::<Vec<_>>();
    lines.pop();
    if !lines.iter().any(|line| line.trim().is_empty()) {
        return false;
    }
    let word = &text[pieces[next].span.clone()];
    let goes_on = CLAUSES.iter().chain(&["and", "or"]).any(|clause| clause.eq_ignore_ascii_case(word));
    !goes_on
        && !matches!(pieces[next].lexeme, Lexeme::Close | Lexeme::Comma)
        && pieces[last].lexeme != Lexeme::Comma
}

/// What a token is wherever it stands.
const fn plain_class(lexeme: Lexeme) -> TokenClass {
    match lexeme {
        Lexeme::Comment => TokenClass::Comment,
        Lexeme::Name | Lexeme::OpenPath | Lexeme::QuotedName => TokenClass::Field,
        Lexeme::Hyphenated => TokenClass::Value,
        Lexeme::Variable | Lexeme::Parameter => TokenClass::Parameter,
        Lexeme::Number | Lexeme::RoundNumber => TokenClass::Number,
        Lexeme::Date | Lexeme::Text | Lexeme::OpenText => TokenClass::Text,
        Lexeme::Comma | Lexeme::Open | Lexeme::Close | Lexeme::Semicolon => TokenClass::Punctuation,
        Lexeme::Equal
        | Lexeme::NotEqual
        | Lexeme::Greater
        | Lexeme::GreaterEqual
        | Lexeme::Less
        | Lexeme::LessEqual
        | Lexeme::Star
        | Lexeme::Slash
        | Lexeme::Plus
        | Lexeme::Minus => TokenClass::Operator,
        Lexeme::Unknown => TokenClass::Error,
    }
}
