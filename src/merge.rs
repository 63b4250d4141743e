//! The merge: one slot per key, filled by the first layer that has the key. Values are moved, never cloned.

use secrecy::ExposeSecret;

use crate::error::{Problem, ProblemKind};
use crate::key::{DATABASE_URL, KEYS, Key};
use crate::layer::{Answer, Answers, Raw};
use crate::source::Source;
use crate::url::read;

/// The keys that a configuration is made of: all but `url`, which is split into them.
pub(crate) const SLOTS: usize = KEYS.len() - 1;

/// What the layers hold of one database, merged.
#[derive(Default)]
pub(crate) struct Merge {
    pub slots: [Slot; SLOTS],
    pub problems: Vec<Problem>,
    pub notes: Vec<String>,
    /// Unknown names that look like one of ours, with the layer's name.
    pub near_misses: Vec<(String, Key)>,
    /// Asked when an empty password is found: whether that is a value.
    pub allow_empty_password: bool,
}

/// What is known of one key.
#[derive(Default)]
pub(crate) struct Slot {
    pub won: Option<Answer>,
    /// Where the key stands as well, in weaker places.
    pub shadowed: Vec<Source>,
    /// Where the key is set, but empty.
    pub empty: Vec<Source>,
}

/// One layer's values, in the order in which they count.
#[derive(Default)]
pub(crate) struct Ranked {
    /// First the layer's single keys, then what its URL gives.
    groups: Vec<Group>,
    /// `DATABASE_URL`, which is split only when a key is missing.
    last_resort: Option<Answer>,
}

type Group = [Option<Answer>; SLOTS];

impl Ranked {
    /// Puts what is weaker behind.
    pub(crate) fn append(&mut self, weaker: Ranked) {
        self.groups.extend(weaker.groups);
        self.last_resort = self.last_resort.take().or(weaker.last_resort);
    }

    fn has(&self, key: Key) -> bool {
        self.groups
            .iter()
            .any(|group| group[key as usize].is_some())
    }
}

/// Whether a required key is in none of the layers.
pub(crate) fn is_incomplete(layers: &[Ranked]) -> bool {
    missing(|key| layers.iter().any(|layer| layer.has(key)))
        .next()
        .is_some()
}

/// The required keys that are not there. A socket stands for a host.
pub(crate) fn missing(has: impl Fn(Key) -> bool) -> impl Iterator<Item = Key> {
    let required = [Key::Database, Key::User, Key::Password, Key::Host];
    required
        .into_iter()
        .filter(move |&key| !has(key) && !(key == Key::Host && has(Key::Socket)))
}

impl Merge {
    /// Takes in what one layer holds: its values are put in order, and what is wrong with the layer by itself is noted.
    pub(crate) fn rank(&mut self, layer: &str, answers: Answers) -> Ranked {
        self.problems.extend(answers.problems);
        if answers.unknown > 0 {
            let named = answers
                .near_misses
                .iter()
                .map(|(name, key)| format!("; `{name}` looks like `{key}`"));
            let noun = if answers.unknown == 1 {
                "key is"
            } else {
                "keys are"
            };
            self.notes.push(format!(
                "{layer}: {} {noun} not known{}",
                answers.unknown,
                named.collect::<String>()
            ));
        }
        self.near_misses.extend(answers.near_misses);
        let mut ranked = Ranked::default();
        let (mut url, mut singles) = (None, Group::default());
        for answer in answers.found {
            let Some(answer) = self.unless_unset(answer) else {
                continue;
            };
            let place = match answer.spelling.key {
                Key::Url if answer.spelling.text == DATABASE_URL => &mut ranked.last_resort,
                Key::Url => &mut url,
                key => &mut singles[key as usize],
            };
            self.problems.extend(settle(place, answer));
        }
        ranked.groups.push(singles);
        if let Some(url) = url {
            ranked.groups.push(self.split(url));
        }
        ranked
    }

    /// Splits every `DATABASE_URL`: it counts as its layer's weakest part.
    pub(crate) fn use_last_resort(&mut self, layers: &mut [Ranked]) {
        for layer in layers {
            if let Some(url) = layer.last_resort.take() {
                layer.groups.push(self.split(url));
            }
        }
    }

