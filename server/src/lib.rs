//! The program viva.
