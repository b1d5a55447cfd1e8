//! The program `viva`.

use std::process::ExitCode;

fn main() -> ExitCode {
    viva_server::cli::run()
}
