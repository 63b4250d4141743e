//! All needles in one search, so that a file is read once however many values there are.
//!
//! What is searched for are fragments of four bytes, at least one of every needle: so few and so short that vector instructions can look for
//! all of them at once, and that they give nothing away. Where a fragment is found, its needles are compared with what stands there.

use std::collections::BTreeMap;

use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, Span};
use zeroize::Zeroizing;

use super::forms;
use super::rules::{CHECKS, Check};
use super::value::{Value, basis};

/// The length of a fragment of a needle. Anchors of rules, which are fragments by themselves, have three or four bytes.
const LENGTH: usize = 4;

/// What a match means.
#[derive(Clone, Copy)]
pub(crate) enum Meaning {
    /// A form of the value with this index.
    Value { index: usize, form: &'static str },
    /// A rule is to be tried.
    Anchor(&'static Check),
}

impl Meaning {
    fn is_value(self) -> bool {
        matches!(self, Meaning::Value { .. })
    }
}

/// Everything that is searched for. Needles are wiped when they are dropped, fragments are not.
pub(crate) struct Needles {
    engine: Engine,
    /// Of each fragment, the needles it is in.
    by_fragment: Vec<Vec<Needle>>,
}

enum Engine {
    /// With vector instructions.
    Packed(Searcher),
    /// For more fragments than those can do, or on a processor without.
    Automaton(Box<AhoCorasick>),
}

struct Needle {
    bytes: Zeroizing<Vec<u8>>,
    /// Where the fragment begins in it.
    offset: usize,
    meaning: Meaning,
}

/// A needle that was found.
#[derive(Clone, Copy)]
pub(crate) struct Match {
    pub start: usize,
    pub end: usize,
    pub meaning: Meaning,
}

impl Needles {
    /// The error says why there can be no search.
    pub(crate) fn new(values: &[Value]) -> Result<Needles, String> {
        let mut by_fragment: BTreeMap<Vec<u8>, Vec<Needle>> = BTreeMap::new();
        for check in CHECKS {
            for anchor in check.anchors {
                let bytes = Zeroizing::new(anchor.as_bytes().to_vec());
                let needle = Needle {
                    bytes,
                    offset: 0,
                    meaning: Meaning::Anchor(check),
                };
                by_fragment.insert(anchor.as_bytes().to_vec(), vec![needle]);
            }
        }
        for (index, value) in values.iter().enumerate() {
            for form in forms::of(basis(value.text.as_str())) {
                let Some((offset, fragment)) = choose(&form.bytes, &by_fragment) else {
                    continue;
                };
                let meaning = Meaning::Value {
                    index,
                    form: form.name,
                };
                let needle = Needle {
                    bytes: form.bytes,
                    offset,
                    meaning,
                };
                by_fragment.entry(fragment).or_default().push(needle);
            }
        }
        let fragments: Vec<&Vec<u8>> = by_fragment.keys().collect();
        Ok(Needles {
            engine: Engine::new(&fragments)?,
            by_fragment: by_fragment.into_values().collect(),
        })
    }

    /// Every match in `bytes`, those inside of others included, by where they begin.
    pub(crate) fn find(&self, bytes: &[u8], matches: &mut Vec<Match>) {
        matches.clear();
        self.engine.find(bytes, |fragment, at| {
            for needle in &self.by_fragment[fragment] {
                let start = at.wrapping_sub(needle.offset);
                if bytes
                    .get(start..)
                    .is_some_and(|rest| rest.starts_with(&needle.bytes))
                {
                    let (end, meaning) = (start + needle.bytes.len(), needle.meaning);
                    matches.push(Match {
                        start,
                        end,
                        meaning,
                    });
                }
            }
        });
        matches.sort_by_key(|found| found.start);
    }
}

impl Engine {
    fn new(fragments: &[&Vec<u8>]) -> Result<Engine, String> {
        if let Some(searcher) = packed::Config::new().builder().extend(fragments).build() {
            return Ok(Engine::Packed(searcher));
        }
        let automaton =
            AhoCorasick::new(fragments).map_err(|_| "there are too many values to search for")?;
        Ok(Engine::Automaton(Box::new(automaton)))
    }

    /// Says which fragments are where. None is the beginning of another one, so that no two begin at one place.
    fn find(&self, bytes: &[u8], mut each: impl FnMut(usize, usize)) {
        match self {
            Engine::Packed(searcher) => {
                let mut span = Span::from(0..bytes.len());
                while let Some(found) = searcher.find_in(bytes, span) {
                    each(found.pattern().as_usize(), found.start());
                    span.start = found.start() + 1;
                }
            }
            Engine::Automaton(automaton) => automaton
                .find_overlapping_iter(bytes)
                .for_each(|found| each(found.pattern().as_usize(), found.start())),
        }
    }
}

/// A fragment of a needle, and where it is: one that is searched for already, or else the one that stands by chance in the fewest texts.
/// Where that one begins like an anchor, the anchor's fragment finds it as well.
fn choose(needle: &[u8], known: &BTreeMap<Vec<u8>, Vec<Needle>>) -> Option<(usize, Vec<u8>)> {
    let windows = || needle.windows(LENGTH).enumerate();
    let shared = windows().find(|(_, window)| {
        let others = known.get(*window);
        others.is_some_and(|others| others.iter().all(|needle| needle.meaning.is_value()))
    });
    let (at, window) = shared.or_else(|| windows().min_by_key(|(_, window)| commonness(window)))?;
    let beginning = (1..LENGTH)
        .map(|length| &window[..length])
        .find(|beginning| known.contains_key(*beginning));
    Some((at, beginning.unwrap_or(window).to_vec()))
}

/// How often a fragment is in source code, roughly. What most encodings change is bad as well: other forms should have the same fragment.
fn commonness(fragment: &[u8]) -> u32 {
    let common = |byte: &u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | 0x80.. => 1,
        b'a'..=b'z' => 2,
        _ => 8,
    };
    fragment.iter().map(common).sum()
}
