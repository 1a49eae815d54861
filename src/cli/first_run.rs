//! `bigin` for somebody who has not signed in: what it is, and the two ways in.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    stdio::stdin,
    termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr},
};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    flag,
};

use crate::config::{Paths, Profile};

/// What a newcomer chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The invented company.
    Demo,
    /// An account of their own.
    SignIn,
    /// Nothing, for now.
    Leave,
    /// A signal, or the end of the terminal, ended it; the number is the signal's.
    Ended(u8),
}

/// Shows the ways in and waits for a choice.
///
/// # Errors
/// The terminal cannot be written or read.
pub fn choose(profile: &Profile, paths: &Paths) -> io::Result<Choice> {
    let mut out = io::stdout().lock();
    // Whoever sees the question can answer it.
    let keys = Keys::listen()?;
    out.write_all(words(profile, paths).as_bytes())?;
    out.flush()?;
    let choice = keys.choice()?;
    drop(keys);
    let echo = match choice {
        Choice::Demo => "1",
        Choice::SignIn => "2",
        Choice::Leave => "q",
        Choice::Ended(_) => "",
    };
    // A terminal that is gone shows nothing any more.
    let _ = writeln!(out, "{echo}");
    Ok(choice)
}

fn words(profile: &Profile, paths: &Paths) -> String {
    let place =
        |path: &std::path::Path| crate::domain::SafeText::new(&path.display().to_string()).to_string();
    format!(
        "\n   b i g i n                              pipelines, deals and notes, by key\n\n\
         \x20  1  Try the demo       an invented company, works offline, no set-up\n\
         \x20  2  Sign in to Bigin   with id, secret and code of a self client, made at\n\
         \x20                        api-console.zoho.com (.eu, .in, .com.au, .jp, ..)\n\
         \x20     (or leave, and `bigin login --device` shows a code for any browser)\n\
         \x20  q  Leave\n\n\
         \x20  what it will do       read pipelines, contacts, companies, activities,\n\
         \x20                        notes; write when you press a key that says so\n\
         \x20  what it will not      phone home, store a password\n\
         \x20  where                 {}\n\
         \x20                        {}\n\
         \x20                        {}\n\n\
         \x20  Keys you need today   j k h l move   Enter open   Esc up   n note\n\
         \x20                        ? all keys     Ctrl-K find anything   q quit\n\n\
         \x20Nobody is signed in as {profile}.  1, 2 or q: ",
        place(&paths.config),
        place(&paths.data),
        place(&paths.cache),
    )
}

const CONTROL_C: u8 = 0x03;
const CONTROL_D: u8 = 0x04;
const ESCAPE: u8 = 0x1b;

/// How long the bytes of one key may be apart.
const SEQUENCE: &Timespec = &Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

enum Key {
    Typed(u8),
    Ended(u8),
    None,
}

/// The terminal, giving keys one by one until this is dropped.
struct Keys {
    before: Termios,
    told: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
}

impl Keys {
    fn listen() -> io::Result<Self> {
        let (told, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            // Afterwards the signals do again what they always do.
            flag::register_conditional_default(signal, Arc::clone(&over))?;
            flag::register_usize(signal, Arc::clone(&told), usize::try_from(signal).unwrap_or_default())?;
        }
        let before = tcgetattr(stdin())?;
        let mut single = before.clone();
        single.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        single.special_codes[SpecialCodeIndex::VMIN] = 1;
        single.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(stdin(), OptionalActions::Now, &single)?;
        Ok(Self { before, told, over })
    }

    fn choice(&self) -> io::Result<Choice> {
        loop {
            match self.key(None)? {
                Key::Typed(b'1') => return Ok(Choice::Demo),
                Key::Typed(b'2') => return Ok(Choice::SignIn),
                Key::Typed(b'q' | CONTROL_C | CONTROL_D) => return Ok(Choice::Leave),
                Key::Typed(ESCAPE) => match self.key(Some(SEQUENCE))? {
                    Key::None => return Ok(Choice::Leave),
                    Key::Typed(_) => self.skip()?,
                    Key::Ended(signal) => return Ok(Choice::Ended(signal)),
                },
                Key::Ended(signal) => return Ok(Choice::Ended(signal)),
                Key::Typed(_) | Key::None => {}
            }
        }
    }

    /// Passes over the rest of the sequence of some other key.
    fn skip(&self) -> io::Result<()> {
        while let Key::Typed(byte) = self.key(Some(SEQUENCE))? {
            if byte.is_ascii_alphabetic() || byte == b'~' {
                break;
            }
        }
        Ok(())
    }

    /// The next byte; what is typed behind it is left for the program. None when none comes in time.
    fn key(&self, patience: Option<&Timespec>) -> io::Result<Key> {
        loop {
            if let signal @ 1.. = self.told.load(Ordering::SeqCst) {
                return Ok(Key::Ended(u8::try_from(signal).unwrap_or(1)));
            }
            let terminal = stdin();
            let mut watched = [PollFd::new(&terminal, PollFlags::IN)];
            match poll(&mut watched, patience) {
                Err(rustix::io::Errno::INTR) => continue,
                Ok(0) => return Ok(Key::None),
                ready => ready?,
            };
            let mut byte = [0];
            return Ok(match rustix::io::read(stdin(), &mut byte) {
                Ok(1) => Key::Typed(byte[0]),
                // A terminal that is gone.
                _ => Key::Ended(1),
            });
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.before);
        self.over.store(true, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fits_the_smallest_usual_terminal_and_any_locale() {
        let paths = Paths::under(std::path::Path::new("/home/somebody/.local/share"));
        let words = words(&Profile::default(), &paths);
        assert!(words.is_ascii());
        assert!(words.lines().count() < 24 && words.lines().all(|line| line.len() < 80), "{words}");
    }
}
