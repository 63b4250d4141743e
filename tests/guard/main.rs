//! The guard, with a real git in real repositories.

#![cfg(feature = "guard")]

mod encoders;
mod encodings;
mod example;
mod files;
mod history;
mod ignored;
mod labelled;
mod outputs;
mod own;
mod repositories;
mod repository;
mod rules;
mod secrets;
mod windows;
