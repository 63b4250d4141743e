//! A layer that was read, as reports and errors tell of it.

use std::sync::Arc;

use super::environment::Variables;
use crate::source::Origin;

/// A layer that was read.
#[derive(Clone)]
pub(crate) struct LayerRead {
    pub origin: Arc<Origin>,
    /// What became of the layer where it was not simply read: `no such file`.
    pub state: Option<&'static str>,
    /// The names that count in it.
    pub names: Names,
    /// What an administrator should know of the layer as a whole.
    pub note: Option<String>,
    /// How many tables were not wanted.
    pub tables: usize,
    /// It is the wanted database's alone, which so needs no table in it.
    pub is_own: bool,
    /// What to do before anything can be added to the layer.
    pub remedy: Option<String>,
}

impl LayerRead {
    pub(crate) fn new(origin: Arc<Origin>, names: Names) -> LayerRead {
        LayerRead {
            origin,
            state: None,
            names,
            note: None,
            tables: 0,
            is_own: false,
            remedy: None,
        }
    }
}

/// The names that count in a layer.
#[derive(Clone)]
pub(crate) enum Names {
    /// The environment's.
    Variables(Variables),
    /// Those of a table, and the environment's.
    Members,
}
