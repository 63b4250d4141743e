//! What to say of a required key that is in no layer: where it was looked for, what may have been meant, what to do.

use std::sync::Arc;

use crate::error::{Problem, ProblemKind};
use crate::key::{FILE_SUFFIX, Key};
use crate::layer::Database;
use crate::layer::environment::{Environment, Variables};
use crate::layer::reading::{LayerRead, Names};
use crate::merge::{self, Merge};
use crate::near_miss;
use crate::source::Place;

/// Where the keys were looked for.
pub(crate) struct Search<'a> {
    pub environment: &'a Environment,
    pub prefix: &'a Arc<str>,
    pub database: &'a Database,
    pub layers: &'a [LayerRead],
}

impl Search<'_> {
    pub(crate) fn problems(&self, merge: &Merge) -> Vec<Problem> {
        let missing: Vec<Key> = missing(merge).collect();
        if missing.is_empty() {
            return Vec::new();
        }
        let variables = self.environment.names();
        let mut problems: Vec<_> = missing
            .into_iter()
            .map(|key| self.problem(key, merge, &variables))
            .collect();
        let secret_id = format!("{}SECRET_ID", self.database.prefix(self.prefix));
        if variables.contains(&secret_id) {
            let what = format!(
                "{secret_id} names a secret in AWS Secrets Manager, which this loader does not ask"
            );
            let help = "add AWS Secrets Manager as a layer of the loader; without it, only the layers above are read";
            problems.push(Problem::new(ProblemKind::Setup, what).help(help));
        }
        problems
    }

    fn problem(&self, key: Key, merge: &Merge, variables: &[String]) -> Problem {
        let mut problem = Problem::new(ProblemKind::Missing, "missing").of_key(key);
        problem = problem.detail(format!("looked in: {}", self.looked(key)));
        for (_, source) in merge.empty.iter().filter(|(empty, _)| *empty == key) {
            problem = problem.detail(format!("{source} is set but empty"));
        }
        let asked = self.variables(key, self.prefix);
        let near = variables.iter().filter(|name| {
            near_miss::of_variable(name, self.prefix) == Some(key) && !asked.contains(name)
        });
        let in_files = merge
            .near_misses
            .iter()
            .filter(|(_, near)| *near == key)
            .map(|(name, _)| name);
        let near: Vec<&str> = near.chain(in_files).map(String::as_str).collect();
        if !near.is_empty() {
            problem = problem.detail(format!("did you mean: {}?", near.join(", ")));
        }
        problem.help(self.help(key))
    }

    /// Every layer and the names in it, those that hold nothing together: `secrets.json, .env (no such file)`.
    fn looked(&self, key: Key) -> String {
        let mut looked = String::new();
        for (at, layer) in self.layers.iter().enumerate() {
            let LayerRead {
                origin,
                state,
                names,
                note,
            } = layer;
            let next = self.layers.get(at + 1);
            looked.push_str(&origin.place.to_string());
            let (what, joined) = match (state, names) {
                (Some(state), _) => (
                    format!(" ({state})"),
                    next.is_some_and(|next| next.state == Some(*state)),
                ),
                (None, Names::Variables(Variables { prefix, .. })) => (
                    format!(" for {}", self.variables(key, prefix).join(", ")),
                    false,
                ),
                (None, Names::Members) => {
                    let table = self
                        .database
                        .own_name()
                        .map(|table| format!(" in table [{table}]"));
                    (
                        format!(
                            "{} for {}",
                            table.unwrap_or_default(),
                            key.row().names.join(", ")
                        ),
                        false,
                    )
                }
            };
            if !joined {
                looked.push_str(&what);
            }
            looked.extend(note.as_ref().map(|note| format!(" ({note})")));
            looked.push_str(match (next, joined) {
                (None, _) => "",
                (Some(_), true) => ", ",
                (Some(_), false) => "; ",
            });
        }
        looked
    }

    fn help(&self, key: Key) -> String {
        let is_environment = |layer: &&LayerRead| layer.origin.place == Place::Environment;
        let environment = self
            .layers
            .iter()
            .find(is_environment)
            .map(|layer| match &layer.names {
                Names::Variables(Variables { prefix, .. }) => {
                    format!("set {}", self.variables(key, prefix)[0])
                }
                Names::Members => format!("set {key}"),
            });
        let file =
            self.layers
                .iter()
                .find(|layer| !is_environment(layer))
                .map(|layer| match &layer.names {
                    Names::Variables(Variables { prefix, .. }) => {
                        format!(
                            "add {} to {}",
                            self.variables(key, prefix)[0],
                            layer.origin.place
                        )
                    }
                    Names::Members => {
                        let table = self
                            .database
                            .own_name()
                            .map(|table| format!("[{table}] in "))
                            .unwrap_or_default();
                        format!("add {key} to {table}{}", layer.origin.place)
                    }
                });
        let ways: Vec<String> = environment.into_iter().chain(file).collect();
        ways.join(", or ")
    }

    /// Every variable that can hold the key, the canonical one first.
    fn variables(&self, key: Key, prefix: &Arc<str>) -> Vec<String> {
        let prefix = self.database.prefix(prefix);
        let names = key.row().variables.iter();
        names
            .flat_map(|name| {
                [
                    format!("{prefix}{name}"),
                    format!("{prefix}{name}{FILE_SUFFIX}"),
                ]
            })
            .collect()
    }
}

/// The same for a place that is not a layer of a loader.
pub(crate) fn in_one_place(place: &Place, merge: &Merge) -> Vec<Problem> {
    let problem = |key: Key| {
        let names = key.row().names.join(", ");
        let problem = Problem::new(ProblemKind::Missing, "missing").of_key(key);
        let problem = problem.detail(format!("looked in: {place} for {names}"));
        problem.help(format!("add {key}"))
    };
    missing(merge).map(problem).collect()
}

/// The keys of which nothing was said yet: neither a problem of their own, nor one of a URL that could have held them.
fn missing(merge: &Merge) -> impl Iterator<Item = Key> {
    let has_problem = |key| {
        merge
            .problems
            .iter()
            .any(|problem| problem.key() == Some(key))
    };
    merge::missing(move |key| {
        merge.slots[key as usize].is_some() || has_problem(key) || has_problem(Key::Url)
    })
}
