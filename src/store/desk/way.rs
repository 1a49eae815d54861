//! Long looks at the databases, which give way to everything short.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::{Desk, Queue, Store};

/// How often a look gives way before it is done without: someone who never stops asking must not starve it.
const PATIENCE: u32 = 20;

/// Tells a long look whether it may go on.
#[derive(Clone)]
pub struct Way {
    queue: Arc<Queue>,
    given_up: Arc<AtomicBool>,
    insists: bool,
}

impl Way {
    /// Whether nobody waits for something short, and someone still waits for this.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        !self.given_up.load(Ordering::Relaxed) && (self.insists || self.queue.lock().reads.is_empty())
    }
}

/// Says that nobody waits any more.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Desk {
    /// Looks at something for long: `work` gives up with none whenever its way is not clear, and is done again after
    /// what was waited for. Dropping the future ends it. Never resolves once the desk is closed.
    pub async fn look<T, W>(&self, work: W) -> T
    where
        T: Send + 'static,
        W: Fn(&mut Store, Way) -> Option<T> + Send + Sync + 'static,
    {
        let work = Arc::new(work);
        let given_up = Arc::<AtomicBool>::default();
        let _waiting = Waiting(Arc::clone(&given_up));
        let mut tries = 0;
        loop {
            let (queue, given_up) = (Arc::clone(&self.queue.0), Arc::clone(&given_up));
            let way = Way { queue, given_up, insists: tries >= PATIENCE };
            let own = Arc::clone(&work);
            let once = move |store: &mut Store| {
                let wanted = !way.given_up.load(Ordering::Relaxed);
                if wanted { own(store, way) } else { None }
            };
            if let Some(done) = self.hand_in(once, |lanes| &mut lanes.looks).await {
                return done;
            }
            tries += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread};

    use super::*;
    use crate::store::Place;

    fn desk() -> Desk {
        let open = || Store::open(&Place::Memory, &Place::Memory);
        Desk::start(open, |store| assert!(store.is_ok())).expect("a thread").0
    }

    /// Looks for as long as the way is clear; says when each look begins.
    fn look_on(tell: mpsc::Sender<()>) -> impl Fn(&mut Store, Way) -> Option<u32> + Send + Sync + 'static {
        let looks = std::sync::atomic::AtomicU32::new(0);
        move |_, way| {
            let before = looks.fetch_add(1, Ordering::Relaxed);
            if before == 0 {
                tell.send(()).expect("the test listens");
                while way.is_clear() {
                    thread::yield_now();
                }
                return None;
            }
            Some(before + 1)
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_long_look_gives_way_to_a_read_and_is_done_after_it() {
        let desk = desk();
        let (tell, told) = mpsc::channel();
        let long = tokio::spawn({
            let desk = desk.clone();
            async move { desk.look(look_on(tell)).await }
        });
        told.recv().expect("it begins");
        assert_eq!(desk.read(|_| 7).await, 7, "which would never come if the look went on");
        assert_eq!(long.await.expect("an answer"), 2);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_look_that_nobody_waits_for_ends() {
        let desk = desk();
        let (tell, told) = mpsc::channel();
        let long = tokio::spawn({
            let desk = desk.clone();
            async move { desk.look(look_on(tell)).await }
        });
        told.recv().expect("it begins");
        long.abort();
        desk.write(|_| ()).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn who_is_always_put_off_is_done_in_the_end() {
        let desk = desk();
        let busy = desk.clone();
        // A read waits whenever the look begins.
        let done = desk.look(move |_, way| {
            drop(busy.read(|_| ()));
            way.is_clear().then_some("done")
        });
        assert_eq!(done.await, "done");
    }
}
