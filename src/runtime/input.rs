//! Keys in, and the watch for a terminal that is gone.
//!
//! The thread sleeps in `poll(2)` on the terminal and on a pipe. Only when there is something to read is
//! the event parser asked, because on a dead terminal its own wait would spin; a hang-up wakes `poll`
//! whether or not SIGHUP comes.

use std::{
    io::{self, Read, Write},
    os::fd::AsFd,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use crossterm::event::{self, Event, KeyEventKind};
use rustix::{
    event::{PollFd, PollFlags, poll},
    termios::{OptionalActions, tcgetattr, tcsetattr},
};

use super::Outside;
use crate::app::Msg;

/// The input thread; it can be told to keep its hands off the terminal while an editor has it.
#[derive(Debug)]
pub struct Input {
    wake: io::PipeWriter,
    rested: Receiver<()>,
}

impl Input {
    /// Starts the thread.
    ///
    /// # Errors
    /// No pipe or no thread can be made.
    pub fn start(inbox: Sender<Outside>) -> io::Result<Self> {
        let (asleep, wake) = io::pipe()?;
        let (rest, rested) = channel();
        thread::Builder::new()
            .name("input".to_owned())
            .stack_size(256 * 1024)
            .spawn(move || watch(&inbox, asleep, &rest))?;
        Ok(Self { wake, rested })
    }

    /// Stops reading the terminal; returns when it has stopped.
    pub fn pause(&mut self) {
        if self.wake.write_all(b"p").is_ok() {
            let _ = self.rested.recv_timeout(Duration::from_secs(1));
        }
    }

    /// Takes the news of another size out of the event parser. Left there, it would come before the next key,
    /// and the parser, which is told only once of what can be read, would sit on that key until another comes.
    pub fn stir(&mut self) {
        let _ = self.wake.write_all(b"s");
    }

    /// Reads the terminal again.
    pub fn resume(&mut self) {
        let _ = self.wake.write_all(b"r");
    }
}

fn watch(inbox: &Sender<Outside>, mut asleep: io::PipeReader, rest: &Sender<()>) {
    let terminal = io::stdin();
    let mut paused = false;
    loop {
        let interest = if paused { PollFlags::empty() } else { PollFlags::IN };
        let mut watched = [
            PollFd::from_borrowed_fd(terminal.as_fd(), interest),
            PollFd::from_borrowed_fd(asleep.as_fd(), PollFlags::IN),
        ];
        if poll(&mut watched, None).is_err_and(|error| error != rustix::io::Errno::INTR) {
            let _ = inbox.send(Outside::HungUp);
            return;
        }
        let (keys, told) = (watched[0].revents(), watched[1].revents());
        if keys.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            let _ = inbox.send(Outside::HungUp);
            return;
        }
        if told.contains(PollFlags::IN) {
            let mut word = [0];
            match asleep.read(&mut word) {
                Ok(1) if word == *b"s" => {
                    if !paused && drain(inbox).is_none() {
                        return;
                    }
                    continue;
                }
                Ok(1) => paused = word == *b"p",
                _ => return,
            }
            if paused {
                let _ = rest.send(());
            }
            continue;
        }
        if told.intersects(PollFlags::HUP | PollFlags::ERR) {
            return;
        }
        if keys.contains(PollFlags::IN) {
            match drain(inbox) {
                Some(0) => remind(&terminal),
                Some(_) => {}
                None => return,
            }
        }
    }
}

/// Has the kernel say once more that there is something to read. The event parser hears that only once, and
/// forgets it when another size comes in the same moment; setting the terminal's attributes to what they
/// are makes it heard again.
fn remind(terminal: &io::Stdin) {
    if let Ok(attributes) = tcgetattr(terminal) {
        let _ = tcsetattr(terminal, OptionalActions::Now, &attributes);
    }
}

/// Hands on everything that can be read without waiting, and counts it; none when nobody listens or nothing
/// can be read any more.
fn drain(inbox: &Sender<Outside>) -> Option<usize> {
    let mut taken = 0;
    loop {
        match event::poll(Duration::ZERO) {
            Ok(true) => {}
            Ok(false) => return Some(taken),
            Err(_) => {
                let _ = inbox.send(Outside::HungUp);
                return None;
            }
        }
        taken += 1;
        let msg = match event::read() {
            Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => Msg::Key(key),
            Ok(Event::Paste(text)) => Msg::Paste(text),
            Ok(Event::FocusGained) => Msg::Focus(true),
            Ok(Event::FocusLost) => Msg::Focus(false),
            // A new size comes by its signal, without waiting for a key.
            Ok(_) => continue,
            Err(_) => {
                let _ = inbox.send(Outside::HungUp);
                return None;
            }
        };
        if inbox.send(Outside::Msg(msg)).is_err() {
            return None;
        }
    }
}
