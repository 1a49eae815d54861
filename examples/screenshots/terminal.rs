//! A terminal with the demo in it.

use std::{
    env, io,
    io::{Error, Read, Write},
    num::NonZero,
    path::PathBuf,
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier},
};
use tempfile::TempDir;

/// How long a screen may take to come.
const PATIENCE: Duration = Duration::from_secs(60);

type Shared = Arc<(Mutex<vt100::Parser>, Condvar)>;

/// The running program and its screen.
pub struct Terminal {
    shared: Shared,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    _home: TempDir,
}

impl Terminal {
    /// Starts the demo in a terminal of this size, with an empty home folder.
    pub fn start(cols: u16, rows: u16) -> io::Result<Self> {
        let home = tempfile::tempdir()?;
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).map_err(Error::other)?;
        let mut command = CommandBuilder::new(program()?);
        command.arg("--demo");
        command.env_clear();
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        let child = pair.slave.spawn_command(command).map_err(Error::other)?;
        let mut reader = pair.master.try_clone_reader().map_err(Error::other)?;
        let writer = pair.master.take_writer().map_err(Error::other)?;
        let cells = |count| NonZero::new(count).ok_or_else(|| Error::other("a terminal has cells"));
        let shared: Shared =
            Arc::new((Mutex::new(vt100::Parser::new(cells(rows)?, cells(cols)?, 0)), Condvar::new()));
        let seen = Arc::clone(&shared);
        thread::spawn(move || {
            let mut bytes = [0; 65_536];
            let mut waiting = Vec::new();
            while let Ok(count) = reader.read(&mut bytes) {
                waiting.extend_from_slice(&bytes[..count]);
                let whole = whole_frames(&waiting);
                let Ok(mut screen) = seen.0.lock() else { return };
                screen.process(&waiting[..whole]);
                waiting.drain(..whole);
                seen.1.notify_all();
                if count == 0 {
                    return;
                }
            }
        });
        Ok(Self { shared, writer, child, _master: pair.master, _home: home })
    }

    /// Types text or the bytes of keys.
    pub fn send(&mut self, keys: &str) -> io::Result<()> {
        self.writer.write_all(keys.as_bytes())?;
        self.writer.flush()
    }

    /// Waits until the screen shows all of these, and gives its cells and its cursor.
    pub fn see(&self, wanted: &[&str]) -> io::Result<(Buffer, Option<(u16, u16)>)> {
        let deadline = Instant::now() + PATIENCE;
        let poisoned = || Error::other("the reader of the terminal failed");
        let mut parser = self.shared.0.lock().map_err(|_| poisoned())?;
        loop {
            let text = parser.screen().contents();
            if wanted.iter().all(|words| text.contains(words)) {
                return Ok(cells(parser.screen()));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::other(format!("waited for {wanted:?}; the screen was:\n{text}")));
            }
            parser = self.shared.1.wait_timeout(parser, left).map_err(|_| poisoned())?.0;
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How many of these bytes are frames that have ended; the program sends each as one synchronized update.
fn whole_frames(bytes: &[u8]) -> usize {
    let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|window| window == mark);
    let (begin, end) = (last(b"\x1b[?2026h"), last(b"\x1b[?2026l"));
    match (begin, end) {
        (Some(begin), Some(end)) if end > begin => bytes.len(),
        (Some(begin), _) => begin,
        (None, _) => bytes.len(),
    }
}

/// The program of the same build: it lies beside the folder of the examples.
fn program() -> io::Result<PathBuf> {
    let examples = env::current_exe()?;
    let build = examples.parent().and_then(|folder| folder.parent());
    let program = build.map(|build| build.join("bigin")).filter(|program| program.exists());
    program.ok_or_else(|| Error::other("build the program first: cargo build"))
}

fn cells(screen: &vt100::Screen) -> (Buffer, Option<(u16, u16)>) {
    let (rows, cols) = screen.size();
    let (rows, cols) = (u16::from(rows), u16::from(cols));
    let mut buf = Buffer::empty(Rect::new(0, 0, cols, rows));
    for y in 0..rows {
        for x in 0..cols {
            let Some(cell) = screen.cell(y, x).filter(|cell| cell.has_contents()) else { continue };
            let mut modifier = Modifier::empty();
            modifier.set(Modifier::BOLD, cell.bold());
            modifier.set(Modifier::DIM, cell.dim());
            modifier.set(Modifier::UNDERLINED, cell.underline());
            modifier.set(Modifier::REVERSED, cell.inverse());
            buf[(x, y)].set_symbol(cell.contents()).set_fg(colour(cell.fgcolor())).modifier = modifier;
        }
    }
    let (y, x) = screen.cursor_position();
    (buf, (!screen.hide_cursor()).then_some((x, y)))
}

fn colour(colour: vt100::Color) -> Color {
    match colour {
        vt100::Color::Idx(1) => Color::Red,
        vt100::Color::Idx(2) => Color::Green,
        vt100::Color::Idx(3) => Color::Yellow,
        vt100::Color::Idx(5) => Color::Magenta,
        vt100::Color::Idx(6) => Color::Cyan,
        _ => Color::Reset,
    }
}
