//! The worker against a running sandbox over real HTTP.

mod bulk;
mod console;
mod convergence;
mod damage;
mod day;
mod fill;
mod journal;
mod kill;
mod laws;
mod marked;
mod moves;
mod news;
mod notes;
mod office;
mod offline;
mod outbox;
mod paging;
mod queries;
mod results;
mod undo;
mod week;
mod windows;
