//! One database while remote layers are asked: what it lacks, and what a secret gives it.

use std::sync::Arc;

use crate::conclusion::Conclusion;
use crate::config::DatabaseConfig;
use crate::error::Problem;
use crate::finish;
use crate::layer::LayerRead;
use crate::layer::aws::{self, NotWanted, Secrets, Wanted};
use crate::layer::{Database, Reading};
use crate::merge::Merge;
use crate::slot::Rank;

/// A database for which secrets may be asked.
pub(crate) struct Asked {
    pub database: Database,
    merge: Merge,
    /// The layers as they are for this database.
    layers: Vec<LayerRead>,
    /// A layer could not be read.
    is_partial: bool,
}

impl Asked {
    pub(crate) fn new((database, merge): (Database, Merge), layers: &[LayerRead]) -> Asked {
        Asked {
            database,
            merge,
            layers: layers.to_vec(),
            is_partial: false,
        }
    }

    /// The secret of the layer at `at`, if it is needed. `are_problems` says that the load fails anyway.
    pub(crate) fn wants(
        &mut self,
        at: usize,
        secrets: &Secrets,
        conclusion: &mut Conclusion<'_>,
        are_problems: bool,
    ) -> Option<Wanted> {
        let is_complete = conclusion.completes(&self.database, &mut self.merge, Rank::single(at));
        let are_problems = are_problems || !self.merge.problems.iter().all(finish::is_foreign_url);
        let wanted = secrets.of(&self.database, conclusion.environment, conclusion.prefix);
        self.layers[at] = match wanted {
            Ok(wanted) if is_complete => wanted.not_asked("not asked: nothing is missing"),
            Ok(wanted) if are_problems => wanted.not_asked("not asked: there are other problems"),
            Ok(wanted) => return Some(wanted),
            Err(NotWanted::Unnamed(layer)) => layer,
            // What is wrong with a secret that nobody needs keeps nobody from loading.
            Err(NotWanted::Unusable(_)) if is_complete => return None,
            Err(NotWanted::Unusable(problem)) => {
                self.fail(problem);
                return None;
            }
        };
        None
    }

    /// Takes in what was fetched.
    pub(crate) fn take_in(
        &mut self,
        at: usize,
        wanted: &Wanted,
        answer: &Result<aws::Fetched, Problem>,
        conclusion: &Conclusion<'_>,
    ) {
        let fetched = match answer {
            Ok(fetched) => fetched,
            Err(problem) => {
                self.layers[at] = wanted.not_asked("not usable");
                return self.fail(problem.clone());
            }
        };
        self.layers[at] = wanted.layer(fetched.place.clone());
        let mut reading = Reading::new(
            conclusion.environment,
            conclusion.prefix,
            Some(&self.database),
        );
        reading.resume(
            at,
            std::mem::take(&mut self.layers),
            std::mem::take(&mut self.merge),
        );
        aws::read(&fetched.secret, &fetched.place, &mut reading);
        let (layers, problems) = (reading.layers, reading.problems);
        self.merge = reading.first.1;
        self.layers = layers;
        problems.into_iter().for_each(|problem| self.fail(problem));
    }

    /// Nothing was found of it.
    pub(crate) fn is_empty(&self) -> bool {
        self.merge.is_empty()
    }

    fn fail(&mut self, problem: Problem) {
        self.is_partial = true;
        self.merge.problems.push(problem);
    }

    /// Makes the configuration.
    pub(crate) fn conclude(
        &mut self,
        conclusion: &mut Conclusion<'_>,
        are_problems: bool,
    ) -> Result<DatabaseConfig, Vec<Problem>> {
        conclusion.layers = Arc::new(std::mem::take(&mut self.layers));
        conclusion.is_partial = self.is_partial || are_problems;
        conclusion.of(&self.database, &mut self.merge)
    }
}
