//! What each token of a text is, for colours.

use super::{script::pieces_of_statements, span::Span};

/// A token and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the text.
    pub span: Span,
    /// What it is.
    pub class: TokenClass,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenClass {
    /// A word of the language.
    Keyword,
    /// The module after FROM.
    Module,
    /// A column, quoted or not.
    Field,
    /// The name of a function.
    Function,
    /// The name that a column goes by.
    Alias,
    /// Quoted text.
    Text,
    /// A number.
    Number,
    /// `true`, `false`, `null`, or a picklist value without quotes.
    Value,
    /// A comparison or an arithmetic sign.
    Operator,
    /// `:name` or `$name`.
    Parameter,
    /// A comma, a parenthesis or a semicolon.
    Punctuation,
    /// From `--` to the end of the line.
    Comment,
    /// What cannot be read.
    Error,
}

/// The tokens of `text` from left to right, whatever is wrong with it. Spaces between them are left out.
///
/// ```
/// use bigin::coql::{TokenClass, highlight};
/// let classes: Vec<_> = highlight("select Amount from Deals").into_iter().map(|token| token.class).collect();
/// assert_eq!(classes, [TokenClass::Keyword, TokenClass::Field, TokenClass::Keyword, TokenClass::Module]);
/// ```
#[must_use]
pub fn highlight(text: &str) -> Vec<Token> {
    pieces_of_statements(text).0
}
