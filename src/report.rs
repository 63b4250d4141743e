//! What a load found besides the values: where each came from, the layers, and notes for a person.

use std::sync::Arc;

use crate::key::Key;
use crate::layer::LayerRead;
use crate::merge::SLOTS;
use crate::slot::Shadow;
use crate::source::Source;

/// Kept by a configuration for `explain()`.
#[derive(Clone)]
pub(crate) struct Report {
    /// The name of the database, unless it is the default one.
    pub database: Option<String>,
    /// Where the value of each key came from; `None` is the default.
    pub sources: [Option<Source>; SLOTS],
    /// Where a key stands as well, in weaker places.
    pub shadowed: Vec<Shadow>,
    /// Every layer, in order.
    pub layers: Arc<Vec<LayerRead>>,
    pub notes: Vec<String>,
}

impl Report {
    pub(crate) fn source(&self, key: Key) -> Option<&Source> {
        self.sources[key as usize].as_ref()
    }

    pub(crate) fn shadowed(&self, key: Key) -> impl Iterator<Item = &Source> {
        let of_key = self.shadowed.iter().filter(move |shadow| shadow.key == key);
        of_key.map(|shadow| &shadow.source)
    }
}