    /// Fills the slots, the first layer first.
    pub(crate) fn fill(&mut self, layers: Vec<Ranked>) {
        for group in layers.into_iter().flat_map(|layer| layer.groups) {
            self.problems.extend(self.mixed_credentials(&group));
            for (slot, answer) in self.slots.iter_mut().zip(group) {
                match (&slot.won, answer) {
                    (None, answer) => slot.won = answer,
                    (Some(_), Some(weaker)) => slot.shadowed.push(weaker.source),
                    (Some(_), None) => {}
                }
            }
        }
    }

    /// Takes out what is set but not a value: empty text, and the address that Kubernetes puts into `MYSQL_PORT`.
    fn unless_unset(&mut self, answer: Answer) -> Option<Answer> {
        let key = answer.spelling.key;
        let text = answer.value.text();
        if key == Key::Port
            && text.is_some_and(|text| text.starts_with("tcp://") || text.starts_with("udp://"))
        {
            self.notes.push(format!(
                "{}: a Kubernetes service link, not a port; ignored",
                answer.source
            ));
            return None;
        }
        let is_empty = matches!(answer.value, Raw::Null) || text.is_some_and(str::is_empty);
        let is_value = key == Key::Password && text.is_some() && self.allow_empty_password;
        if !is_empty || is_value {
            return Some(answer);
        }
        tracing::warn!(source = %answer.source, "set but empty, counts as not set");
        self.notes.push(format!(
            "{}: set but empty, counts as not set",
            answer.source
        ));
        if let Some(slot) = self.slots.get_mut(key as usize) {
            slot.empty.push(answer.source);
        }
        None
    }

    fn split(&mut self, url: Answer) -> Group {
        let mut group = Group::default();
        let Raw::Text(text) = &url.value else {
            self.problems.push(wrong_type(&url, "text"));
            return group;
        };
        let split = read::split(text.expose_secret(), &url.source);
        self.problems.extend(split.problems);
        self.notes.extend(split.note);
        for answer in split.found {
            if let Some(answer) = self.unless_unset(answer) {
                self.problems
                    .extend(settle(&mut group[answer.spelling.key as usize], answer));
            }
        }
        group
    }

    /// User and password belong together: the place that is about to give the password may not name another user.
    fn mixed_credentials(&self, group: &Group) -> Option<Problem> {
        let won = |key: Key| self.slots[key as usize].won.as_ref();
        let (password, user) = (
            group[Key::Password as usize].as_ref()?,
            group[Key::User as usize].as_ref()?,
        );
        let winner = won(Key::User)?;
        if won(Key::Password).is_some() || same(winner, user) {
            return None;
        }
        let what = "the password is for another user than the one that is used";
        let problem = Problem::new(ProblemKind::MixedCredentials, what)
            .of_key(Key::User)
            .at(&winner.source);
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

/// Puts an answer into its place. A second spelling of the same key is a conflict unless it says the same.
fn settle(place: &mut Option<Answer>, answer: Answer) -> Option<Problem> {
    let Some(first) = place else {
        *place = Some(answer);
        return None;
    };
    let both_files = first.source.spelling().in_file == answer.source.spelling().in_file;
    if both_files && same(first, &answer) {
        return None;
    }
    let what = if both_files {
        "set twice, to different values"
    } else {
        "set both directly and through a file"
    };
    let problem = Problem::new(ProblemKind::Conflict, what)
        .of_key(answer.spelling.key)
        .at(&first.source);
    Some(
        problem
            .detail(format!("the other one: {}", answer.source))
            .help("remove one of the two"),
    )
}

fn same(a: &Answer, b: &Answer) -> bool {
    match (&a.value, &b.value) {
        (Raw::Integer(a), Raw::Integer(b)) => a == b,
        (Raw::Bool(a), Raw::Bool(b)) => a == b,
        (a, b) => a.text().is_some() && a.text() == b.text(),
    }
}

/// The problem of a value that is not of the type that its key needs.
pub(crate) fn wrong_type(answer: &Answer, needed: &str) -> Problem {
    let key = answer.spelling.key;
    let found = match answer.value {
        Raw::Integer(_) => "a number",
        Raw::Bool(_) => "true or false",
        Raw::Null => "null",
        Raw::Other(found) => found,
        Raw::Text(_) => "text",
        Raw::NotUtf8 => {
            let problem = Problem::new(ProblemKind::NotUtf8, "the value is not UTF-8").of_key(key);
            return problem.at(&answer.source).help("write it as UTF-8");
        }
    };
    let what = format!("must be {needed}, but is {found}");
    Problem::new(ProblemKind::WrongType, what)
        .of_key(key)
        .at(&answer.source)
        .help("put the value between quotes")
}
