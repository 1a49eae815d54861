//! The loop itself.

use std::{
    io,
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tokio::runtime::Handle;

use super::{
    Exit, Outside, crash,
    effects::{self, Copied},
    input::Input,
    painter::Painter,
    signals, terminal,
    writer::Writer,
};
use crate::{
    app::{self, Effect, Model, Msg, Options, Size},
    protocol::Event,
    ui,
    worker::{Worker, behind_the_screen},
};

/// How long the way out of the program may take when the terminal or the disk is slow.
const PATIENCE: Duration = Duration::from_millis(700);

/// Threads for work of the emulated server, which takes turns on one database anyway; one more is held by its
/// first fill.
const BLOCKING: usize = 3;

/// How long an idle thread is kept: ending one wakes the process up.
const KEPT: Duration = Duration::from_secs(600);

/// Starts a worker on a network runtime, with the sink for its events.
pub type StartWorker = Box<dyn FnOnce(&Handle, Sink) -> io::Result<Worker>>;

/// Where the worker's events go; never blocks.
pub type Sink = Box<dyn Fn(Event) + Send + Sync>;

/// What the loop needs to begin.
pub struct Launch {
    /// How things are drawn and behave.
    pub options: Options,
    /// Colours.
    pub theme: ui::Theme,
    /// The terminal shows nothing outside of ASCII.
    pub ascii: bool,
    /// Starts the worker; called after the first frame is on its way.
    pub worker: StartWorker,
    /// Where crash reports and the editor's files go.
    pub folder: PathBuf,
}

/// Runs the program on this terminal until it ends.
///
/// # Errors
/// The terminal cannot be taken, or a thread cannot be started.
pub fn run(launch: Launch) -> io::Result<Exit> {
    crash::install(launch.folder.clone());
    // A system that is out of threads or files may refuse anything from here on.
    go(launch).inspect_err(|_| terminal::give_back_now())
}

fn go(launch: Launch) -> io::Result<Exit> {
    let (inbox, words) = channel();
    let (cols, rows) = terminal::size();
    let model = Model::new(Timestamp::now(), TimeZone::system(), Size { cols, rows }, launch.options);
    signals::start(inbox.clone())?;
    let mut out = terminal::take()?;
    let mut painter = Painter::new(cols, rows, launch.ascii);
    out.extend(painter.paint(&model, &launch.theme).unwrap_or_default());
    let mut writer = Writer::start(inbox.clone())?;
    writer.send(out);
    // Two threads: the emulated server and the client may live in the same process, and on one thread a
    // large answer of the one would hold up the other.
    let network = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(BLOCKING)
        .thread_keep_alive(KEPT)
        .thread_name("network")
        .on_thread_start(behind_the_screen)
        .enable_all()
        .build()?;
    let worker = (launch.worker)(network.handle(), sink(inbox.clone()))?;
    let input = Input::start(inbox.clone())?;
    let mut running = Running {
        model,
        painter,
        writer,
        worker,
        input,
        theme: launch.theme,
        folder: launch.folder,
        inbox,
        unsent: Vec::new(),
        dirty: false,
        exit: None,
    };
    running.go(&words);
    let exit = running.leave();
    network.shutdown_background();
    Ok(exit)
}

/// Hands events to the loop; after its end they go nowhere.
fn sink(inbox: Sender<Outside>) -> Sink {
    Box::new(move |event: Event| {
        let _ = inbox.send(Outside::Msg(Msg::Worker(event)));
    })
}

struct Running {
    model: Model,
    painter: Painter,
    writer: Writer,
    worker: Worker,
    input: Input,
    theme: ui::Theme,
    folder: PathBuf,
    inbox: Sender<Outside>,
    /// Bytes that wait for the writer and are not cells, such as a clipboard sequence.
    unsent: Vec<u8>,
    dirty: bool,
    exit: Option<Ending>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Left,
    Signal(u8),
    HungUp,
}

impl Running {
    fn go(&mut self, words: &Receiver<Outside>) {
        while self.exit.is_none() {
            let Some(word) = self.wait(words) else { return };
            self.take(word);
            while self.exit.is_none()
                && let Ok(word) = words.try_recv()
            {
                self.take(word);
            }
            self.paint();
        }
    }

    /// The next word, or [`Msg::Due`] when the model's deadline comes first.
    fn wait(&self, words: &Receiver<Outside>) -> Option<Outside> {
        let Some(due) = self.model.next_due() else { return words.recv().ok() };
        let left = due.duration_since(self.now()).max(SignedDuration::ZERO).unsigned_abs();
        match words.recv_timeout(left) {
            Ok(word) => Some(word),
            Err(RecvTimeoutError::Timeout) => Some(Outside::Msg(Msg::Due)),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    /// The time, by the service's clock as far as it is known.
    fn now(&self) -> Timestamp {
        Timestamp::now().checked_add(self.model.account.ahead).unwrap_or(Timestamp::MAX)
    }

    fn take(&mut self, word: Outside) {
        match word {
            Outside::Msg(msg) => {
                // There and back again between two frames is no change of ours, yet the terminal may have cut
                // or moved what it showed.
                if matches!(msg, Msg::Resize { .. }) {
                    self.painter.forget();
                    self.input.stir();
                }
                self.update(msg);
            }
            Outside::Painted => self.writer.done(),
            Outside::Ended(signal) => {
                self.update(Msg::Terminate);
                self.exit = Some(Ending::Signal(signal));
            }
            Outside::HungUp => {
                self.update(Msg::Terminate);
                self.exit = Some(Ending::HungUp);
            }
            Outside::Suspend => self.suspend(signals::stop),
            // Whoever stopped us, somebody else had the terminal meanwhile.
            Outside::Continued => self.take_back(),
        }
    }

    fn update(&mut self, msg: Msg) {
        self.model.now = self.now();
        let effects = app::update(&mut self.model, msg);
        self.dirty = true;
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask(job) => self.worker.send(job),
                Effect::Cancel(key) => self.worker.cancel(&key),
                Effect::Copy(text) => self.copy(&text, ""),
                Effect::CopyOf(what, text) => self.copy(&text, &format!("{what}: ")),
                Effect::Open(link) => self.open(&link),
                Effect::Edit(text) => self.edit(&text),
                Effect::Suspend => self.suspend(signals::stop_the_job),
                Effect::Redraw => self.painter.forget(),
                Effect::Quit => self.exit = Some(Ending::Left),
            }
        }
    }

    fn paint(&mut self) {
        if self.writer.is_busy() {
            return;
        }
        let mut bytes = std::mem::take(&mut self.unsent);
        if std::mem::take(&mut self.dirty)
            && let Some(frame) = self.painter.paint(&self.model, &self.theme)
        {
            bytes.extend(frame);
        }
        if !bytes.is_empty() {
            self.writer.send(bytes);
        }
    }

    fn tell(&self, words: String) {
        let _ = self.inbox.send(Outside::Msg(Msg::Told(words)));
    }

    fn copy(&mut self, text: &str, what: &str) {
        match effects::copy(text) {
            Copied::Done(how) => self.tell(format!("{what}{how}, {} bytes", text.len())),
            Copied::Write(bytes) => {
                self.unsent.extend(bytes);
                self.tell(format!("{what}copied by the terminal (OSC 52), {} bytes", text.len()));
            }
            Copied::TooLong => self.tell(format!("{} bytes are too many for a clipboard", text.len())),
        }
    }

    fn open(&mut self, link: &str) {
        if effects::browse(link) {
            self.tell(format!("opened {link}"));
        } else {
            self.copy(link, "");
            self.tell(format!("no browser here, the link is on the clipboard: {link}"));
        }
    }

    fn edit(&mut self, text: &str) {
        self.input.pause();
        self.hand_over();
        let edited = effects::edit(text, &self.folder);
        self.take_back();
        self.input.resume();
        if let Err(error) = &edited {
            self.tell(format!("the editor gave no text, yours is unchanged: {error}"));
        }
        let _ = self.inbox.send(Outside::Msg(Msg::Edited(edited.ok())));
    }

    /// Gives the terminal back before `stop` stops the process.
    fn suspend(&mut self, stop: fn()) {
        self.hand_over();
        stop();
        self.take_back();
    }

    /// Gives the terminal to someone else; the frame on its way out goes first.
    fn hand_over(&mut self) {
        if let Some(bytes) = terminal::give_back() {
            self.writer.send_and_wait(bytes, PATIENCE);
        }
    }

    fn take_back(&mut self) {
        if let Ok(bytes) = terminal::take() {
            self.unsent.extend(bytes);
        }
        self.painter.forget();
        self.dirty = true;
        let (cols, rows) = terminal::size();
        self.update(Msg::Resize { cols, rows });
    }

    fn leave(mut self) -> Exit {
        self.worker.stop();
        match self.exit.unwrap_or(Ending::Left) {
            // Nobody reads what would be written now.
            Ending::HungUp => Exit::Signal(1),
            ending => {
                if let Some(bytes) = terminal::give_back() {
                    self.writer.send_and_wait(bytes, PATIENCE);
                }
                if let Ending::Signal(number) = ending { Exit::Signal(number) } else { Exit::Left }
            }
        }
    }
}
