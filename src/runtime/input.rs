//! Keys in, and the watch for a terminal that is gone.
//!
//! The thread sleeps in `poll(2)` on the terminal and on a pipe. Only when there is something to read is
//! the event parser asked, because on a dead terminal its own wait would spin; a hang-up wakes `poll`
//! whether or not SIGHUP comes.

mod burst;
mod halves;

use std::{
    io::{self, Read, Write},
    os::fd::AsFd,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use crossterm::event::{self, Event, KeyEventKind};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    termios::{OptionalActions, tcgetattr, tcsetattr},
};

use burst::Sorter;
use halves::Halves;

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
    let (mut paused, mut keyboard) = (false, Keyboard::default());
    loop {
        let interest = if paused { PollFlags::empty() } else { PollFlags::IN };
        let mut watched = [
            PollFd::from_borrowed_fd(terminal.as_fd(), interest),
            PollFd::from_borrowed_fd(asleep.as_fd(), PollFlags::IN),
        ];
        let patience =
            keyboard.halves.is_waiting().then(|| Timespec::try_from(halves::PATIENCE).ok()).flatten();
        match poll(&mut watched, patience.as_ref()) {
            Ok(0) => {
                if keyboard.halves.give_up().is_some_and(|key| inbox.send(Outside::Msg(key)).is_err()) {
                    return;
                }
                continue;
            }
            Err(error) if error != rustix::io::Errno::INTR => {
                let _ = inbox.send(Outside::HungUp);
                return;
            }
            _ => {}
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
                    if !paused && drain(inbox, &mut keyboard).is_none() {
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
            match drain(inbox, &mut keyboard) {
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

/// What the bytes of a keyboard cannot tell by themselves.
#[derive(Default)]
struct Keyboard {
    halves: Halves,
    sorter: Sorter,
}

impl Keyboard {
    fn read(&mut self, burst: Vec<Msg>) -> Vec<Msg> {
        let whole = self.halves.join(burst);
        self.sorter.sort(whole, Instant::now())
    }
}

/// Hands on everything that can be read without waiting, and counts it; none when nobody listens or nothing
/// can be read any more.
fn drain(inbox: &Sender<Outside>, keyboard: &mut Keyboard) -> Option<usize> {
    let (mut taken, mut burst) = (0, Vec::new());
    let alive = loop {
        match event::poll(Duration::ZERO) {
            Ok(true) => {}
            Ok(false) => break true,
            Err(_) => break false,
        }
        taken += 1;
        burst.push(match event::read() {
            Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => Msg::Key(key),
            Ok(Event::Paste(text)) => Msg::Paste(text),
            Ok(Event::FocusGained) => Msg::Focus(true),
            Ok(Event::FocusLost) => Msg::Focus(false),
            // A new size comes by its signal, without waiting for a key.
            Ok(_) => continue,
            Err(_) => break false,
        });
    };
    let heard = keyboard.read(burst).into_iter().all(|msg| inbox.send(Outside::Msg(msg)).is_ok());
    if !alive {
        let _ = inbox.send(Outside::HungUp);
    }
    (alive && heard).then_some(taken)
}
