//! The lines and rooms that the scoreboard knows.

use crate::sim::line::{Conditions, Traffic};

/// Seeds of each scenario.
pub const SEEDS: [u64; 4] = [1, 2, 3, 4];

const SECOND: u64 = 1_000_000;
const KBIT: u64 = 1_000;
const MBIT: u64 = 1_000_000;
/// How long packets wait at most in a deep queue, as routers of homes and mobile networks have it, and in a shallow one.
const DEEP: u64 = 300_000;
const SHALLOW: u64 = 60_000;
/// Opus as Chromium sends it, and as a page may ask for it where little passes.
const VOICE: u64 = 40_000;
const SMALL_VOICE: u64 = 16_000;

/// One row of the table.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name in the table.
    pub name: &'static str,
    /// Who is there, and who looks at whom.
    pub setting: Setting,
    /// The line to whoever is measured.
    pub line: Conditions,
    /// Feedback that is lost, of ten thousand.
    pub feedback_loss: u32,
    /// What publishers send and is lost before the unit, of ten thousand.
    pub sending_loss: u32,
    /// What the receiver tells of its line.
    pub tells: Tells,
    /// Its packets go over TCP.
    pub tcp: bool,
    /// Cameras send their sizes in one stream.
    pub layered: bool,
    /// Bits a second of a voice.
    pub voice: u64,
    /// How long it runs.
    pub seconds: u64,
    /// Times at which everything should have settled, in seconds: from, until.
    pub settled: Vec<(u64, u64)>,
    /// Seconds at which the line gets worse at once.
    pub falls: Vec<u64>,
    /// Seconds at which more becomes possible at once: the line gets better, somebody joins or wants more.
    pub rises: Vec<u64>,
}

/// What a receiver tells of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// When each packet came, by transport-wide number.
    EachPacket,
    /// When each packet came, by stream (RFC 8888).
    ByStream,
    /// Receiver reports, and how much it can receive by its own estimate (REMB).
    Estimate,
    /// Only receiver reports.
    Reports,
}

/// Who is there, and who looks at whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// So many see three others in 360p tiles, all behind one line.
    Tiles(usize),
    /// One sees and hears one other.
    Two,
    /// Seven see six others in 360p tiles; one of them is behind the line.
    Seven,
    /// One sees 36 cameras in 180p tiles.
    Wall,
    /// One hears three others, and after a minute looks at one of them in a 720p tile.
    Pin,
}

/// All scenarios, in the order of the table.
pub fn all() -> Vec<Scenario> {
    let mut all = steady();
    all.extend(changing());
    all.extend(disturbed());
    all.extend(rooms());
    all
}

/// The scenario of this name.
pub fn named(name: &str) -> Option<Scenario> {
    all().into_iter().find(|scenario| scenario.name == name)
}

fn steady() -> Vec<Scenario> {
    let rows = [
        ("steady-0.3-deep", 300 * KBIT, DEEP),
        ("steady-0.3-shallow", 300 * KBIT, SHALLOW),
        ("steady-1-deep", MBIT, DEEP),
        ("steady-1-shallow", MBIT, SHALLOW),
        ("steady-3-deep", 3 * MBIT, DEEP),
        ("steady-3-shallow", 3 * MBIT, SHALLOW),
        ("steady-10-deep", 10 * MBIT, DEEP),
        ("steady-10-shallow", 10 * MBIT, SHALLOW),
    ];
    let rows = rows.map(|(name, rate, queue)| tiles(name, vec![(0, rate)], queue));
    let layered = Scenario { layered: true, ..tiles("layered-1-deep", vec![(0, MBIT)], DEEP) };
    rows.into_iter().chain([layered]).collect()
}

fn changing() -> Vec<Scenario> {
    let steps = |name, queue| Scenario {
        seconds: 65,
        settled: vec![(10, 15), (25, 30), (40, 45), (55, 65)],
        falls: vec![15, 30],
        rises: vec![45],
        ..tiles(
            name,
            vec![(0, 5 * MBIT), (15 * SECOND, MBIT), (30 * SECOND, 300 * KBIT), (45 * SECOND, 3 * MBIT)],
            queue,
        )
    };
    let slide = (0..=60).map(|half| {
        let down = 2_300 * KBIT * u64::min(half, 60) / 60;
        (10 * SECOND + half * SECOND / 2, 3 * MBIT - down)
    });
    let slide = Scenario {
        seconds: 60,
        settled: vec![(10, 60)],
        ..tiles("slide-3-to-0.7", [(0, 3 * MBIT)].into_iter().chain(slide).collect(), DEEP)
    };
    let waves = (0..12).map(|wave| (wave * 5 * SECOND, if wave % 2 == 0 { 2 * MBIT } else { 800 * KBIT }));
    let waves = Scenario {
        seconds: 60,
        settled: vec![(10, 60)],
        ..tiles("oscillating-2-0.8", waves.collect(), DEEP)
    };
    let over_tcp = Scenario { tcp: true, ..steps("steps-5-1-0.3-3-tcp", DEEP) };
    let [deep, shallow] = [steps("steps-5-1-0.3-3-deep", DEEP), steps("steps-5-1-0.3-3-shallow", SHALLOW)];
    let layered = Scenario { layered: true, ..steps("layered-5-1-0.3-3-deep", DEEP) };
    vec![deep, shallow, over_tcp, slide, waves, layered]
}

