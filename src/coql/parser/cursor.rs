//! A place among the tokens of a text.

use super::{
    super::{
        span::Spanned,
        syntax::SyntaxError,
        token::{Lexeme, Token},
    },
    Parsed, RESERVED,
};

pub(super) struct Cursor<'a> {
    text: &'a str,
    tokens: &'a [Lexeme],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str, tokens: &'a [Lexeme]) -> Self {
        Self { text, tokens, at: 0 }
    }

    pub fn peek(&self) -> Option<&'a Lexeme> {
        self.tokens.get(self.at)
    }

    pub fn advance(&mut self) {
        self.at += 1;
    }

    pub fn slice(&self, lexeme: &Lexeme) -> &'a str {
        &self.text[lexeme.span.clone()]
    }

    /// Bytes of the whole text.
    pub fn end(&self) -> usize {
        self.text.len()
    }

    pub fn is(&self, token: Token) -> bool {
        self.peek().is_some_and(|lexeme| lexeme.token == token)
    }

    pub fn take(&mut self, token: Token) -> bool {
        let found = self.is(token);
        self.at += usize::from(found);
        found
    }

    pub fn is_keyword(&self, word: &str) -> bool {
        self.peek().is_some_and(|lexeme| self.is_word(lexeme, word))
    }

    pub fn keyword(&mut self, word: &str) -> bool {
        let found = self.is_keyword(word);
        self.at += usize::from(found);
        found
    }

    /// Whether `word` follows somewhere.
    pub fn later(&self, word: &str) -> bool {
        self.tokens[self.at..].iter().any(|lexeme| self.is_word(lexeme, word))
    }

    pub fn at_end_or(&self, words: &[&str]) -> bool {
        self.peek().is_none() || words.iter().any(|word| self.is_keyword(word))
    }

    pub fn at_reserved(&self) -> bool {
        RESERVED.iter().any(|word| self.is_keyword(word))
    }

    fn is_word(&self, lexeme: &Lexeme, word: &str) -> bool {
        lexeme.token == Token::Name && self.slice(lexeme).eq_ignore_ascii_case(word)
    }

    pub fn name(&mut self) -> Parsed<Spanned<String>> {
        match self.peek() {
            Some(lexeme) if lexeme.token == Token::Name => {
                self.advance();
                Ok(Spanned { value: self.slice(lexeme).to_owned(), span: lexeme.span.clone() })
            }
            _ => Err(self.unexpected()),
        }
    }

    /// The end of the closing parenthesis that must follow.
    pub fn close(&mut self) -> Parsed<usize> {
        match self.peek() {
            Some(lexeme) if lexeme.token == Token::Close => {
                self.advance();
                Ok(lexeme.span.end)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn place(&self) -> (usize, String) {
        match self.peek() {
            Some(lexeme) => (lexeme.span.start, self.slice(lexeme).to_owned()),
            None => (self.text.len(), String::new()),
        }
    }

    pub fn unexpected(&self) -> SyntaxError {
        let (at, near) = self.place();
        SyntaxError::Unexpected { at, near }
    }

    pub fn misplaced(&self, hint: &'static str) -> SyntaxError {
        let (at, near) = self.place();
        SyntaxError::Misplaced { at, near, hint }
    }

    pub fn missing(&self, clause: &'static str) -> SyntaxError {
        SyntaxError::MissingClause { clause, at: self.place().0 }
    }

    /// A word, or else a sign, where an operator is due.
    pub fn unknown_operator(&self) -> SyntaxError {
        match self.place() {
            (at, operator) if self.is(Token::Name) => SyntaxError::UnknownOperator { at, operator },
            (at, near) => SyntaxError::Unexpected { at, near },
        }
    }
}

/// The text of a quoted token.
pub(super) fn unescape(quoted: &str) -> String {
    let mut text = String::with_capacity(quoted.len());
    let mut chars = quoted[1..quoted.len() - 1].chars();
    while let Some(c) = chars.next() {
        text.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    text
}
