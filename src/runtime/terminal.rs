//! Taking the terminal and giving it back.

use std::{
    io::{self, Write},
    sync::{
        Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crossterm::{
    cursor, event, queue,
    terminal::{self, EnterAlternateScreen, LeaveAlternateScreen},
};
use rustix::{process::getpgrp, termios::tcgetpgrp};

/// True while the terminal is ours: whoever sets it to false gives the terminal back, exactly once.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Held by whoever writes to the terminal.
static WAY_OUT: Mutex<()> = Mutex::new(());

/// The right to write to the terminal, once it is free. After a crash nobody gets it any more.
pub fn way_out() -> MutexGuard<'static, ()> {
    WAY_OUT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the terminal, for the first time or after somebody else had it: raw mode now; the bytes returned do
/// the rest and go out before the first frame.
///
/// # Errors
/// The terminal refuses raw mode.
pub fn take() -> io::Result<Vec<u8>> {
    // Whoever had the terminal meanwhile may have changed its mode behind our back.
    if terminal::is_raw_mode_enabled()? {
        terminal::disable_raw_mode()?;
    }
    terminal::enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut bytes = Vec::new();
    queue!(bytes, EnterAlternateScreen, cursor::Hide, event::EnableBracketedPaste, event::EnableFocusChange)?;
    Ok(bytes)
}

/// Ends raw mode and returns the bytes that undo [`take`]; none if the terminal is not ours.
pub fn give_back() -> Option<Vec<u8>> {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return None;
    }
    let mut bytes = Vec::new();
    let queued = queue!(
        bytes,
        event::DisableFocusChange,
        event::DisableBracketedPaste,
        cursor::Show,
        LeaveAlternateScreen
    );
    let cooked = !is_in_front() || terminal::disable_raw_mode().is_ok();
    (queued.is_ok() && cooked).then_some(bytes)
}

/// Whether our job has the terminal. A shell that has taken it has set its own mode, and would have us stopped
/// for setting another.
fn is_in_front() -> bool {
    tcgetpgrp(rustix::stdio::stdin()).map_or(true, |front| front == getpgrp())
}

/// Gives the terminal back at once, past the writer, and keeps everybody else from writing to it; for a crash.
pub fn give_back_now() {
    // A writer that hangs on its terminal does not hold up the end for long.
    let held = (0..50).find_map(|_| match WAY_OUT.try_lock() {
        Ok(held) => Some(held),
        Err(TryLockError::Poisoned(held)) => Some(held.into_inner()),
        Err(TryLockError::WouldBlock) => {
            thread::sleep(Duration::from_millis(10));
            None
        }
    });
    std::mem::forget(held);
    if let Some(bytes) = give_back() {
        let mut out = io::stdout();
        let _ = out.write_all(&bytes).and_then(|()| out.flush());
    }
}

/// Columns and rows; 80 by 24 where the terminal does not say.
pub fn size() -> (u16, u16) {
    terminal::size().unwrap_or((80, 24))
}
