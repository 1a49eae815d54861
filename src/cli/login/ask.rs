//! Asking for the keys.

use std::io::{self, BufRead, IsTerminal, Write};

use rustix::{
    stdio::stdin,
    termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr},
};
use secrecy::SecretString;

use super::{Keys, LoginError};
use crate::api::AppKey;

/// The keys from a person at a terminal, or from three lines of standard input.
pub(super) fn keys() -> Result<Keys, LoginError> {
    let mut input = io::stdin().lock();
    if !io::stdin().is_terminal() {
        return piped(&mut input);
    }
    let (id, secret) = id_and_secret(&mut input)?;
    let code = ask("Code of the self client", &mut input)?;
    whole(id, secret, code)
}

/// Id and secret of an app from a person at a terminal, or from two lines of standard input.
pub(super) fn app() -> Result<AppKey, LoginError> {
    let mut input = io::stdin().lock();
    let (id, secret) = if io::stdin().is_terminal() {
        id_and_secret(&mut input)?
    } else {
        (line(&mut input)?, line(&mut input)?)
    };
    let (id, secret) = (id.trim(), secret.trim());
    if id.is_empty() || secret.is_empty() {
        return Err(LoginError::Keys("it takes a client id and a client secret, one on each line"));
    }
    Ok(AppKey { id: id.to_owned(), secret: SecretString::from(secret) })
}

fn id_and_secret(input: &mut impl BufRead) -> io::Result<(String, String)> {
    let id = ask("Client id", input)?;
    let _hidden = Hidden::start()?;
    Ok((id, ask("Client secret (not shown)", input)?))
}

fn ask(question: &str, input: &mut impl BufRead) -> io::Result<String> {
    let mut prompt = io::stderr();
    write!(prompt, "{question}: ")?;
    prompt.flush()?;
    line(input)
}

/// While this lives, the terminal does not show what is typed. It begins before anybody is asked, for what is
/// pasted comes at once.
struct Hidden(Termios);

impl Hidden {
    fn start() -> io::Result<Self> {
        let before = tcgetattr(stdin())?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        silent.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(stdin(), OptionalActions::Now, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.0);
    }
}

/// Three lines: id, secret, code.
pub(super) fn piped(input: &mut impl BufRead) -> Result<Keys, LoginError> {
    whole(line(input)?, line(input)?, line(input)?)
}

fn whole(id: String, secret: String, code: String) -> Result<Keys, LoginError> {
    let (id, secret, code) = (id.trim(), secret.trim(), code.trim());
    if id.is_empty() || secret.is_empty() || code.is_empty() {
        return Err(LoginError::Keys("it takes a client id, a client secret and a code, one on each line"));
    }
    Ok(Keys { id: id.to_owned(), secret: SecretString::from(secret), code: SecretString::from(code) })
}

fn line(input: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn three_lines_are_the_keys_and_fewer_are_none() {
        let keys = piped(&mut "1000.APP\r\n s3cret \n1000.code.x".as_bytes()).expect("keys");
        assert_eq!((keys.id.as_str(), keys.secret.expose_secret()), ("1000.APP", "s3cret"));
        assert_eq!(keys.code.expose_secret(), "1000.code.x");
        for few in ["", "1000.APP\n", "1000.APP\ns\n\n"] {
            assert!(matches!(piped(&mut few.as_bytes()), Err(LoginError::Keys(_))), "{few:?}");
        }
        assert!(!format!("{keys:?}").contains("s3cret"));
    }
}
