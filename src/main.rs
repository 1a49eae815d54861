//! The `bigin` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    bigin::cli::main()
}
