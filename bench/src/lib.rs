//! How fast a server forwards, beside the floor of the same machine in the same run; and a relay that makes a line bad.

mod client;
pub mod command;
mod cpu;
mod figures;
mod floor;
mod line;
mod link;
mod load;
mod machine;
mod measure;
mod peer;
mod record;
pub mod relay;
mod report;
mod scenario;
mod scene;
mod sdp;
mod tally;
mod trace;
