//! Tokens of COQL.

use std::ops::Range;

use logos::Logos;

/// A lexical token. Keywords are ordinary names: which names are keywords depends on the place.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(skip r"[ \t\r\n\f]+")]
pub(super) enum Token {
    #[regex(r"[A-Za-z$][A-Za-z0-9_$]*(\.[A-Za-z$][A-Za-z0-9_$]*)*")]
    Name,
    /// A picklist value with hyphens.
    #[regex(r"[A-Za-z][A-Za-z0-9_]*-[A-Za-z0-9_-]*")]
    Hyphenated,
    #[regex(r"-?[0-9]+(\.[0-9]+)?")]
    Number,
    #[regex(r#"'([^'\\]|\\['\\])*'"#)]
    #[regex(r#""([^"\\]|\\["\\])*""#)]
    Text,
    #[token(",")]
    Comma,
    #[token("(")]
    Open,
    #[token(")")]
    Close,
    #[token("=")]
    Equal,
    #[token("!=")]
    NotEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    /// Bytes that begin no token.
    Unknown,
}

/// A token with its byte range in the text.
#[derive(Debug, Clone)]
pub(super) struct Lexeme {
    pub token: Token,
    pub span: Range<usize>,
}

/// All tokens of `text`; what cannot be read is [`Token::Unknown`].
pub(super) fn lex(text: &str) -> Vec<Lexeme> {
    Token::lexer(text)
        .spanned()
        .map(|(token, span)| Lexeme { token: token.unwrap_or(Token::Unknown), span })
        .collect()
}
