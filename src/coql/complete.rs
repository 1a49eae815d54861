//! What could be written at the cursor.

mod candidates;
mod place;

use super::{
    analysis::Mode,
    bind::module_named,
    context::Context,
    lexeme::{Lexeme, Piece, pieces},
    script::statements_of,
    span::Span,
};
use crate::domain::{Schema, Schemas};

use candidates::Candidates;
use place::place;

/// Something to write in the place of a part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Bytes of the text that it takes the place of; ends behind the word that the cursor is in.
    pub replace: Span,
    /// What to write.
    pub text: String,
    /// What it is.
    pub kind: CompletionKind,
    /// What to say beside it, such as the label and the kind of a field.
    pub detail: String,
}

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompletionKind {
    /// A word of the language.
    Keyword,
    /// A module.
    Module,
    /// A field.
    Field,
    /// A field that leads to the fields of another module.
    Lookup,
    /// A function of values or over rows.
    Function,
    /// An operator that the column before it takes.
    Operator,
    /// A value of the column that is compared.
    Value,
    /// `:name` or `$name`.
    Parameter,
}

/// Completions at byte `cursor` of `text`, the best first, a hundred at most. None inside a comment.
///
/// ```
/// use bigin::{coql::{Context, Mode, complete}, domain::{Field, FieldKind, Schema, Schemas}};
///
/// let deals = Schema { module: "Pipelines".to_owned(), fields: vec![Field::plain("Amount", FieldKind::Currency)] };
/// let schemas: Schemas = [deals].into_iter().collect();
/// let context = Context::new(jiff::Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC);
/// let found = complete("select am from Deals", 9, &schemas, Mode::Wide, &context);
/// assert_eq!((found[0].text.as_str(), found[0].replace.clone()), ("Amount", 7..9));
/// ```
#[must_use]
pub fn complete(
    text: &str,
    cursor: usize,
    schemas: &Schemas,
    mode: Mode,
    context: &Context,
) -> Vec<Completion> {
    if !text.is_char_boundary(cursor) {
        return Vec::new();
    }
    let pieces = pieces(text);
    let touches = |piece: &Piece| piece.span.start < cursor && cursor <= piece.span.end;
    if pieces.iter().any(|piece| piece.lexeme == Lexeme::Comment && touches(piece)) {
        return Vec::new();
    }
    let own = own_pieces(text, &pieces, cursor);
    let word = own.iter().rposition(|piece| touches(piece) && is_word(piece.lexeme, piece.span.end > cursor));
    let before: Vec<&Piece> = match word {
        Some(word) => own[..word].to_vec(),
        None => own.iter().copied().filter(|piece| piece.span.end <= cursor).collect(),
    };
    let span = word.map_or(cursor..cursor, |word| own[word].span.clone());
    let typed = &text[span.start..cursor];
    let base = base(text, &own, schemas);
    let place = place(text, &before);
    let mut candidates = Candidates { text, schemas, base, mode, context, typed, span, all: Vec::new() };
    candidates.gather(&place, &own);
    candidates.ranked()
}

/// The pieces of the statement that the cursor is in or behind, without comments.
fn own_pieces<'a>(text: &str, pieces: &'a [Piece], cursor: usize) -> Vec<&'a Piece> {
    let ranges = statements_of(text, pieces);
    let at = ranges.iter().rposition(|range| pieces[range.start].span.start < cursor);
    let range = match at {
        Some(at) => {
            let end = pieces[ranges[at].end - 1].span.end;
            // Behind a semicolon or a blank line the next statement begins.
            let gap = text.get(end..cursor).unwrap_or_default();
            let blank = gap.split('\n').skip(1).collect::<Vec<_>>();
            let parted = gap.contains(';')
                || blank.len() > 1 && blank[..blank.len() - 1].iter().any(|line| line.trim().is_empty());
            if parted { ranges.get(at + 1) } else { ranges.get(at) }
        }
        None => ranges.first(),
    };
    let own = range.map_or(&[][..], |range| &pieces[range.clone()]);
    own.iter().filter(|piece| piece.lexeme != Lexeme::Comment).collect()
}

/// Whether the cursor at the end of such a token, or inside it, is about the token.
const fn is_word(lexeme: Lexeme, inside: bool) -> bool {
    match lexeme {
        Lexeme::Name
        | Lexeme::OpenPath
        | Lexeme::Hyphenated
        | Lexeme::QuotedName
        | Lexeme::Variable
        | Lexeme::Parameter
        | Lexeme::OpenText
        | Lexeme::Date => true,
        Lexeme::Text => inside,
        _ => false,
    }
}

/// The module that the statement reads, wherever FROM stands.
fn base<'a>(text: &str, own: &[&Piece], schemas: &'a Schemas) -> Option<&'a Schema> {
    let from = own.iter().position(|piece| text[piece.span.clone()].eq_ignore_ascii_case("from"))?;
    let name = own.get(from + 1).filter(|piece| piece.lexeme == Lexeme::Name)?;
    schemas.get(module_named(&text[name.span.clone()])?.api_name())
}
