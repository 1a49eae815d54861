//! The way out to the terminal: a thread that writes one frame at a time.
//!
//! A terminal that stops reading (a hung link) blocks this thread and nothing else.

use std::{
    fs::File,
    io::{self, Write},
    os::fd::AsFd,
    sync::mpsc::{Sender, channel},
    thread,
    time::Duration,
};

use super::{Outside, terminal};

/// Hands frames to the terminal.
#[derive(Debug)]
pub struct Writer {
    frames: Sender<Frame>,
    on_the_way: u32,
}

#[derive(Debug)]
struct Frame {
    bytes: Vec<u8>,
    written: Option<Sender<()>>,
}

impl Writer {
    /// Starts the thread. It reports [`Outside::Painted`] after each frame, [`Outside::HungUp`] when the
    /// terminal takes no more.
    ///
    /// # Errors
    /// The standard output cannot be shared with a thread, or none can be started.
    pub fn start(inbox: Sender<Outside>) -> io::Result<Self> {
        let (frames, next) = channel::<Frame>();
        // Past the standard library's line buffer, so that a frame is one write.
        let mut out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        thread::Builder::new().name("writer".to_owned()).stack_size(128 * 1024).spawn(move || {
            for frame in next {
                let turn = terminal::way_out();
                let word = match out.write_all(&frame.bytes) {
                    Ok(()) => Outside::Painted,
                    Err(_) => Outside::HungUp,
                };
                drop(turn);
                if let Some(written) = frame.written {
                    let _ = written.send(());
                }
                if inbox.send(word).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { frames, on_the_way: 0 })
    }

    /// Whether a frame is on its way; then no other should be made yet.
    pub const fn is_busy(&self) -> bool {
        self.on_the_way > 0
    }

    /// Sends a frame and returns at once.
    pub fn send(&mut self, bytes: Vec<u8>) {
        self.push(Frame { bytes, written: None });
    }

    /// Sends bytes and waits until the terminal has them, at most `patience`.
    pub fn send_and_wait(&mut self, bytes: Vec<u8>, patience: Duration) {
        let (written, wait) = channel();
        self.push(Frame { bytes, written: Some(written) });
        let _ = wait.recv_timeout(patience);
    }

    /// The thread reported a frame as written.
    pub const fn done(&mut self) {
        self.on_the_way = self.on_the_way.saturating_sub(1);
    }

    fn push(&mut self, frame: Frame) {
        if self.frames.send(frame).is_ok() {
            self.on_the_way += 1;
        }
    }
}
