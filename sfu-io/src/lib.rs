//! Drives the unit over UDP and TCP, one shard a core.
