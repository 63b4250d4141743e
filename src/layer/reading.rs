//! One reading of the layers: sorts what they hold by database and key while it is read.

use std::collections::BTreeMap;
use std::sync::Arc;

#[cfg(feature = "aws")]
use super::aws;
use super::database::parse_variable;
use super::environment::Environment;
use super::file;
use super::{Database, LayerRead, Names, Raw, TABLE};
use crate::error::Problem;
use crate::key::{Key, Spelling};
use crate::merge::Merge;
use crate::near_miss;
use crate::slot::Rank;
#[cfg(feature = "figment")]
use crate::source::SecretFile;
use crate::source::{Origin, Place, Source};

/// What is asked of the layers, and what they have answered so far.
pub(crate) struct Reading<'a> {
    pub environment: &'a Environment,
    /// What every variable's name in a file begins with: `MYSQL_`.
    pub prefix: &'a Arc<str>,
    /// The one database that is wanted; `None` wants every one.
    only: Option<&'a Database>,
    /// The layers so far.
    pub layers: Vec<LayerRead>,
    /// The place of the layer that is being read, to which everything that is put in belongs.
    at: usize,
    /// What is wrong with a layer as a whole.
    pub problems: Vec<Problem>,
    /// What was found of the wanted database, or of the default one.
    pub first: (Database, Merge),
    /// The others.
    pub named: Vec<(Database, Merge)>,
    /// The place of each in `named`.
    by_id: BTreeMap<String, usize>,
    /// The layers that are asked once these were read, and their places.
    #[cfg(feature = "aws")]
    pub remote: Vec<(usize, aws::Secrets)>,
}

/// A database that is wanted.
#[derive(Clone, Copy)]
pub(crate) enum Section {
    First,
    Named(usize),
}

/// Where a value belongs.
pub(crate) struct Target {
    section: Section,
    source: Source,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(
        environment: &'a Environment,
        prefix: &'a Arc<str>,
        only: Option<&'a Database>,
    ) -> Self {
        let first = only.cloned().unwrap_or_else(Database::default_one);
        Reading {
            environment,
            prefix,
            only,
            layers: Vec::with_capacity(4),
            at: 0,
            problems: Vec::new(),
            first: (first, Merge::default()),
            named: Vec::new(),
            by_id: BTreeMap::new(),
            #[cfg(feature = "aws")]
            remote: Vec::new(),
        }
    }

    /// Reads on in the layer at `at`, which held a place until now, for the one database that `first` is of.
    #[cfg(feature = "aws")]
    pub(crate) fn resume(&mut self, at: usize, layers: Vec<LayerRead>, merge: Merge) {
        self.at = at;
        self.layers = layers;
        self.first.1 = merge;
    }

    /// Has the layer that was just begun asked once the others were read.
    #[cfg(feature = "aws")]
    pub(crate) fn hold_place(&mut self, secrets: aws::Secrets) {
        self.remote.push((self.at, secrets));
    }

