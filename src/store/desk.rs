//! The one thread that owns an account's databases.

mod way;

use std::{
    collections::VecDeque,
    fmt, io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::oneshot;

pub use self::way::Way;
use super::{Keep, Mirror, Place, StoreError};

/// Both databases of one account.
#[derive(Debug)]
pub struct Store {
    /// The cache of the org's records.
    pub mirror: Mirror,
    /// The user's words.
    pub keep: Keep,
}

impl Store {
    /// Opens both databases.
    ///
    /// # Errors
    /// When the mirror cannot be made, or SQLite cannot open a keep even in memory.
    pub fn open(mirror: &Place, keep: &Place) -> Result<Self, StoreError> {
        Ok(Self { mirror: Mirror::open(mirror)?, keep: Keep::open(keep)? })
    }

    /// Sets a database aside that proved to be damaged, and goes on with a new one: a keep with what can be read
    /// of the old, a mirror that has to be filled again. Says what was done; none where nothing could be.
    pub fn mend(&mut self, now: Timestamp) -> Option<String> {
        if self.keep.is_damaged() {
            self.keep.rebuild().ok()?;
            return self.keep.mended().or(self.keep.unkept()).map(str::to_owned);
        }
        let aside = self.mirror.rebuild().ok()?;
        // What waits is shown over the records once they are here again, if not now.
        let _ = self.keep.outbox().and_then(|outbox| self.mirror.show_pending(&outbox, now));
        Some(match aside {
            Some(aside) => format!(
                "the cache of records was damaged and stands aside as {}; it is fetched again, and nothing \
                 you wrote was in it",
                aside.display()
            ),
            None => "the cache of records was damaged; it is fetched again".to_owned(),
        })
    }
}

type Task = Box<dyn FnOnce(&mut Store) + Send>;

/// Where work on the databases is handed in. Clones share the thread.
///
/// Reads that a screen waits for go before everything else, so no task may take long: a page of records
/// is one task. What takes long is handed in as a look, which gives way. A desk that nobody can hand in anything any
/// more is closed.
#[derive(Clone)]
pub struct Desk {
    queue: Arc<Entrance>,
}

/// The last one closes the door.
struct Entrance(Arc<Queue>);

impl Drop for Entrance {
    fn drop(&mut self) {
        self.0.close();
    }
}

#[derive(Default)]
struct Queue {
    lanes: Mutex<Lanes>,
    ready: Condvar,
}

#[derive(Default)]
struct Lanes {
    reads: VecDeque<Task>,
    looks: VecDeque<Task>,
    writes: VecDeque<Task>,
    closed: bool,
}

impl Lanes {
    fn first(&mut self) -> Option<Task> {
        let Self { reads, looks, writes, .. } = self;
        reads.pop_front().or_else(|| looks.pop_front()).or_else(|| writes.pop_front())
    }

    fn is_empty(&self) -> bool {
        self.reads.is_empty() && self.looks.is_empty() && self.writes.is_empty()
    }
}

enum Next {
    Task(Task),
    /// Nothing came for a while.
    Pause,
    End,
}

/// How long nothing is handed in before what was written is committed.
const PAUSE: Duration = Duration::from_millis(20);

/// The thread behind a [`Desk`]; joined to be sure that everything is on disk.
pub type Clerk = JoinHandle<()>;

impl Desk {
    /// Starts the thread, which opens the databases first. `opened` hears how that went, on the thread.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn start(
        open: impl FnOnce() -> Result<Store, StoreError> + Send + 'static,
        opened: impl FnOnce(Result<&mut Store, StoreError>) + Send + 'static,
    ) -> io::Result<(Self, Clerk)> {
        let queue = Arc::<Queue>::default();
        let desk = Self { queue: Arc::new(Entrance(Arc::clone(&queue))) };
        let clerk = thread::Builder::new().name("store".to_owned()).spawn(move || {
            let mut store = match open() {
                Ok(store) => store,
                Err(error) => {
                    queue.lock().closed = true;
                    return opened(Err(error));
                }
            };
            opened(Ok(&mut store));
            loop {
                let pause = store.mirror.is_uncommitted().then_some(PAUSE);
                match queue.next(pause) {
                    Next::Task(task) => task(&mut store),
                    Next::Pause => store.mirror.commit(),
                    Next::End => return,
                }
            }
        })?;
        Ok((desk, clerk))
    }

    /// Does something that a screen waits for; handed in at once, whether or not the future is polled. Never
    /// resolves once the desk is closed.
    pub fn read<T, W>(&self, work: W) -> impl Future<Output = T> + Send + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce(&mut Store) -> T + Send + 'static,
    {
        self.hand_in(work, |lanes| &mut lanes.reads)
    }

    /// Does something that may wait for reads. Writes keep their order. Never resolves once the desk is
    /// closed.
    pub fn write<T, W>(&self, work: W) -> impl Future<Output = T> + Send + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce(&mut Store) -> T + Send + 'static,
    {
        self.hand_in(work, |lanes| &mut lanes.writes)
    }

    /// Takes nothing more; what was handed in is still done.
    pub fn close(&self) {
        self.queue.0.close();
    }

    fn hand_in<T, W>(
        &self,
        work: W,
        lane: fn(&mut Lanes) -> &mut VecDeque<Task>,
    ) -> impl Future<Output = T> + Send + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce(&mut Store) -> T + Send + 'static,
    {
        let (done, result) = oneshot::channel();
        let task: Task = Box::new(move |store| {
            // Whoever asked may be gone; the work is done all the same.
            let _ = done.send(work(store));
        });
        let queue = &self.queue.0;
        let mut lanes = queue.lock();
        if !lanes.closed {
            lane(&mut lanes).push_back(task);
            queue.ready.notify_one();
        }
        drop(lanes);
        async move {
            match result.await {
                Ok(value) => value,
                Err(_) => std::future::pending().await,
            }
        }
    }
}

