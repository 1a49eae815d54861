//! Tokens of what people write: Bigin's COQL, comments, parameters, variables, and slips that can be named.

use std::ops::Range;

use logos::Logos;

/// A lexical token. Keywords are ordinary names: which names are keywords depends on the place.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(skip r"[ \t\r\n\f]+")]
pub(super) enum Lexeme {
    /// To the end of the line.
    #[regex(r"--[^\n]*", allow_greedy = true)]
    #[regex(r"/\*([^*]|\*+[^*/])*\*+/")]
    Comment,
    /// Names joined by dots; the first may choose a module by `->`.
    #[regex(r"[A-Za-z][A-Za-z0-9_$]*(->[A-Za-z][A-Za-z0-9_$]*)?(\.[A-Za-z$][A-Za-z0-9_$]*)*")]
    Name,
    /// A path whose last name is still to come.
    #[regex(r"[A-Za-z][A-Za-z0-9_$]*(->[A-Za-z][A-Za-z0-9_$]*)?(\.[A-Za-z$][A-Za-z0-9_$]*)*(\.|->)")]
    OpenPath,
    /// A picklist value with hyphens.
    #[regex(r"[A-Za-z][A-Za-z0-9_]*(-[A-Za-z0-9_]+)+")]
    Hyphenated,
    /// A name that could be taken for a keyword.
    #[regex(r"`[^`\n]*`")]
    QuotedName,
    /// `$me` and its kin.
    #[regex(r"\$[A-Za-z_]*")]
    Variable,
    /// `:name`.
    #[regex(r":[A-Za-z_][A-Za-z0-9_]*")]
    Parameter,
    #[regex(r"[0-9]+(\.[0-9]+)?")]
    Number,
    /// A number with the letter that people put for thousands or millions.
    #[regex(r"[0-9]+(\.[0-9]+)?[kKmM]")]
    RoundNumber,
    /// A day or a moment without quotes.
    #[regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(T[0-9:.]+(Z|[+-][0-9:]+)?)?")]
    #[regex(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}")]
    Date,
    #[regex(r#"'([^'\\]|\\['\\])*'"#)]
    #[regex(r#""([^"\\]|\\["\\])*""#)]
    Text,
    /// A quoted text without its end on the same line.
    #[regex(r"'([^'\\\n]|\\[^\n])*", priority = 1)]
    #[regex(r#""([^"\\\n]|\\[^\n])*"#, priority = 1)]
    OpenText,
    #[token(",")]
    Comma,
    #[token("(")]
    Open,
    #[token(")")]
    Close,
    #[token(";")]
    Semicolon,
    #[token("=")]
    Equal,
    #[token("!=")]
    #[token("<>")]
    NotEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    /// Bytes that begin no token.
    Unknown,
}

/// A token with its byte range in the text.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub lexeme: Lexeme,
    pub span: Range<usize>,
}

/// All tokens of `text`, comments among them; what cannot be read is [`Lexeme::Unknown`].
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    Lexeme::lexer(text)
        .spanned()
        .map(|(lexeme, span)| Piece { lexeme: lexeme.unwrap_or(Lexeme::Unknown), span })
        .collect()
}
