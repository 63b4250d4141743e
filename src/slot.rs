//! One value of one key, how strong it is, and what can be wrong with it by itself.

use crate::error::{Problem, ProblemKind};
use crate::key::{Key, Spelling};
use crate::layer::{Raw, TABLE};
use crate::source::Source;

/// A value and where it stands.
pub(crate) struct Slot {
    pub rank: Rank,
    pub spelling: Spelling,
    /// For a part of a URL this is the URL's.
    pub source: Source,
    pub value: Raw<'static>,
}

impl Slot {
    /// The same value at another rank.
    pub(crate) fn copy(&self, rank: Rank) -> Slot {
        let value = self
            .value
            .text()
            .map_or(Raw::Null, |text| Raw::Lent(text).into_owned());
        Slot {
            rank,
            spelling: self.spelling,
            source: self.source.clone(),
            value,
        }
    }
}

/// Where a key stands in a weaker place than the value that is used.
#[derive(Clone)]
pub(crate) struct Shadow {
    pub rank: Rank,
    pub key: Key,
    pub source: Source,
}

/// How strong a value is: by its layer and, within the layer, single keys before a URL's parts. Less is stronger.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    pub layer: u32,
    within: u32,
}

impl Rank {
    pub(crate) fn single(layer: usize) -> Rank {
        Rank {
            layer: layer as u32,
            within: 0,
        }
    }

    /// Weaker than anything that a layer has.
    pub(crate) fn weakest() -> Rank {
        Rank {
            layer: u32::MAX,
            within: 0,
        }
    }

    pub(crate) fn weaker(self) -> Rank {
        Rank {
            within: self.within + 1,
            ..self
        }
    }
}

/// Whether this is set but not a value: empty text, or the address that Kubernetes puts into `MYSQL_PORT`.
pub(crate) fn is_unset(key: Key, value: &Raw<'_>) -> bool {
    let schemes = ["tcp://", "udp://", "sctp://"];
    let is_link = |text: &str| {
        let is_number = text.starts_with(|first: char| first.is_ascii_digit());
        !is_number && schemes.iter().any(|link| text.starts_with(link))
    };
    value.is_empty() || key == Key::Port && value.text().is_some_and(is_link)
}

/// A second spelling of the same key is a conflict unless it says the same.
pub(crate) fn conflict(held: &Slot, other: &Slot) -> Option<Problem> {
    let one_way = held.source.spelling().in_file == other.source.spelling().in_file;
    if one_way && held.value.is_same(&other.value) {
        return None;
    }
    let what = if one_way {
        "set twice, to different values"
    } else {
        "set both directly and through a file"
    };
    let problem = Problem::new(ProblemKind::Conflict, what)
        .at(&held.source)
        .of_key(held.spelling.key);
    Some(
        problem
            .detail(format!("the other one: {}", other.source))
            .help("remove one of the two"),
    )
}

/// The problem of a value that is not of the type that its key needs.
pub(crate) fn wrong_type(slot: &Slot, needed: &str) -> Problem {
    let key = slot.spelling.key;
    let found = match slot.value {
        Raw::Integer(_) => "a number",
        Raw::Bool(_) => "true or false",
        Raw::Null => "null",
        Raw::Other(found) => found,
        Raw::Lent(_) | Raw::Text(_) => "text",
        Raw::NotUtf8 => {
            let problem = Problem::new(ProblemKind::NotUtf8, "the value is not UTF-8").of_key(key);
            return problem.at(&slot.source).help("write it as UTF-8");
        }
    };
    let what = format!("must be {needed}, but is {found}");
    let help = match slot.value {
        Raw::Other(TABLE) => {
            format!(
                "give {needed}; a table with that name is read by .named(\"{}\")",
                slot.spelling.text()
            )
        }
        _ => "put the value between quotes".to_owned(),
    };
    Problem::new(ProblemKind::WrongType, what)
        .at(&slot.source)
        .of_key(key)
        .help(help)
}
