//! The executable `shoal`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::boot::main(std::env::args_os().skip(1))
}
