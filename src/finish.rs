//! The end of a merge: what can be seen only when everything is in.

use crate::error::{Problem, ProblemKind};
use crate::key::Key;
use crate::merge::Merge;
use crate::slot::{Rank, Shadow, Slot};
use crate::source::Source;

/// Whether this is a `DATABASE_URL` for another engine, which a platform may have set for another database altogether.
pub(crate) fn is_foreign_url(problem: &Problem) -> bool {
    let source = problem.source();
    problem.kind() == ProblemKind::OtherEngine
        && source.is_some_and(|source| source.spelling().is_database_url())
}

impl Merge {
    /// Ends the merge: looks at what can be seen only when everything is in.
    pub(crate) fn finish(&mut self) {
        self.refuse_empty_password();
        self.pass_over_foreign_url();
        for (place, count) in std::mem::take(&mut self.unknown) {
            let noun = if count == 1 { "key is" } else { "keys are" };
            self.notes
                .push(format!("{place}: {count} {noun} not known"));
        }
        for (name, key) in &self.near_misses {
            self.notes
                .push(format!("`{name}` is not known, but looks like `{key}`"));
        }
        self.decide_between_host_and_socket();
        self.problems.extend(self.mixed_credentials());
        let password = self.slots[Key::Password as usize].as_ref();
        if let Some(slot) = password.filter(|slot| {
            slot.value
                .text()
                .is_some_and(|text| text.ends_with(['\n', '\r']))
        }) {
            self.notes.push(format!(
                "{}: the password ends in a line end, which is part of it",
                slot.source
            ));
        }
    }

    /// A platform's `DATABASE_URL` for another engine is nobody's problem where nothing is missing.
    fn pass_over_foreign_url(&mut self) {
        if self.is_incomplete(Rank::weakest()) {
            return;
        }
        for problem in self
            .problems
            .extract_if(.., |problem| is_foreign_url(problem))
        {
            let source = problem.source().map(Source::to_string).unwrap_or_default();
            self.notes
                .push(format!("{source}: for another engine; not used"));
        }
    }

    /// A socket is used instead of a host, unless a stronger layer names the host.
    fn decide_between_host_and_socket(&mut self) {
        let rank = |key: Key| {
            self.slots[key as usize]
                .as_ref()
                .map(|slot| slot.rank.layer)
        };
        let (Some(host), Some(socket)) = (rank(Key::Host), rank(Key::Socket)) else {
            return;
        };
        if socket <= host {
            self.notes
                .push("the socket is used instead of host and port".to_owned());
        } else if let Some(Slot { rank, source, .. }) = self.slots[Key::Socket as usize].take() {
            self.notes.push(format!(
                "{source}: not used, as a stronger layer names a host"
            ));
            self.shadow(Shadow {
                rank,
                key: Key::Socket,
                source,
            });
        }
    }

    /// User and password belong together: the layer that gives the password may not name another user.
    fn mixed_credentials(&self) -> Option<Problem> {
        let password = self.slots[Key::Password as usize].as_ref()?;
        let user = self.slots[Key::User as usize].as_ref()?;
        let same_layer = |other: &&Slot| other.rank.layer == password.rank.layer;
        let strongest = self
            .other_users
            .iter()
            .filter(same_layer)
            .min_by_key(|other| other.rank);
        let same_rank = self
            .other_users
            .iter()
            .find(|other| other.rank == password.rank);
        let other = same_rank.or(strongest)?;
        if user.rank == password.rank || user.value.is_same(&other.value) {
            return None;
        }
        let what = "the password is for another user than the one that is used";
        let problem = Problem::new(ProblemKind::MixedCredentials, what)
            .at(&user.source)
            .of_key(Key::User);
        let other = format!(
            "the password, and with it another user, comes from {}",
            password.source
        );
        Some(
            problem
                .detail(other)
                .help("give user and password in the same layer, or remove one of the two users"),
        )
    }
}
