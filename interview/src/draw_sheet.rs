//! A draw as it is shown and exported, and the check that anybody can make of it.

use crate::{
    DrawKind, Seed, Time,
    draw::{DRAW_FORMAT, DrawList, hex},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;
use utoipa::ToSchema;

/// A draw, without the lists: what everybody of the staff sees at any moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DrawView {
    /// Its number in the interview, from 1.
    pub number: u32,
    /// What is drawn.
    pub kind: DrawKind,
    /// How far it is.
    pub state: DrawState,
    /// The hash that holds the seed, in hexadecimal digits; shown before the draw.
    pub commitment: String,
    /// The hash of what is drawn from, in hexadecimal digits.
    pub list: String,
    /// For how many something is drawn.
    pub people: u32,
    /// Out of how many lots.
    pub of: u32,
    /// When the hash was shown.
    pub committed_at: Time,
    /// Who began it, by name or account.
    pub by: String,
    /// Why it was drawn again.
    #[schema(required)]
    pub reason: Option<String>,
    /// When it was drawn or given up.
    #[schema(required)]
    pub ended_at: Option<Time>,
    /// What witnesses said before the draw; it decides together with the seed.
    #[schema(required)]
    pub words: Option<String>,
    /// The seed, once the draw is over.
    #[schema(required)]
    pub seed: Option<Seed>,
    /// Somebody on the list was erased since: the hash of the list cannot be found again from it.
    pub erased: bool,
}

/// How far a draw is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DrawState {
    /// The hash is shown, and nobody knows the seed.
    Committed,
    /// It is drawn.
    Drawn,
    /// Another one was begun in its place.
    GivenUp,
}

/// A draw with its lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DrawSheet {
    /// All but the lists.
    #[serde(flatten)]
    pub draw: DrawView,
    /// For whom something is drawn: numbers of exam cards, or texts as they were given; in the order of their bytes.
    pub entries: Vec<String>,
    /// What is drawn: places, sets of questions, rooms.
    pub lots: Vec<String>,
    /// The lot of each entry, once it is drawn.
    #[schema(required)]
    pub outcome: Option<Vec<String>>,
}

/// All draws of an interview, as they are exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DrawFile {
    /// How it is drawn: `viva draw 1`.
    pub format: String,
    /// The id of the interview.
    pub interview: String,
    /// Its name.
    pub name: String,
    /// The draws, the oldest first.
    pub draws: Vec<DrawSheet>,
}

/// What the check of a draw found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrawVerdict {
    /// List, commitment and outcome are what the seed makes of them.
    Holds,
    /// Not drawn yet: the list is as its hash says, and of the seed nothing is known.
    NotDrawn,
    /// It was given up, and its seed fits its commitment.
    GivenUp,
    /// It was given up, and its seed could not be shown any more.
    GivenUpUnseen,
    /// Somebody on the list was erased since: seed, commitment and outcome hold, the list cannot be checked.
    HoldsWithoutList,
    /// The list is none, or not the one of the hash.
    ListDiffers,
    /// The seed is not the one of the commitment.
    SeedDiffers,
    /// The outcome is not the one of the seed.
    OutcomeDiffers,
}

impl DrawVerdict {
    /// Does all hold that can be checked?
    pub const fn is_good(self) -> bool {
        !matches!(self, Self::ListDiffers | Self::SeedDiffers | Self::OutcomeDiffers)
    }
}

impl DrawFile {
    /// Is it drawn in the way that this program knows?
    pub fn is_known(&self) -> bool {
        self.format == DRAW_FORMAT
    }

    /// Checks one draw of this file.
    pub fn verdict(&self, sheet: &DrawSheet) -> DrawVerdict {
        let DrawSheet { draw, entries, lots, outcome } = sheet;
        let (interview, number, kind) = (self.interview.as_str(), draw.number, draw.kind);
        let list = DrawList { interview, number, kind, entries, lots };
        let digest = list.digest();
        let ordered = entries.windows(2).all(|pair| pair[0] < pair[1]);
        let different = lots.iter().collect::<BTreeSet<_>>().len() == lots.len();
        let whole = ordered && different && hex(&digest) == draw.list;
        if !whole && !draw.erased {
            return DrawVerdict::ListDiffers;
        }
        // Of an erased list the hash is believed: whoever noted it before sees whether it is the same.
        let Some(digest) = digest_of(&draw.list) else { return DrawVerdict::ListDiffers };
        let Some(seed) = draw.seed else {
            return match draw.state {
                DrawState::Committed => DrawVerdict::NotDrawn,
                DrawState::GivenUp => DrawVerdict::GivenUpUnseen,
                DrawState::Drawn => DrawVerdict::SeedDiffers,
            };
        };
        if hex(&crate::draw::commitment(&digest, &seed)) != draw.commitment {
            return DrawVerdict::SeedDiffers;
        }
        if draw.state == DrawState::GivenUp {
            return DrawVerdict::GivenUp;
        }
        let words = draw.words.as_deref().unwrap_or_default();
        let drawn = crate::draw::outcome(&digest, &seed, words, (entries.len(), lots.len()));
        let drawn: Option<Vec<&String>> = drawn.into_iter().map(|lot| lots.get(lot as usize)).collect();
        let same = drawn.is_some_and(|drawn| outcome.iter().flatten().eq(drawn)) && outcome.is_some();
        match (same, whole) {
            (false, _) => DrawVerdict::OutcomeDiffers,
            (true, true) => DrawVerdict::Holds,
            (true, false) => DrawVerdict::HoldsWithoutList,
        }
    }
}

/// The bytes of a hash that is written in hexadecimal digits.
fn digest_of(text: &str) -> Option<[u8; 32]> {
    text.parse().ok().map(|Seed(bytes)| bytes)
}