impl Queue {
    fn close(&self) {
        self.lock().closed = true;
        self.ready.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next task, reads first; the end when closed and empty. With a `pause`, waits no longer than that.
    fn next(&self, pause: Option<Duration>) -> Next {
        let mut lanes = self.lock();
        loop {
            if let Some(task) = lanes.first() {
                return Next::Task(task);
            }
            if lanes.closed {
                return Next::End;
            }
            lanes = match pause {
                None => self.ready.wait(lanes).unwrap_or_else(PoisonError::into_inner),
                Some(pause) => {
                    let (lanes, waited) =
                        self.ready.wait_timeout(lanes, pause).unwrap_or_else(PoisonError::into_inner);
                    if waited.timed_out() && lanes.is_empty() {
                        return Next::Pause;
                    }
                    lanes
                }
            };
        }
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn desk() -> (Desk, Clerk) {
        let open = || Store::open(&Place::Memory, &Place::Memory);
        Desk::start(open, |store| assert!(store.is_ok())).expect("a thread")
    }

    #[tokio::test]
    async fn a_read_goes_before_the_writes_that_wait() {
        let (desk, clerk) = desk();
        let (hold, held) = mpsc::channel::<()>();
        let (tell, told) = mpsc::channel();
        let note = |word: &'static str| {
            let tell = tell.clone();
            move |_: &mut Store| tell.send(word).expect("the test listens")
        };
        let first = desk.write(move |_| held.recv().expect("the test lets go"));
        let (second, third, read) =
            (desk.write(note("write 1")), desk.write(note("write 2")), desk.read(note("read")));
        let work = async { tokio::join!(first, second, third, read) };
        tokio::pin!(work);
        assert!(futures_util::poll!(&mut work).is_pending());
        hold.send(()).expect("the desk waits");
        work.await;
        desk.close();
        clerk.join().expect("the thread ends");
        assert_eq!(told.try_iter().collect::<Vec<_>>(), ["read", "write 1", "write 2"]);
    }

    #[tokio::test]
    async fn closing_finishes_what_was_handed_in() {
        let (desk, clerk) = desk();
        let (tell, told) = mpsc::channel();
        for word in 0..3 {
            let tell = tell.clone();
            let work = desk.write(move |_| tell.send(word).expect("the test listens"));
            tokio::pin!(work);
            let _ = futures_util::poll!(&mut work);
        }
        desk.close();
        clerk.join().expect("the thread ends");
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn a_desk_that_nobody_has_any_more_ends() {
        let (desk, clerk) = desk();
        drop((desk.clone(), desk));
        clerk.join().expect("the thread ends");
    }
}
