//! The other crates that load the same file, each as its own documentation shows it.

use conf::Conf as _;
use confique::Config as _;
use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde::Deserialize;

pub const FILE: &str = "secrets.toml";

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is there to be looked at from outside")]
pub struct Four {
    pub database: String,
    pub user: String,
    pub password: String,
    pub host: String,
}

#[derive(confique::Config)]
#[allow(dead_code, reason = "it is there to be looked at from outside")]
pub struct Confique {
    pub database: String,
    pub user: String,
    pub password: String,
    pub host: String,
}

#[derive(conf::Conf)]
#[allow(dead_code, reason = "it is there to be looked at from outside")]
#[conf(serde)]
pub struct Conf {
    #[arg(env)]
    pub database: String,
    #[arg(env)]
    pub user: String,
    #[arg(env)]
    pub password: String,
    #[arg(env)]
    pub host: String,
}

pub fn figment() -> Four {
    Figment::from(Toml::file(FILE)).extract().unwrap()
}

pub fn config() -> Four {
    let config = config::Config::builder().add_source(config::File::with_name(FILE));
    config.build().unwrap().try_deserialize().unwrap()
}

pub fn confique() -> Confique {
    Confique::builder().file(FILE).load().unwrap()
}

pub fn conf() -> Conf {
    let file = std::fs::read_to_string(FILE).unwrap();
    let document: toml::Value = toml::from_str(&file).unwrap();
    Conf::conf_builder()
        .args(["service"])
        .doc(FILE, document)
        .parse()
}

pub fn toml() -> Four {
    toml::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap()
}
