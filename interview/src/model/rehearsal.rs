//! A rehearsal is led as the interview would be, and its report says what its records say.

use super::{
    CANDIDATES, EXAMINERS, HOST, PATROL, World, setup,
    wish::{Begin, wish},
};
use crate::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

impl World {
    /// The rehearsal of an interview that opens at the end of all time, with the same people in the same seats.
    fn rehearsal() -> Self {
        let mut real = Self::new(ShowsMean::default());
        let opens_at = Time(limit::LATEST.0 - 1);
        real.seed(AdministratorAction::Change(Setup { opens_at, ..setup(ShowsMean::default()) }));
        let mut seats = [HOST, EXAMINERS[0], EXAMINERS[1], PATROL].into_iter();
        let mut seat = || seats.next().unwrap();
        let opened = ("open".parse().unwrap(), Actor::System);
        // The same id: what is drawn hangs on it, and the reference knows it.
        let records = real.interview.rehearse(InterviewId(1), &mut seat, opened, real.now).unwrap();
        let interview = Interview::fold(records.clone()).unwrap();
        real.reference.rehearsal = true;
        Self { interview, records, ..real }
    }

    /// Told by the records alone.
    fn check_report(&self) {
        let (mut came, mut on, mut tried_on) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for Record { at, event, .. } in &self.records {
            match event {
                Event::Entered { seat, .. } => {
                    came.entry(*seat).or_insert(*at);
                    on.remove(seat);
                }
                Event::Rehearsal(RehearsalEvent::DeviceTold { seat, kind }) => drop(on.insert(*seat, *kind)),
                Event::Checked { seat, check, .. } => {
                    tried_on.insert((*seat, *check), on.get(seat).copied());
                }
                _ => {}
            }
        }
        let report = self.interview.rehearsed();
        assert_eq!(report.len(), CANDIDATES.len());
        for told in &report {
            let seat = told.seat;
            assert_eq!(told.entered_at, came.get(&seat).copied());
            assert_eq!(told.device, self.reference.device(seat));
            assert_eq!(told.step, self.reference.step(seat));
            let RehearsedChecks { speaker, microphone, camera } = told.checks;
            for (check, tried) in Check::ALL.into_iter().zip([speaker, microphone, camera]) {
                assert!(tried.is_none_or(|tried| tried_on[&(seat, check)] == tried.device), "{check:?}");
            }
        }
        let text = serde_json::to_string(&report).unwrap();
        assert!(!text.contains("candidate-") && !text.contains("sheet-of-"), "no names, no scores: {text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rehearsal_keeps_all_promises_of_an_interview(
        begin in prop::sample::select(&Begin::ALL[..]),
        wishes in prop::collection::vec(wish(), 1..120),
    ) {
        let mut world = World::rehearsal();
        begin.wishes().iter().for_each(|wish| world.fulfil(wish));
        for wish in &wishes {
            world.fulfil(wish);
            world.check();
            world.check_report();
        }
        world.check_records();
        world.check_results();
        world.check_erasure();
    }
}
