//! Signals, turned into words for the loop.

use std::{
    io,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
        mpsc::Sender,
    },
    thread,
};

use rustix::process::{Signal, getpid, kill_current_process_group, kill_process};
use signal_hook::{
    consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGWINCH, SIGXFSZ},
    flag,
    iterator::Signals,
};

use super::{Outside, terminal};
use crate::app::Msg;

/// True while a stop signal is on its way that we sent to our whole job, and so to ourselves.
static SENT: AtomicBool = AtomicBool::new(false);

/// Set by the signal itself when we are continued.
static CONTINUED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Starts the thread that waits for signals.
///
/// SIGXFSZ is only taken, so that a file-size limit becomes an error of the write instead of a death.
///
/// # Errors
/// The handlers cannot be installed.
pub fn start(inbox: Sender<Outside>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT, SIGXFSZ])?;
    flag::register(SIGCONT, Arc::clone(&CONTINUED))?;
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
    CONTINUED.store(false, Ordering::SeqCst);
    if kill_current_process_group(Signal::TSTP).is_err() {
        SENT.store(false, Ordering::SeqCst);
    }
    // On a busy machine the shell may have continued the job by now; whoever stopped then would stay so.
    if !CONTINUED.load(Ordering::SeqCst) {
        stop();
    }
}

/// Stops this process until it is continued.
pub fn stop() {
    let _ = kill_process(getpid(), Signal::STOP);
}
