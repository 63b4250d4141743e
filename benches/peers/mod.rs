//! The contenders. Each does the same work: it gives database, user, password, host and port, from the environment first and then from
//! `secrets.toml` in the working directory.

mod floor;
mod many;
mod one;
mod ours;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::rc::Rc;

use serde::Deserialize;

/// What every contender loads.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Five {
    pub database: String,
    pub user: String,
    pub password: String,
    pub host: String,
    pub port: u16,
}

/// What is loaded from the file.
#[derive(Clone, Copy)]
pub enum Task {
    /// The one database of a flat file.
    One,
    /// Every table of a file.
    All,
    /// The table `[db500]` of a file.
    Named,
}

/// One way to load.
pub struct Contender {
    pub name: &'static str,
    load: Box<dyn Fn()>,
    show: Box<dyn Fn() -> BTreeMap<String, Five>>,
}

impl Task {
    /// Every contender for the task; `floor_five` or `floor` is the first, `floor_same` the second, `dbconf` the third.
    pub fn contenders(self) -> Vec<Contender> {
        match self {
            Task::One => [floor::one(), ours::one(), one::contenders()],
            Task::All => [floor::all(), ours::all(), many::all()],
            Task::Named => [floor::named(), ours::named(), many::named()],
        }
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Contender {
    fn new<L: Loaded + 'static>(name: &'static str, load: impl Fn() -> L + 'static) -> Contender {
        let load = Rc::new(load);
        let again = Rc::clone(&load);
        Contender {
            name,
            load: Box::new(move || drop(black_box(load()))),
            show: Box::new(move || again().show()),
        }
    }

    /// Loads once, and drops what was loaded.
    pub fn load(&self) {
        (self.load)();
    }

    /// Loads once, and shows what was loaded, by the name of the database (`""` where there is but one).
    pub fn show(&self) -> BTreeMap<String, Five> {
        (self.show)()
    }
}

/// What a contender ends with. Nothing is copied into a common type while it is measured.
trait Loaded {
    fn show(self) -> BTreeMap<String, Five>;
}

impl Loaded for Five {
    fn show(self) -> BTreeMap<String, Five> {
        BTreeMap::from([(String::new(), self)])
    }
}

impl Loaded for std::collections::HashMap<String, Five> {
    fn show(self) -> BTreeMap<String, Five> {
        self.into_iter().collect()
    }
}
