//! What is said of the console's text, as it stands.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    coql::{self, Analysed, Analysis, Context, Diagnostic, Mode, Severity, TokenClass},
    domain::{Catalog, Schemas},
};

/// The text, taken apart once for every change of it.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What names mean here; none before the org is known.
    pub language: Option<Box<Language>>,
    /// The text that was read.
    pub text: String,
    /// Its statements, tokens and errors.
    pub analysis: Analysis,
    /// The text must be read again although it is the same.
    pub stale: bool,
}

/// The fields of the org, and what variables stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Language {
    /// Fields of every module.
    pub schemas: Schemas,
    /// Values of variables and parameters.
    pub context: Context,
}

impl Language {
    /// What an org's catalog says.
    #[must_use]
    pub fn of(catalog: &Catalog, now: Timestamp) -> Self {
        Self { schemas: catalog.schemas.iter().cloned().collect(), context: Context::of(catalog, now) }
    }
}

impl Reading {
    /// Reads `text`, unless it is what was read last; whether it was read.
    pub fn read(
        &mut self,
        text: String,
        mode: Mode,
        parameters: &BTreeMap<String, Vec<String>>,
        now: Timestamp,
    ) -> bool {
        if text == self.text && !self.stale {
            return false;
        }
        self.stale = false;
        self.analysis = match &mut self.language {
            Some(language) => {
                language.context.now = now;
                language.context.parameters.clone_from(parameters);
                coql::analyse(&text, &language.schemas, mode, &language.context)
            }
            None => Analysis { tokens: coql::highlight(&text), ..Analysis::default() },
        };
        self.text = text;
        true
    }

    /// The statement that a cursor on byte `at` is in or behind.
    #[must_use]
    pub fn statement(&self, at: usize) -> Option<&Analysed> {
        self.analysis.at(&self.text, at)
    }

    /// What to tell someone whose cursor is on byte `at`: what is said of that place, else the first error of the
    /// statement, else its first warning.
    #[must_use]
    pub fn said(&self, at: usize) -> Option<&Diagnostic> {
        let all = &self.statement(at)?.diagnostics;
        let here = all.iter().find(|said| said.span.start <= at && at <= said.span.end);
        let error = || all.iter().find(|said| said.severity == Severity::Error);
        here.or_else(error).or_else(|| all.first())
    }

    /// Names of the `:name` parameters of a statement, in order.
    #[must_use]
    pub fn parameters(&self, statement: &Analysed) -> Vec<String> {
        let own = self.analysis.tokens.iter().filter(|token| {
            token.class == TokenClass::Parameter
                && statement.span.start <= token.span.start
                && token.span.end <= statement.span.end
        });
        let mut names: Vec<String> = Vec::new();
        for token in own {
            let name = self.text.get(token.span.clone()).and_then(|word| word.strip_prefix(':'));
            if let Some(name) = name.filter(|name| !names.iter().any(|known| known == name)) {
                names.push(name.to_owned());
            }
        }
        names
    }
}
