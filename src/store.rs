//! One account on disk: the mirror (a cache) and the keep (the user's words).
