//! The conclusion of a load: what was merged of a database is completed, checked and parsed.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::config::DatabaseConfig;
use crate::error::{Error, Problem, ProblemKind};
use crate::git::{self, Finding};
use crate::key::Key;
use crate::layer::Database;
use crate::layer::environment::{self, Environment};
use crate::layer::file;
use crate::layer::{LayerRead, Names};
use crate::merge::Merge;
use crate::missing;
use crate::parse;
use crate::slot::{Rank, Slot};
use crate::source::{Origin, Place, SecretFile};

/// Concludes one load, of one database or of several.
pub(crate) struct Conclusion<'a> {
    pub environment: &'a Environment,
    pub prefix: &'a Arc<str>,
    pub layers: Arc<Vec<LayerRead>>,
    /// A layer could not be read, so whether a key is missing is not known.
    pub is_partial: bool,
    pub allow_unignored: bool,
    /// A layer follows the variable that names a secret.
    pub asks_secret_id: bool,
    /// `DATABASE_URL` was looked up already.
    pub asked_database_url: bool,
    /// What was found of each file with a secret: git is asked once per file.
    pub inspected: BTreeMap<Arc<Path>, Vec<Finding>>,
    /// The names of all variables, once a hint needs them.
    pub names: OnceCell<Vec<String>>,
}

