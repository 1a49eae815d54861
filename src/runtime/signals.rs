//! Signals, turned into words for the loop.

use std::{
    io,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::Sender,
    },
    thread,
};

use rustix::process::{Signal, getpid, kill_current_process_group, kill_process};
use signal_hook::{
    consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH, SIGXFSZ},
    iterator::Signals,
};

use super::{Outside, terminal};
use crate::app::Msg;

/// True while a stop signal is on its way that we sent to our whole job, and so to ourselves.
static SENT: AtomicBool = AtomicBool::new(false);

/// Starts the thread that waits for signals.
///
/// SIGXFSZ is only taken, so that a file-size limit becomes an error of the write instead of a death.
///
/// # Errors
/// The handlers cannot be installed.
pub fn start(inbox: Sender<Outside>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT, SIGXFSZ])?;
    thread::Builder::new().name("signals".to_owned()).stack_size(128 * 1024).spawn(move || {
        for signal in signals.forever() {
            let word = match signal {
                SIGWINCH => {
                    let (cols, rows) = terminal::size();
                    Outside::Msg(Msg::Resize { cols, rows })
                }
                SIGTSTP if SENT.swap(false, Ordering::SeqCst) => continue,
                SIGTSTP => Outside::Suspend,
                SIGCONT => Outside::Continued,
                SIGXFSZ => continue,
                ending => Outside::Ended(u8::try_from(ending).unwrap_or(15)),
            };
            if inbox.send(word).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Stops the whole job, as the shell's suspend key does, until it is continued. The terminal must be given back
/// before: as soon as another process of the job has stopped, the shell takes it.
pub fn stop_the_job() {
    SENT.store(true, Ordering::SeqCst);
    if kill_current_process_group(Signal::TSTP).is_err() {
        SENT.store(false, Ordering::SeqCst);
    }
    stop();
}

/// Stops this process until it is continued.
pub fn stop() {
    let _ = kill_process(getpid(), Signal::STOP);
}