    /// The one database that is wanted, if it is one.
    pub(crate) fn only(&self) -> Option<&'a Database> {
        self.only
    }

    /// Begins the next layer.
    pub(crate) fn begin(&mut self, place: Place, names: Names) {
        let prefix = match &names {
            Names::Variables(variables) => Arc::clone(&variables.origin.prefix),
            Names::Members => Arc::default(),
        };
        self.begin_at(LayerRead::new(Origin::new(place, prefix), names));
    }

    /// Begins the next layer, of which more is known already.
    pub(crate) fn begin_at(&mut self, layer: LayerRead) {
        self.at = self.layers.len();
        self.layers.push(layer);
    }

    /// The layer that is being read.
    fn layer(&mut self) -> Option<&mut LayerRead> {
        self.layers.get_mut(self.at)
    }

    /// Ends the layer early: `state` is what became of it.
    pub(crate) fn end_as(&mut self, state: &'static str) {
        if let Some(layer) = self.layer() {
            layer.state = Some(state);
        }
    }

    /// Ends the layer, which cannot be used.
    pub(crate) fn fail(&mut self, problem: Problem) {
        self.end_as("not usable");
        self.problems.push(problem);
    }

    /// Leaves a note on the layer.
    pub(crate) fn note(&mut self, note: String) {
        if let Some(layer) = self.layer() {
            layer.note = Some(note);
        }
    }

    /// The section of what stands outside any table. `None`: not wanted.
    pub(crate) fn root(&self) -> Option<Section> {
        let is_wanted = self.only.is_none_or(Database::is_default) || self.is_own();
        is_wanted.then_some(Section::First)
    }

    /// The section of the table `name`. `None`: not wanted.
    pub(crate) fn table(&mut self, name: &str) -> Option<Section> {
        if let Some(only) = self.only {
            return only.is_named(name).then_some(Section::First);
        }
        let database = Database::named(name);
        if database.is_default() {
            return Some(Section::First);
        }
        if let Some(&at) = self.by_id.get(&*database.id) {
            return Some(Section::Named(at));
        }
        let at = self.named.len();
        self.by_id.insert(database.id.to_string(), at);
        self.named.push((database, Merge::default()));
        Some(Section::Named(at))
    }

    /// Passes over a table that is not wanted. Where its name is that of a key, that key has a value of the wrong type.
    pub(crate) fn pass_over(&mut self, table: &str) {
        if let Some(layer) = self.layer() {
            layer.tables += 1;
        }
        if Key::from_name(table).is_none() {
            return;
        }
        if let Some(target) = self.member(self.root(), table) {
            // Any other value of the key is better than a table that is meant for something else.
            put(
                self.merge(target.section),
                Rank::weakest(),
                target.source,
                Raw::Other(TABLE),
            );
        }
    }

    /// Where the member `name` of a section belongs; `None` as the section is what stands outside any table, unwanted.
    pub(crate) fn member(&mut self, section: Option<Section>, name: &str) -> Option<Target> {
        if let Some(spelling) = Key::from_name(name) {
            let (section, layer) = (section?, self.layers.get(self.at)?);
            if let Some(table) = self.table_of(section) {
                return self.target(section, &format!("{table}."), spelling);
            }
            return Some(Target {
                section,
                source: Source::new(&layer.origin, spelling),
            });
        }
        let here = match section {
            Some(Section::First) => &*self.first.0.id,
            Some(Section::Named(at)) => &*self.named[at].0.id,
            None => "",
        };
        let (upper, upper_prefix) = (name.to_ascii_uppercase(), self.prefix.to_ascii_uppercase());
        match parse_variable(&upper, &upper_prefix) {
            // In a table, a variable without the database's own name means the table's database.
            Some((prefix, id, spelling)) if id == here || id.is_empty() => {
                self.target(section?, prefix, spelling)
            }
            Some(found) if here.is_empty() => self.of_variable(found),
            _ => {
                self.unknown(section, name, near_miss::of_name(name));
                None
            }
        }
    }

    /// Where the value of the variable `name` of a file belongs: only the environment's names count.
    pub(crate) fn variable(&mut self, name: &str) -> Option<Target> {
        if let Some(found) = parse_variable(name, self.prefix) {
            return self.of_variable(found);
        }
        if let Some(key) = near_miss::of_variable(name, self.prefix) {
            self.unknown(self.root(), name, Some(key));
        }
        None
    }

    /// Puts a value into the last layer.
    pub(crate) fn put(&mut self, target: Target, value: Raw<'_>) {
        let rank = Rank::single(self.at);
        put(self.merge(target.section), rank, target.source, value);
    }

    fn of_variable(&mut self, (prefix, id, spelling): (&str, &str, Spelling)) -> Option<Target> {
        let section = if id.is_empty() {
            self.root()?
        } else {
            self.table(id)?
        };
        self.target(section, prefix, spelling)
    }

    fn target(&self, section: Section, prefix: &str, spelling: Spelling) -> Option<Target> {
        let origin = &self.layers.get(self.at)?.origin;
        let source = if *origin.prefix == *prefix {
            Source::new(origin, spelling)
        } else {
            Source::new(&Origin::new(origin.place.clone(), prefix), spelling)
        };
        Some(Target { section, source })
    }

    fn is_own(&self) -> bool {
        self.layers.get(self.at).is_some_and(|layer| layer.is_own)
    }

    /// The table that a section is in this layer.
    fn table_of(&self, section: Section) -> Option<&str> {
        match section {
            Section::First if self.is_own() => None,
            Section::First => self.first.0.own_name(),
            Section::Named(at) => self.named[at].0.own_name(),
        }
    }

    fn merge(&mut self, section: Section) -> &mut Merge {
        match section {
            Section::First => &mut self.first.1,
            Section::Named(at) => &mut self.named[at].1,
        }
    }

    fn unknown(&mut self, section: Option<Section>, name: &str, near: Option<Key>) {
        let (Some(section), Some(layer)) = (section, self.layers.get(self.at)) else {
            return;
        };
        let place = layer.origin.place.clone();
        self.merge(section).unknown(&place, name, near);
    }
}

/// Puts a value in. A `_FILE` is read here, whichever layer names it.
#[inline]
pub(crate) fn put(merge: &mut Merge, rank: Rank, source: Source, value: Raw<'_>) {
    let spelling = source.spelling();
    if !spelling.in_file || spelling.is_database_url() {
        return merge.put(rank, source, value);
    }
    match file::follow(source, value) {
        Ok((source, value)) => merge.put(rank, source, value),
        Err(problem) => merge.problems.push(problem),
    }
}

#[cfg(feature = "figment")]
impl Target {
    /// Says more exactly where the value stands: in a provider of the provider, below a path of keys.
    pub(crate) fn within(self, place: Place, path: &str, file: Option<SecretFile>) -> Target {
        let source = self.source.within(place, path, file);
        Target { source, ..self }
    }
}
