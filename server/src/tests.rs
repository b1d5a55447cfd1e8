//! The server over real sockets.

mod api;
mod authority;
mod client;
mod deliveries;
mod demo;
mod description;
pub mod faces;
mod import;
mod interview;
mod interview_stage;
mod limits;
mod pages;
mod personal;
mod photos;
mod seats;
mod second_camera;
mod shelter;
mod standing;
mod trial;
mod views;
mod whip;
