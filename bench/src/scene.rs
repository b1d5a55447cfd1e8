//! The rooms of a scenario: fills them with people and lets everybody see what the scenario says.

use crate::{
    peer::{Peer, Picture, SeatPlan, Seated, Stage},
    scenario::{Scenario, Seats, Sight, Source},
};
use futures_util::{StreamExt as _, stream};
use std::time::{Duration, Instant};

/// People who enter at the same time; more would only wait for each other.
const AT_ONCE: usize = 16;
/// Rooms that come at the same time, at least.
const FEW: usize = 8;
/// How long until a publisher is told which layers somebody receives: the server waits three seconds.
const CALM: Duration = Duration::from_millis(3500);
/// How long everybody may take to connect after the last has entered.
const PATIENCE: Duration = Duration::from_secs(30);

/// All rooms of a run.
pub struct Scene<'a> {
    pub peer: &'a dyn Peer,
    /// What all clients share.
    pub stage: &'a Stage,
    /// The rooms that stand.
    pub rooms: Vec<Room>,
    scenario: Scenario,
}

pub struct Room {
    /// Who is in it.
    pub people: Vec<Person>,
}

/// Somebody in a room.
pub struct Person {
    pub role: String,
    pub seat: Box<dyn Seated>,
    /// What it sees and hears.
    pub receives: usize,
    number: usize,
}

impl<'a> Scene<'a> {
    /// A scene without any room.
    pub fn new(peer: &'a dyn Peer, stage: &'a Stage, scenario: &Scenario) -> Self {
        Self { peer, stage, rooms: Vec::new(), scenario: scenario.clone() }
    }

    /// Adds rooms, fills them, and waits until everybody is connected. A few at a time: who has just come sends all
    /// layers until it is told which ones somebody receives, and a full server would be judged by that.
    ///
    /// # Errors
    /// Where somebody is refused or does not connect.
    pub async fn add_rooms(&mut self, count: usize) -> Result<(), String> {
        let mut left = count;
        while left > 0 {
            let some = left.min((self.rooms.len() / 4).max(FEW));
            self.add_some(some).await?;
            left -= some;
            if left > 0 && self.scenario.seats.iter().any(|seats| !seats.sends.is_empty()) {
                tokio::time::sleep(CALM).await;
            }
        }
        Ok(())
    }

    async fn add_some(&mut self, count: usize) -> Result<(), String> {
        let first = self.rooms.len();
        let (peer, scenario) = (self.peer, &self.scenario);
        let names = (first..first + count).map(|index| format!("{}-{index}", scenario.name));
        let rooms = stream::iter(names.map(|name| fill(peer, scenario, name)));
        let mut rooms = rooms.buffered(4);
        while let Some(room) = rooms.next().await {
            self.rooms.push(room?);
        }
        drop(rooms);
        self.watch_from(first, 0).await?;
        self.connected().await
    }

    /// Everybody sees what the scenario says; `turn` moves every tile to another size.
    ///
    /// # Errors
    /// Where the server refuses.
    pub async fn watch(&mut self, turn: usize) -> Result<(), String> {
        self.watch_from(0, turn).await
    }

    async fn watch_from(&mut self, first: usize, turn: usize) -> Result<(), String> {
        for room in self.rooms.iter_mut().skip(first) {
            let all: Vec<Published> = room.people.iter().flat_map(Person::published).collect();
            let voices: Vec<String> = all
                .iter()
                .filter(|published| published.source == Source::Microphone)
                .map(|published| published.name.clone())
                .collect();
            for person in &mut room.people {
                let Some(seats) = self.scenario.seats.iter().find(|seats| seats.role == person.role) else {
                    continue;
                };
                let pictures = pictures(seats, person.number, &all, turn);
                person.receives = pictures.len() + seats.voices.min(voices.len());
                let own = person.published();
                let heard: Vec<String> = voices
                    .iter()
                    .filter(|voice| !own.iter().any(|own| own.name == **voice))
                    .take(seats.voices)
                    .cloned()
                    .collect();
                person.seat.watch(&pictures, &heard).await?;
            }
        }
        Ok(())
    }