impl Conclusion<'_> {
    /// Keeps, of what could be databases, those that are one: not every table is. A database of which no layer holds a key, nor
    /// `is_named` knows, is none; if there is no other, the default one is kept.
    pub(crate) fn keep_databases(
        &mut self,
        databases: &mut Vec<(Database, Merge)>,
        is_named: impl Fn(&Database) -> bool,
    ) {
        for (database, merge) in databases.iter_mut() {
            self.ask_environment(database, merge);
        }
        let is_one =
            |(database, merge): &(Database, Merge)| !merge.is_empty() || is_named(database);
        if databases.iter().any(is_one) {
            databases.retain(is_one);
        } else {
            databases.truncate(1);
        }
    }

    /// Looks up the variables of a database that only the reading of the other layers brought up.
    fn ask_environment(&mut self, database: &Database, merge: &mut Merge) {
        for (rank, layer) in environments(&self.layers) {
            environment::ask(self.environment, layer, database, rank, merge);
        }
        if merge.is_empty() {
            self.ask_database_url(database, merge);
        }
    }

    /// Looks it up once: it belongs to the default database alone.
    fn ask_database_url(&mut self, database: &Database, merge: &mut Merge) {
        if self.asked_database_url {
            return;
        }
        self.asked_database_url = database.is_default();
        for (rank, _) in environments(&self.layers).filter(|_| database.is_default()) {
            environment::ask_database_url(self.environment, rank, merge);
        }
    }

    /// Whether the layers that are stronger than `limit` have every required key, `DATABASE_URL` included if nothing
    /// else has, be it weaker.
    pub(crate) fn completes(
        &mut self,
        database: &Database,
        merge: &mut Merge,
        limit: Rank,
    ) -> bool {
        let is_allowed = self.settle_empty_password(database, merge, None);
        if merge.is_incomplete(limit) && merge.is_incomplete(Rank::weakest()) {
            self.ask_database_url(database, merge);
            self.use_last_resort(merge, limit);
            // That URL's own password may be empty.
            self.settle_empty_password(database, merge, is_allowed);
        }
        !merge.is_incomplete(limit)
    }

    /// Makes the configuration of one database.
    pub(crate) fn of(
        &mut self,
        database: &Database,
        merge: &mut Merge,
    ) -> Result<DatabaseConfig, Vec<Problem>> {
        self.completes(database, merge, Rank::weakest());
        merge.finish();
        self.keep_out_of_git(merge);
        let note =
            |layer: &LayerRead| Some(format!("{}: {}", layer.origin.place, layer.note.as_ref()?));
        merge.notes.extend(self.layers.iter().filter_map(note));
        let missing = if self.is_partial {
            Vec::new()
        } else {
            self.search(database).problems(merge)
        };
        parse::config(
            merge,
            database.own_name(),
            Arc::clone(&self.layers),
            missing,
        )
    }

    fn search<'s>(&'s self, database: &'s Database) -> missing::Search<'s> {
        missing::Search {
            names: &self.names,
            environment: self.environment,
            prefix: self.prefix,
            database,
            layers: &self.layers,
            asks_secret_id: self.asks_secret_id,
        }
    }

    fn use_last_resort(&self, merge: &mut Merge, limit: Rank) {
        for Slot {
            rank,
            source,
            value,
            ..
        } in merge.take_last_resort(limit)
        {
            let followed = if source.spelling().in_file {
                file::follow(source, value)
            } else {
                Ok((source, value))
            };
            match followed {
                Ok((source, value)) => merge.put_last_resort(rank, source, value),
                Err(problem) => merge.problems.push(problem),
            }
        }
    }

    /// Makes an empty password a value where that is allowed. Whether it is allowed is returned once it was looked up, so that a setting
    /// that cannot be read is one problem.
    fn settle_empty_password(
        &self,
        database: &Database,
        merge: &mut Merge,
        is_allowed: Option<bool>,
    ) -> Option<bool> {
        if !merge.has_empty_password() {
            return is_allowed;
        }
        let is_allowed = is_allowed.unwrap_or_else(|| self.allows_empty_password(database, merge));
        if is_allowed {
            merge.allow_empty_password();
        }
        Some(is_allowed)
    }

    fn allows_empty_password(&self, database: &Database, merge: &mut Merge) -> bool {
        let name = format!("{}ALLOW_EMPTY_PASSWORD", database.prefix(self.prefix));
        let value = self.environment.get(&name);
        let text = value
            .as_ref()
            .map(|value| value.text().unwrap_or("?").to_ascii_lowercase());
        match text.as_deref() {
            Some("yes" | "true" | "1") => true,
            None | Some("" | "no" | "false" | "0") => false,
            Some(_) => {
                let problem = Problem::new(
                    ProblemKind::Invalid,
                    format!("{name} is neither yes nor no"),
                );
                let help = "set it to yes to use an empty password, or unset it";
                merge
                    .problems
                    .push(problem.of_key(Key::Password).help(help));
                merge.refuse_empty_password();
                false
            }
        }
    }

    /// A file that gives the password, or a URL, must not be one that git could commit.
    fn keep_out_of_git(&mut self, merge: &mut Merge) {
        let sources = merge.slots.iter().flatten().map(|slot| &slot.source);
        let secret = sources.filter(|source| source.spelling().key.is_secret());
        let files = secret.filter_map(|source| source.file().cloned());
        let files: BTreeMap<_, SecretFile> =
            files.map(|file| (Arc::clone(&file.path), file)).collect();
        for file in files.into_values() {
            let inspect = || git::inspect(&file);
            for finding in self
                .inspected
                .entry(Arc::clone(&file.path))
                .or_insert_with(inspect)
                .iter()
                .cloned()
            {
                match finding {
                    Finding::Warning(note) => merge.notes.push(note),
                    Finding::Exposed { what, .. } if self.allow_unignored => {
                        merge
                            .notes
                            .push(format!("{what}; allowed by allow_unignored()"));
                    }
                    Finding::Exposed { what, help } => {
                        merge
                            .problems
                            .push(Problem::new(ProblemKind::NotIgnored, what).help(help));
                    }
                }
            }
        }
    }
}

/// The environment layers, each with its rank.
fn environments(layers: &[LayerRead]) -> impl Iterator<Item = (Rank, &LayerRead)> {
    let is_environment =
        |(_, layer): &(usize, &LayerRead)| layer.origin.place == Place::Environment;
    let numbered = layers.iter().enumerate().filter(is_environment);
    numbered.map(|(at, layer)| (Rank::single(at), layer))
}

/// A configuration from what one place holds that is no layer of a loader: a URL, a value in a service's own configuration.
pub(crate) fn of_one_place(place: Place, mut merge: Merge) -> Result<DatabaseConfig, Error> {
    merge.finish();
    let missing = missing::in_one_place(&place, &merge);
    let layer = LayerRead::new(Origin::new(place, ""), Names::Members);
    parse::config(&mut merge, None, Arc::new(vec![layer]), missing).map_err(Error::new)
}
