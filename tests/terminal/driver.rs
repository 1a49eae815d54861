//! A terminal with `bigin` in it.

use std::{
    io::{Read, Write},
    num::NonZero,
    path::Path,
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

/// How long anything may take before a test gives up. Nothing is measured with it.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came out of the terminal so far.
struct Output {
    screen: vt100::Parser,
    raw: Vec<u8>,
    closed: bool,
    /// The reader lets go of the terminal at the next output.
    letting_go: bool,
    /// Nobody reads what the program writes, as on a link that hangs.
    hung: bool,
}

fn some(cells: u16) -> NonZero<u16> {
    NonZero::new(cells).expect("a terminal has cells")
}

/// When the invented companies of these tests begin, so that they are the same on every day.
pub const FIRST_DAY: &str = "2026-11-24T15:00:00Z";

/// A running program and its screen.
pub struct Terminal {
    shared: Arc<(Mutex<Output>, Condvar)>,
    writer: Box<dyn Write + Send>,
    master: Option<Box<dyn MasterPty + Send>>,
    child: Box<dyn Child + Send + Sync>,
    /// The home folder that goes with the terminal.
    home: Option<TempDir>,
}

impl Terminal {
    /// Starts `bigin` with `args` in a terminal of this size, with an empty home folder.
    pub fn start(args: &[&str], cols: u16, rows: u16) -> Self {
        Self::start_in(&[], args, cols, rows)
    }

    /// As [`Terminal::start`], with some of the environment's variables set.
    pub fn start_in(environment: &[(&str, &str)], args: &[&str], cols: u16, rows: u16) -> Self {
        let home = tempfile::tempdir().expect("a folder for the home");
        let mut terminal = Self::launch(home.path(), environment, args, cols, rows);
        terminal.home = Some(home);
        terminal
    }

    /// Starts `bigin` with `args` in a terminal of this size, with a home folder that is there already.
    pub fn start_at(home: &Path, args: &[&str], cols: u16, rows: u16) -> Self {
        Self::launch(home, &[], args, cols, rows)
    }

    fn launch(home: &Path, environment: &[(&str, &str)], args: &[&str], cols: u16, rows: u16) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_bigin"));
        command.args(args);
        if args.contains(&"--demo") {
            command.args(["--clock", FIRST_DAY]);
        }
        Self::run(home, command, environment, cols, rows)
    }

    /// Starts `bigin` behind a line of shell that ends in `exec "$@"`, with a home folder that is there already.
    pub fn start_behind(home: &Path, line: &str, args: &[&str], cols: u16, rows: u16) -> Self {
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", line, "sh", env!("CARGO_BIN_EXE_bigin")]);
        command.args(args);
        Self::run(home, command, &[], cols, rows)
    }

    /// Starts a shell that minds its jobs, with an empty home folder.
    pub fn shell(cols: u16, rows: u16) -> Self {
        let home = tempfile::tempdir().expect("a folder for the home");
        let mut command = CommandBuilder::new("sh");
        command.arg("-i");
        let prompt = [("PS1", "ready> ")];
        let mut terminal = Self::run(home.path(), command, &prompt, cols, rows);
        terminal.home = Some(home);
        terminal
    }

    fn run(
        home: &Path,
        mut command: CommandBuilder,
        environment: &[(&str, &str)],
        cols: u16,
        rows: u16,
    ) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pty");
        command.env_clear();
        command.cwd(if home.is_dir() { home } else { Path::new("/") });
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("bigin starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let output = Output {
            screen: vt100::Parser::new(some(rows.max(1)), some(cols.max(1)), 0),
            raw: Vec::new(),
            closed: false,
            letting_go: false,
            hung: false,
        };
        let shared = Arc::new((Mutex::new(output), Condvar::new()));
        let seen = Arc::clone(&shared);
        thread::spawn(move || {
            let mut bytes = [0; 65_536];
            loop {
                drop(seen.1.wait_while(seen.0.lock().expect("the output"), |output| output.hung));
                let count = reader.read(&mut bytes).unwrap_or(0);
                let mut output = seen.0.lock().expect("the output");
                output.screen.process(&bytes[..count]);
                output.raw.extend_from_slice(&bytes[..count]);
                output.closed = count == 0 || output.letting_go;
                seen.1.notify_all();
                if output.closed {
                    return;
                }
            }
        });
        Self { shared, writer, master: Some(pair.master), child, home: None }
    }

    /// Types text, or the bytes of keys.
    pub fn send(&mut self, keys: &str) {
        self.send_bytes(keys.as_bytes());
    }

    /// Sends bytes that need not be text.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).and_then(|()| self.writer.flush()).expect("the pty takes keys");
    }

    /// Waits until the screen satisfies `wanted`; panics with the screen when it does not.
    #[track_caller]
    pub fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut output = self.shared.0.lock().expect("the output");
        loop {
            let text = output.screen.screen().contents();
            if wanted(&text) {
                return text;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero() && !output.closed, "waited for {what}; the screen was:\n{text}");
            output = self.shared.1.wait_timeout(output, left).expect("the output").0;
        }
    }

    /// Waits until the screen shows `text`.
    #[track_caller]
    pub fn see(&self, text: &str) -> String {
        self.wait(&format!("{text:?}"), |screen| screen.contains(text))
    }

    /// Waits until the screen shows `text` no more.
    #[track_caller]
    pub fn lose(&self, text: &str) -> String {
        self.wait(&format!("{text:?} to go"), |screen| !screen.contains(text))
    }

    /// Has the program paint every cell again, and waits until it did.
    #[track_caller]
    pub fn repaint(&mut self) {
        let seen = self.shared.0.lock().expect("the output").raw.len();
        let cleared = |output: &Output| output.raw[seen..].windows(4).any(|bytes| bytes == b"\x1b[2J");
        let done = |output: &Output| cleared(output) && output.raw.ends_with(b"\x1b[?2026l");
        let deadline = Instant::now() + PATIENCE;
        loop {
            // A key right behind a paste is not taken for one; the next one is.
            self.send("\x0c");
            let output = self.shared.0.lock().expect("the output");
            let not_yet = |output: &mut Output| !done(output) && !output.closed;
            let (output, waited) = self
                .shared
                .1
                .wait_timeout_while(output, Duration::from_secs(2), not_yet)
                .expect("the output");
            if done(&output) {
                return;
            }
            let text = output.screen.screen().contents();
            let in_time = waited.timed_out() && Instant::now() < deadline;
            assert!(in_time, "waited for all cells; the screen was:\n{text}");
        }
    }

    /// Reads no more of what the program writes, or reads on.
    pub fn hang(&self, hung: bool) {
        self.shared.0.lock().expect("the output").hung = hung;
        self.shared.1.notify_all();
    }

    /// Whether the cursor can be seen.
    pub fn shows_cursor(&self) -> bool {
        !self.shared.0.lock().expect("the output").screen.screen().hide_cursor()
    }

    /// The process in the terminal.
    pub fn process(&self) -> u32 {
        self.child.process_id().expect("a running process")
    }

    /// How the process ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child")
    }

    /// Every byte that was written so far.
    pub fn raw(&self) -> Vec<u8> {
        self.shared.0.lock().expect("the output").raw.clone()
    }

    /// Changes the size of the terminal.
    pub fn resize(&self, cols: u16, rows: u16) {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.shared
            .0
            .lock()
            .expect("the output")
            .screen
            .screen_mut()
            .set_size(some(rows.max(1)), some(cols.max(1)));
        self.master.as_ref().expect("the terminal is open").resize(size).expect("a new size");
    }

    /// Sends a signal to the program.
    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("a running process").to_string();
        let sent = std::process::Command::new("kill").args([&format!("-{name}"), &id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -{name}");
    }

    /// Waits until the program is stopped, as by the suspend key.
    #[track_caller]
    pub fn stopped(&self) {
        let id = self.child.process_id().expect("a running process").to_string();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let state = std::process::Command::new("ps").args(["-o", "state=", "-p", &id]).output();
            if state.expect("ps runs").stdout.starts_with(b"T") {
                return;
            }
            assert!(Instant::now() < deadline, "bigin did not stop");
            thread::yield_now();
        }
    }

    /// Closes the terminal under the program; `key` is one that it answers with output.
    pub fn close(&mut self, key: &str) {
        self.shared.0.lock().expect("the output").letting_go = true;
        self.send(key);
        let mut output = self.shared.0.lock().expect("the output");
        while !output.closed {
            output = self.shared.1.wait_timeout(output, PATIENCE).expect("the output").0;
        }
        drop(output);
        self.master = None;
        self.writer = Box::new(std::io::sink());
    }

    /// Waits for the end of the program and of its output.
    #[track_caller]
    pub fn end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                let mut output = self.shared.0.lock().expect("the output");
                while !output.closed {
                    output = self.shared.1.wait_timeout(output, PATIENCE).expect("the output").0;
                }
                return status;
            }
            assert!(Instant::now() < deadline, "bigin did not end");
            thread::yield_now();
            thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// Whether the program has given the terminal back: the main screen, a visible cursor, no paste mode.
    pub fn is_restored(&self) -> bool {
        let output = self.shared.0.lock().expect("the output");
        let screen = output.screen.screen();
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
