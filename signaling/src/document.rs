//! Keeps docs/protocol.md in step with the messages and errors.
