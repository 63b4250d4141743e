//! All needles in one search, so that a file is read once however many values there are.
//!
//! What is searched for are fragments of four bytes, at least one of every needle: so few and so short that vector instructions can look for
//! all of them at once, and that they give little away. Where a fragment is found, its needles are compared with what stands there.

use std::collections::HashMap;

use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, Span};
use zeroize::Zeroizing;

use super::forms::{self, Form};
use super::rules::{CHECKS, Check};
use super::value::{Value, basis};

/// The length of a fragment of a needle. Only an anchor of a rule can be shorter.
const LENGTH: usize = 4;

/// The length of the shortest anchor.
const SHORTEST: usize = 3;

/// How many fragments are looked for at once: with more, it takes twice as long.
const GROUP: usize = 64;

/// With more groups than this, an automaton that knows all fragments is faster.
const MOST_GROUPS: usize = 6;

/// What a match means.
#[derive(Clone, Copy)]
pub(crate) enum Meaning {
    /// A form of the value with this index.
    Value { index: usize, form: &'static str },
    /// A rule is to be tried.
    Anchor(&'static Check),
}

/// Everything that is searched for. Needles are wiped when they are dropped, fragments are not.
pub(crate) struct Needles {
    engine: Engine,
    /// Of each fragment, the needles that it is in.
    by_fragment: Vec<Vec<Needle>>,
}

enum Engine {
    /// With vector instructions.
    Packed(Vec<Group>),
    /// For more fragments than those can do, or on a processor without.
    Automaton(Box<AhoCorasick>),
}

/// Fragments that are looked for at once.
struct Group {
    searcher: Searcher,
    len: usize,
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
        let mut fragments = Fragments::default();
        // Shorter ones first: they can be all of a longer one's fragment.
        let mut anchors: Vec<(&str, &'static Check)> = CHECKS
            .iter()
            .flat_map(|check| check.anchors.iter().map(move |anchor| (*anchor, check)))
            .collect();
        anchors.sort_by_key(|(anchor, _)| anchor.len().min(LENGTH));
        for (anchor, check) in anchors {
            let bytes = Zeroizing::new(anchor.as_bytes().to_vec());
            fragments.add(bytes, Meaning::Anchor(check));
        }
        for (index, value) in values.iter().enumerate() {
            for Form { name: form, bytes } in forms::of(basis(value.text.as_str())) {
                fragments.add(bytes, Meaning::Value { index, form });
            }
        }
        Ok(Needles {
            engine: Engine::new(&fragments.texts)?,
            by_fragment: fragments.needles,
        })
    }

    /// Every match in `bytes`, those inside of others included, by where they begin.
    pub(crate) fn find(&self, bytes: &[u8], matches: &mut Vec<Match>) {
        matches.clear();
        let compare = |fragment: usize, at: usize| {
            for needle in &self.by_fragment[fragment] {
                let start = at.wrapping_sub(needle.offset);
                let rest = bytes.get(start..);
                // Most differ in their first byte, which takes no call to find out.
                let is_equal = |rest: &[u8]| {
                    rest.first() == needle.bytes.first() && rest.starts_with(&needle.bytes)
                };
                if rest.is_some_and(is_equal) {
                    let (end, meaning) = (start + needle.bytes.len(), needle.meaning);
                    matches.push(Match {
                        start,
                        end,
                        meaning,
                    });
                }
            }
        };
        self.engine.find(bytes, compare);
        matches.sort_by_key(|found| found.start);
    }
}

impl Engine {
    /// Shorter fragments come first.
    fn new(fragments: &[Vec<u8>]) -> Result<Engine, String> {
        let short = fragments.partition_point(|fragment| fragment.len() < LENGTH);
        let (short, long) = fragments.split_at(short);
        // Among longer ones, short ones would cost more than by themselves.
        let groups: Vec<&[Vec<u8>]> = short.chunks(GROUP).chain(long.chunks(GROUP)).collect();
        if groups.len() <= MOST_GROUPS
            && let Some(groups) = groups.into_iter().map(Group::new).collect()
        {
            return Ok(Engine::Packed(groups));
        }
        let automaton =
            AhoCorasick::new(fragments).map_err(|_| "there are too many values to search for")?;
        Ok(Engine::Automaton(Box::new(automaton)))
    }

    /// Says which fragments are where. None is the beginning of another one, so that no two begin at one place.
    fn find(&self, bytes: &[u8], mut each: impl FnMut(usize, usize)) {
        match self {
            Engine::Packed(groups) => {
                let mut first = 0;
                for group in groups {
                    let mut span = Span::from(0..bytes.len());
                    while let Some(found) = group.searcher.find_in(bytes, span) {
                        each(first + found.pattern().as_usize(), found.start());
                        span.start = found.start() + 1;
                    }
                    first += group.len;
                }
            }
            Engine::Automaton(automaton) => automaton
                .find_overlapping_iter(bytes)
                .for_each(|found| each(found.pattern().as_usize(), found.start())),
        }
    }
}

impl Group {
    /// `None`: not on this processor.
    fn new(fragments: &[Vec<u8>]) -> Option<Group> {
        let searcher = packed::Config::new().builder().extend(fragments).build()?;
        Some(Group {
            searcher,
            len: fragments.len(),
        })
    }
}

/// The fragments while they are chosen, and the needles of each.
#[derive(Default)]
struct Fragments {
    texts: Vec<Vec<u8>>,
    by_text: HashMap<Vec<u8>, usize>,
    needles: Vec<Vec<Needle>>,
}

impl Fragments {
    fn add(&mut self, bytes: Zeroizing<Vec<u8>>, meaning: Meaning) {
        let Some((fragment, offset)) = self.choose(&bytes) else {
            return;
        };
        self.needles[fragment].push(Needle {
            bytes,
            offset,
            meaning,
        });
    }

    /// A fragment of a needle, and where it is: one that is searched for already, or else the one that stands by chance in the fewest
    /// texts.
    fn choose(&mut self, needle: &[u8]) -> Option<(usize, usize)> {
        let windows = || needle.windows(LENGTH.min(needle.len())).enumerate();
        // Also by one that begins as it does.
        let known = |window: &[u8]| {
            let mut beginnings = (SHORTEST..=window.len()).map(|length| &window[..length]);
            beginnings.find_map(|text| self.by_text.get(text).copied())
        };
        // What is so short is in many texts, and its needles would be compared too often.
        let shared = windows().find_map(|(at, window)| Some((known(window)?, at)));
        if let Some((fragment, at)) = shared.filter(|(fragment, _)| {
            self.texts[*fragment].len() == LENGTH && !self.is_common(*fragment)
        }) {
            return Some((fragment, at));
        }
        let (at, window) = windows().min_by_key(|(_, window)| commonness(window))?;
        if let Some(fragment) = known(window) {
            return Some((fragment, at));
        }
        self.by_text.insert(window.to_vec(), self.texts.len());
        self.texts.push(window.to_vec());
        self.needles.push(Vec::new());
        Some((self.texts.len() - 1, at))
    }

    /// Whether the fragment is an anchor by itself, and therefore a word.
    fn is_common(&self, fragment: usize) -> bool {
        let is_whole = |needle: &Needle| needle.bytes.len() <= LENGTH;
        self.needles[fragment].iter().any(is_whole)
    }
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
