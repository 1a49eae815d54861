//! Taking the terminal and giving it back.

use std::{
    io::{self, Write},
    sync::atomic::{AtomicBool, Ordering},
};

use crossterm::{
    cursor, event, queue,
    terminal::{self, EnterAlternateScreen, LeaveAlternateScreen},
};

/// True while the terminal is ours: whoever sets it to false gives the terminal back, exactly once.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Takes the terminal: raw mode now; the bytes returned do the rest and go out before the first frame.
///
/// # Errors
/// The terminal refuses raw mode.
pub fn take() -> io::Result<Vec<u8>> {
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
    let cooked = terminal::disable_raw_mode();
    (queued.is_ok() && cooked.is_ok()).then_some(bytes)
}

/// Gives the terminal back at once, past the writer; for a crash.
pub fn give_back_now() {
    if let Some(bytes) = give_back() {
        let mut out = io::stdout();
        let _ = out.write_all(&bytes).and_then(|()| out.flush());
    }
}

/// Columns and rows; 80 by 24 where the terminal does not say.
pub fn size() -> (u16, u16) {
    terminal::size().unwrap_or((80, 24))
}
