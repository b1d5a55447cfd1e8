//! The simulation: whole rooms on virtual time, each test one scenario over several seeds.

mod sim {
    mod media;
}
