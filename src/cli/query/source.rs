//! The text that is asked, from the command line, a file or the saved ones.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read, Write},
};

use super::{QueryArgs, Stop, site};
use crate::{
    cli::{FAILURE, NOT_FOUND, USAGE},
    domain::SafeText,
    protocol::{SavedQuery, described},
    store::saved,
};

/// A text with what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// A file, a saved query, or `query`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// Finds the text.
pub fn read(args: &QueryArgs) -> Result<Source, Stop> {
    if let Some(path) = &args.file {
        let unreadable =
            |error: io::Error| Stop::new(USAGE, format!("cannot read {}: {error}", path.display()));
        if path.as_os_str() == "-" {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map_err(unreadable)?;
            return Ok(Source { name: "standard input".to_owned(), text });
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        return Ok(Source { name: path.display().to_string(), text });
    }
    let Some(text) = &args.text else {
        return Err(Stop::new(USAGE, "give a query, a name, or -f FILE".to_owned()));
    };
    if text.trim().contains(|c: char| !c.is_alphanumeric() && c != '-' && c != '_') {
        return Ok(Source { name: "query".to_owned(), text: text.clone() });
    }
    let name = text.trim();
    let found = saved(args)?.into_iter().find(|saved| saved.name == name);
    let found = found.ok_or_else(|| {
        Stop::new(NOT_FOUND, format!("no query is called {name}: `bigin query --list` shows those there are"))
    })?;
    Ok(Source { name: found.name, text: found.text })
}

/// Lists the saved queries, one a line: name, title, parameters. Tabs separate them.
pub fn list(args: &QueryArgs, out: &mut impl Write) -> Result<(), Stop> {
    for saved in saved(args)? {
        let parameters: Vec<String> = described(&saved.text)
            .into_iter()
            .map(|parameter| match parameter.default {
                Some(default) => format!("--param {}={default}", parameter.name),
                None => format!("--param {}=…", parameter.name),
            })
            .collect();
        let line =
            [saved.name, saved.title, parameters.join(" ")].map(|part| SafeText::new(&part).to_string());
        writeln!(out, "{}", line.join("\t").trim_end()).map_err(|error| Stop::io(&error))?;
    }
    Ok(())
}

fn saved(args: &QueryArgs) -> Result<Vec<SavedQuery>, Stop> {
    let folder = site::folder(args)?;
    saved::all(&folder)
        .map_err(|error| Stop::new(FAILURE, format!("cannot read {}: {error}", folder.display())))
}

/// The values of parameters: those given, else those that the text's comments name.
pub fn parameters(text: &str, given: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in given {
        values.entry(name.clone()).or_default().push(value.clone());
    }
    for described in described(text) {
        if let Some(default) = described.default {
            values.entry(described.name).or_insert_with(|| vec![default]);
        }
    }
    values
}

/// `name=value` of the command line.
///
/// # Errors
/// Without an equals sign.
pub fn parameter(word: &str) -> Result<(String, String), String> {
    let (name, value) = word.split_once('=').ok_or("write it as name=value")?;
    Ok((name.trim_start_matches(':').to_owned(), value.to_owned()))
}
