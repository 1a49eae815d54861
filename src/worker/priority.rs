//! Who goes first when there is more to do than processors.

/// Lets the thread that draws, which never calls this, go before the thread that does: a key is answered at
/// once however much comes in behind. Where threads have no priority of their own, nothing happens.
pub fn behind_the_screen() {
    #[cfg(target_os = "linux")]
    {
        /// Steps of niceness.
        const BEHIND: i32 = 10;
        // Without it everything works, only less smoothly.
        let _ = rustix::process::setpriority_process(None, BEHIND);
    }
}
