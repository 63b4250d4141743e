//! What to say of a required key that is in no layer: where it was looked for, what may have been meant, what to do.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::error::{Problem, ProblemKind};
use crate::finish;
use crate::key::{FILE_SUFFIX, Key, SECRET_ID};
use crate::layer::Database;
use crate::layer::environment::{Environment, Variables};
use crate::layer::file::NO_SUCH_FILE;
use crate::layer::{LayerRead, Names};
use crate::merge::{self, Merge};
use crate::near_miss;
use crate::source::Place;

/// Where the keys were looked for.
pub(crate) struct Search<'a> {
    pub environment: &'a Environment,
    /// The names of all variables, once they are needed.
    pub names: &'a OnceCell<Vec<String>>,
    pub prefix: &'a Arc<str>,
    pub database: &'a Database,
    pub layers: &'a [LayerRead],
    /// A layer follows the variable that names a secret.
    pub asks_secret_id: bool,
}

impl Search<'_> {
    pub(crate) fn problems(&self, merge: &Merge) -> Vec<Problem> {
        let missing: Vec<Key> = missing(merge).collect();
        if missing.is_empty() {
            return Vec::new();
        }
        let variables = self.names.get_or_init(|| self.environment.names());
        let mut problems: Vec<_> = missing
            .into_iter()
            .map(|key| self.problem(key, merge, variables))
            .collect();
        let secret_id = format!("{}{SECRET_ID}", self.database.prefix(self.prefix));
        let id = self.environment.get(&secret_id);
        if id.is_some_and(|id| !id.is_empty()) && !self.asks_secret_id {
            let what = format!(
                "{secret_id} names a secret in AWS Secrets Manager, which this loader does not ask"
            );
            let help = if cfg!(feature = "aws") {
                "add .aws_secret_from_env() to the loader, and .await its load()"
            } else {
                "enable the feature aws of dbconf, add .aws_secret_from_env() to the loader, and .await its load()"
            };
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
        let is_near = |name: &&String| {
            near_miss::of_variable(name, self.prefix) == Some(key) && !asked.contains(name)
        };
        for name in variables.iter().filter(is_near) {
            problem = problem.detail(format!(
                "{name} is set, but is not read: did you mean {}?",
                asked[0]
            ));
        }
        for (name, _) in merge.near_misses.iter().filter(|(_, near)| *near == key) {
            problem = problem.detail(format!(
                "`{name}` is there, but is not read: did you mean {key}?"
            ));
        }
        problem.help(self.help(key))
    }

    /// Every layer and the names in it, those that hold nothing together: `secrets.json, .env (no such file)`.
    fn looked(&self, key: Key) -> String {
        let mut looked = String::new();
        let mut layers = self.layers.iter().peekable();
        let mut alike = 0;
        while let Some(layer) = layers.next() {
            looked.push_str(&layer.origin.place.to_string());
            let next = layers.peek();
            if layer.state.is_some() && next.is_some_and(|next| next.state == layer.state) {
                looked.push_str(", ");
                alike += 1;
                continue;
            }
            match (layer.state, &layer.names) {
                (Some(state), _) => {
                    let state = if alike > 0 && state == NO_SUCH_FILE {
                        "none of them exists"
                    } else {
                        state
                    };
                    looked.push_str(&format!(" ({state})"));
                }
                (None, Names::Variables(Variables { origin, .. })) => {
                    looked.push_str(&format!(
                        " for {}",
                        self.variables(key, &origin.prefix).join(", ")
                    ));
                }
                (None, Names::Members) => {
                    let table = self.table_in(layer);
                    let table = table.map(|table| format!(" in table [{table}]"));
                    looked.push_str(&format!(
                        "{} for {}",
                        table.unwrap_or_default(),
                        key.row().names.join(", ")
                    ));
                }
            }
            if layer.tables > 0 {
                looked.push_str(" (it has tables, which .named() reads)");
            }
            looked.extend(layer.note.as_ref().map(|note| format!(" ({note})")));
            looked.push_str(if next.is_some() { "; " } else { "" });
            alike = 0;
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
                Names::Variables(Variables { origin, .. }) => {
                    format!("set {}", self.variables(key, &origin.prefix)[0])
                }
                Names::Members => format!("set {key}"),
            });
        // A place that was read is a better one than a file that would be.
        let is_file = |layer: &&LayerRead| !is_environment(layer) && layer.remedy.is_none();
        let mut files = self.layers.iter().filter(is_file);
        let read = files.clone().find(|layer| layer.state.is_none());
        let file = read.or_else(|| files.next()).map(|layer| {
            let place = &layer.origin.place;
            match &layer.names {
                Names::Variables(Variables { origin, .. }) => {
                    format!("add {} to {place}", self.variables(key, &origin.prefix)[0])
                }
                Names::Members => {
                    let table = self.table_in(layer).map(|table| format!("[{table}] in "));
                    format!("add {key} to {}{place}", table.unwrap_or_default())
                }
            }
        });
        let remedies = self.layers.iter().filter_map(|layer| layer.remedy.clone());
        let ways: Vec<String> = environment
            .into_iter()
            .chain(file)
            .chain(remedies)
            .collect();
        ways.join(", or ")
    }

    /// The table of a layer that belongs to the database, if it needs one.
    fn table_in(&self, layer: &LayerRead) -> Option<&str> {
        self.database.own_name().filter(|_| !layer.is_own)
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
    let url_failed = merge
        .problems
        .iter()
        .any(|problem| problem.key() == Some(Key::Url) && !finish::is_foreign_url(problem));
    merge::missing(move |key| merge.slots[key as usize].is_some() || has_problem(key) || url_failed)
}
