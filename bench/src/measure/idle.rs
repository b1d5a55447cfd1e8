//! Memory: how much a server grows by a quiet room, a participant, a slot, a publication.

use super::Run;
use crate::{
    cpu,
    figures::MemoryFigures,
    load::Load,
    scenario::{Scenario, Seats, Source},
    scene::Scene,
};
use std::time::Duration;

/// Participants of the rooms that tell what a participant costs.
const MANY: usize = 5;
/// Slots of those that tell what a slot costs.
const SLOTS: usize = 8;

impl Run<'_> {
    /// Measures what `rooms` quiet rooms add, and what more is in some of them.
    pub(super) async fn idle(&self, rooms: usize) -> Result<MemoryFigures, String> {
        let empty = self.memory().await?;
        self.stage.with_load(|load: &mut Load| load.play(false));
        // Each step is measured as what it adds to the one before: memory that was freed is used again, not given back.
        let seats = |count: usize, slots: usize, sends: Vec<Source>| Seats {
            role: "participant".to_owned(),
            count,
            sends,
            sees: Vec::new(),
            voices: slots,
            whep: false,
            unread: false,
            silent: false,
        };
        let small = (rooms / 10).max(1);
        let steps = [
            ("room", rooms, seats(1, 1, Vec::new())),
            ("people", small, seats(MANY, 1, Vec::new())),
            ("slots", small, seats(MANY, 1 + SLOTS, Vec::new())),
            ("cameras", small, seats(MANY, 1, vec![Source::Camera])),
        ];
        let (mut sizes, mut scenes) = (Vec::new(), Vec::new());
        let mut before = empty;
        for (name, count, seats) in steps {
            self.watch.now(&format!("{}: {count} quiet rooms of {name}", self.scenario.name));
            let scenario =
                Scenario { name: format!("idle-{name}"), seats: vec![seats], ..self.scenario.clone() };
            let mut scene = Scene::new(self.peer, self.stage, &scenario);
            scene.add_rooms(count).await?;
            let now = self.memory().await?;
            sizes.push(now.saturating_sub(before) as f64 / count as f64);
            before = now;
            scenes.push(scene);
        }
        for scene in &mut scenes {
            scene.clear(false).await;
        }
        self.stage.with_load(|load| load.play(true));
        let &[single, people, slots, cameras] = sizes.as_slice() else {
            return Err("not all steps were measured".to_owned());
        };
        let participant = (people - single) / (MANY - 1) as f64;
        Ok(MemoryFigures {
            empty,
            room: (single - participant).max(0.0),
            participant,
            slot: (slots - people) / (MANY * SLOTS) as f64,
            publication: (cameras - people) / MANY as f64,
            rooms,
        })
    }

    /// The process's own memory after it has come to rest, in bytes.
    async fn memory(&self) -> Result<u64, String> {
        tokio::time::sleep(Duration::from_secs(3)).await;
        Ok(cpu::memory(self.peer.process().id())?.anonymous)
    }
}
