//! The program as the system treats it: signals, a disk that fills, a database that dies, few descriptors.

// By this path the folders of the store's own tests name themselves.
#[cfg(test)]
use viva_server::random;

#[cfg(test)]
mod process {
    mod connections;
    mod disk;
    #[path = "../../src/store/tests/folder.rs"]
    mod folder;
    #[path = "../../src/store/tests/postgres.rs"]
    mod postgres;
    mod program;
    mod readiness;
    mod signals;
    mod tls;
}
