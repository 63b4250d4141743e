//! What a load found besides the values: where each came from, the layers, and notes for a person.

use std::sync::Arc;

use crate::key::Key;
use crate::merge::{Merge, SLOTS};
use crate::source::Source;

/// Kept by a configuration for `explain()`.
#[derive(Clone, Default)]
pub(crate) struct Report {
    /// The name of the database, unless it is the default one.
    pub database: Option<String>,
    pub origins: [Origin; SLOTS],
    /// Every layer in order, with what became of it where it was not simply read.
    pub layers: Vec<(Arc<str>, Option<&'static str>)>,
    pub notes: Vec<String>,
}

/// Where the value of a key came from.
#[derive(Clone, Default)]
pub(crate) struct Origin {
    /// `None`: the default.
    pub source: Option<Source>,
    /// Where it stands as well, in weaker places.
    pub shadowed: Vec<Source>,
}

impl Report {
    pub(crate) fn new(database: Option<&str>, merge: &mut Merge) -> Report {
        Report {
            database: database.map(str::to_owned),
            origins: merge.slots.each_mut().map(|slot| Origin {
                source: slot.won.as_ref().map(|answer| answer.source.clone()),
                shadowed: std::mem::take(&mut slot.shadowed),
            }),
            layers: Vec::new(),
            notes: std::mem::take(&mut merge.notes),
        }
    }

    pub(crate) fn origin(&self, key: Key) -> &Origin {
        &self.origins[key as usize]
    }
}
