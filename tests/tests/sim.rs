//! The simulation: whole rooms on virtual time, each test one scenario over several seeds.

mod sim {
    mod freed;
    mod layers;
    mod limits;
    mod lines;
    mod media;
    mod mixed;
    mod paths;
    mod rules;
    mod seeds;
    mod shares;
    mod sound;
    mod spatial;
}