    /// Waits until all clients have their keys.
    async fn connected(&self) -> Result<(), String> {
        let begin = Instant::now();
        loop {
            let progress = self.stage.with_load(|load| load.progress());
            let missing = progress.iter().filter(|(_, progress)| progress.connected.is_none()).count();
            let closed = progress.iter().filter(|(_, progress)| progress.closed).count();
            if missing == 0 && closed == 0 {
                return Ok(());
            }
            if closed > 0 || begin.elapsed() > PATIENCE {
                let all = progress.len();
                return Err(format!("of {all} clients {missing} did not connect and {closed} were closed"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clients of all rooms.
    pub fn clients(&self) -> usize {
        self.rooms.iter().flat_map(|room| &room.people).map(|person| person.seat.clients().len()).sum()
    }

    /// Streams that receivers are to get.
    pub fn streams(&self) -> usize {
        self.rooms.iter().flat_map(|room| &room.people).map(|person| person.receives).sum()
    }

    /// How the clients' media is sealed.
    pub fn sealed(&self) -> String {
        let progress = self.stage.with_load(|load| load.progress());
        let mut names: Vec<_> =
            progress.iter().filter_map(|(_, progress)| Some(progress.profile?.name())).collect();
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    }

    /// Is it something to see?
    pub const fn is_picture(source: Source) -> bool {
        matches!(source, Source::Camera | Source::SecondCamera)
    }

    /// Small tiles of these publications.
    pub fn small<'b>(publications: impl Iterator<Item = &'b String>) -> Vec<Picture> {
        publications.map(|publication| Picture { publication: publication.clone(), height: 180 }).collect()
    }

    /// Empties all rooms: everybody leaves, or vanishes without a word.
    pub async fn clear(&mut self, vanish: bool) {
        for room in self.rooms.drain(..) {
            let leaving =
                room.people.into_iter().map(|mut person| async move { person.seat.leave(vanish).await });
            stream::iter(leaving).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
        }
    }
}

/// What somebody publishes, as the others name it.
struct Published {
    role: String,
    number: usize,
    source: Source,
    name: String,
}

impl Person {
    fn published(&self) -> Vec<Published> {
        let own = self.seat.publications().iter();
        own.map(|(source, name)| Published {
            role: self.role.clone(),
            number: self.number,
            source: *source,
            name: name.clone(),
        })
        .collect()
    }
}

/// The plans of all seats of one room, those who send first: who comes later finds what it wants to see.
pub fn plans(scenario: &Scenario, room: &str) -> Vec<(String, SeatPlan)> {
    let mut plans = Vec::new();
    for seats in &scenario.seats {
        for number in 0..seats.count {
            let pictures = seats.sees.iter().map(|sight| shown(scenario, seats, sight)).sum();
            let plan = SeatPlan {
                name: format!("{room}-{}-{number}", seats.role),
                sends: seats.sends.clone(),
                pictures,
                voices: seats.voices,
                whep: seats.whep,
                unread: seats.unread,
                silent: seats.silent,
            };
            plans.push((seats.role.clone(), plan));
        }
    }
    plans.sort_by_key(|(_, plan)| plan.sends.is_empty());
    plans
}

/// How many pictures a sight has at the most.
fn shown(scenario: &Scenario, seats: &Seats, sight: &Sight) -> usize {
    let seen = scenario.seats.iter().find(|other| other.role == sight.role).map_or(0, |other| other.count);
    let others = if seats.role == sight.role { seen.saturating_sub(1) } else { seen };
    others.min(sight.most)
}

async fn fill(peer: &dyn Peer, scenario: &Scenario, name: String) -> Result<Room, String> {
    let name = &name;
    let entering = plans(scenario, name).into_iter().enumerate().map(|(number, (role, plan))| async move {
        let receives = plan.pictures + plan.voices;
        let seat = peer.enter(name, &plan).await.map_err(|error| format!("{}: {error}", plan.name))?;
        Ok::<_, String>(Person { role, seat, receives, number })
    });
    let entered = stream::iter(entering).buffered(AT_ONCE).collect::<Vec<_>>().await;
    Ok(Room { people: entered.into_iter().collect::<Result<_, _>>()? })
}

/// What one person shows: of each sight the next ones after itself, so that everybody is seen equally often.
fn pictures(seats: &Seats, own: usize, all: &[Published], turn: usize) -> Vec<Picture> {
    const SIZES: [u16; 3] = [180, 360, 720];
    let mut pictures = Vec::new();
    for sight in &seats.sees {
        let seen: Vec<&Published> = all
            .iter()
            .filter(|other| other.role == sight.role && other.source == sight.source && other.number != own)
            .collect();
        let first = seen.iter().position(|other| other.number > own).unwrap_or(0);
        let some = seen.iter().cycle().skip(first).take(seen.len().min(sight.most));
        for published in some {
            let place = SIZES.iter().position(|size| *size == sight.height).unwrap_or(2);
            let height = if turn == 0 { sight.height } else { SIZES[(place + turn) % 3] };
            pictures.push(Picture { publication: published.name.clone(), height });
        }
    }
    pictures
}