fn disturbed() -> Vec<Scenario> {
    let loss = tiles("loss-5-percent", vec![(0, 5 * MBIT)], DEEP).with(|line| line.loss = 500);
    let much = tiles("loss-20-percent", vec![(0, 5 * MBIT)], DEEP).with(|line| line.loss = 2_000);
    // 2 % of all packets, eight at once.
    let bursts = tiles("loss-in-bursts", vec![(0, 3 * MBIT)], DEEP).with(|line| line.bursts = (25, 8));
    let far = tiles("far-200-ms-jitter", vec![(0, 3 * MBIT)], DEEP)
        .with(|line| (line.delay, line.jitter) = (100_000, 30_000));
    let reordering = tiles("reordering", vec![(0, 3 * MBIT)], DEEP)
        .with(|line| (line.jitter, line.reorders) = (20_000, true));
    let download = Traffic::Download { from: 15 * SECOND, until: 35 * SECOND, trip: 50_000 };
    let download = Scenario {
        seconds: 50,
        settled: vec![(10, 15), (20, 35), (43, 50)],
        ..tiles("download", vec![(0, 2 * MBIT)], DEEP)
    }
    .with(|line| line.traffic = vec![download]);
    let streams = (1..5).map(|stream| Traffic::Stream {
        from: stream * 10 * SECOND,
        until: (stream * 10 + 5) * SECOND,
        rate: MBIT,
    });
    let streams = Scenario {
        seconds: 50,
        settled: vec![(10, 50)],
        ..tiles("streams-come-and-go", vec![(0, 2 * MBIT)], DEEP)
    }
    .with(|line| line.traffic = streams.collect());
    let feedback =
        Scenario { feedback_loss: 3_000, ..tiles("feedback-lost-30-percent", vec![(0, MBIT)], DEEP) };
    let sending =
        Scenario { sending_loss: 500, ..tiles("publishers-lose-5-percent", vec![(0, 2 * MBIT)], DEEP) };
    let told = |name, tells| Scenario { tells, ..tiles(name, vec![(0, MBIT)], DEEP) };
    let by_stream = told("told-by-stream", Tells::ByStream);
    let estimate = told("remb", Tells::Estimate);
    let reports = told("only-reports", Tells::Reports);
    vec![
        loss, much, bursts, far, reordering, download, streams, feedback, by_stream, estimate, reports,
        sending,
    ]
}

fn rooms() -> Vec<Scenario> {
    let two = Scenario { setting: Setting::Tiles(2), ..tiles("two-on-one-line", vec![(0, 2 * MBIT)], DEEP) };
    let pin = Scenario {
        setting: Setting::Pin,
        seconds: 80,
        settled: vec![(70, 80)],
        rises: vec![60],
        ..tiles("idle-then-pin-720", vec![(0, 5 * MBIT)], DEEP)
    };
    let seven = Scenario { setting: Setting::Seven, ..tiles("seven-people", vec![(0, 2 * MBIT)], DEEP) };
    let wall = Scenario {
        setting: Setting::Wall,
        rises: Vec::new(),
        ..tiles("wall-of-36", vec![(0, 4 * MBIT)], DEEP)
    };
    // No picture fits beside the voice.
    let voice =
        |name, rate, voice| Scenario { voice, rises: Vec::new(), ..tiles(name, vec![(0, rate)], DEEP) };
    // Of others who are silent there would be five packets a second: a tenth of this line.
    let small = Scenario { setting: Setting::Two, ..voice("voice-on-0.05", 50 * KBIT, SMALL_VOICE) };
    let voice = voice("voice-on-0.1", 100 * KBIT, VOICE);
    vec![two, pin, seven, wall, voice, small]
}

/// One who looks at three others for half a minute over a line with a round trip of 50 ms.
fn tiles(name: &'static str, rates: Vec<(u64, u64)>, queue: u64) -> Scenario {
    let line = Conditions {
        rates,
        queue,
        delay: 25_000,
        jitter: 1_000,
        reorders: false,
        loss: 0,
        bursts: (0, 0),
        traffic: Vec::new(),
    };
    Scenario {
        name,
        setting: Setting::Tiles(1),
        line,
        feedback_loss: 0,
        sending_loss: 0,
        tells: Tells::EachPacket,
        tcp: false,
        layered: false,
        voice: VOICE,
        seconds: 30,
        settled: vec![(10, 30)],
        falls: Vec::new(),
        rises: vec![0],
    }
}

impl Scenario {
    fn with(mut self, change: impl FnOnce(&mut Conditions)) -> Self {
        change(&mut self.line);
        self
    }

    /// Should everything have settled at this moment, in microseconds?
    pub fn is_settled(&self, at: u64) -> bool {
        self.settled.iter().any(|(from, until)| (from * SECOND..until * SECOND).contains(&at))
    }

    /// Bits a second that are left for us at a moment, in microseconds: a stream keeps its rate, a download half the line.
    pub fn ours(&self, at: u64) -> u64 {
        let rates = &self.line.rates;
        let rate = rates[rates.partition_point(|(from, _)| *from <= at).saturating_sub(1)].1;
        let others = self.line.traffic.iter().map(|traffic| match *traffic {
            Traffic::Download { from, until, .. } if (from..until).contains(&at) => rate / 2,
            Traffic::Stream { from, until, rate } if (from..until).contains(&at) => rate,
            Traffic::Download { .. } | Traffic::Stream { .. } => 0,
        });
        rate.saturating_sub(others.sum())
    }
}
