//! The event loop: terminal, input, effects, signals. Owns the clock.
