//! The server over real sockets.

mod account_import;
mod api;
mod authority;
pub mod child;
pub mod client;
mod deliveries;
mod demo;
mod description;
mod downloads;
mod draws;
mod exports;
pub mod faces;
mod import;
mod interview;
mod interview_stage;
mod limits;
mod office;
pub mod pages;
mod papers;
mod personal;
mod photos;
mod reach;
mod rehearsals;
mod rooms;
mod schedule;
mod seats;
mod second_camera;
mod shelter;
mod sms;
mod staff_check;
mod standing;
mod trial;
mod views;
mod whip;

use viva_interview::{Setup, Stage, StageKind, Time};

/// The least interview that there can be, long over.
pub fn closed_setup() -> Setup {
    Setup {
        name: "复试".to_owned(),
        opens_at: Time(0),
        closes_at: Time(1),
        stages: vec![Stage { name: "候考".to_owned(), kind: StageKind::Waiting, minutes: None }],
        criteria: Vec::new(),
        second_camera: Default::default(),
        identity: Default::default(),
        pledge: None,
        picture_codec: Default::default(),
        lets_go: Default::default(),
        time_zone: viva_interview::USUAL_TIME_ZONE.to_owned(),
        shows_mean: Default::default(),
        questions: Vec::new(),
    }
}
