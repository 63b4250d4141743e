//! All needles in one automaton, so that a file is read once however many values there are.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::forms;
use super::value::{Value, basis};

/// Up to so many bytes of needles, the faster and larger kind of automaton is built.
const DFA_LIMIT: usize = 64 * 1024;

/// What a match means.
#[derive(Clone, Copy)]
pub(crate) enum Meaning {
    /// A form of the value with this index.
    Value { index: usize, form: &'static str },
}

/// Everything that is searched for.
///
/// The automaton holds every form of every value in plain, in allocations that cannot be wiped.
pub(crate) struct Needles {
    automaton: AhoCorasick,
    meanings: Vec<Meaning>,
}

/// A needle that was found.
#[derive(Clone, Copy)]
pub(crate) struct Match {
    pub start: usize,
    pub end: usize,
    pub meaning: Meaning,
}

impl Needles {
    /// The error says why there can be no automaton.
    pub(crate) fn new(values: &[Value]) -> Result<Needles, String> {
        let forms: Vec<_> = values
            .iter()
            .map(|value| forms::of(basis(value.text.as_str())))
            .collect();
        let mut meanings = Vec::new();
        for (index, forms) in forms.iter().enumerate() {
            meanings.extend(forms.iter().map(|form| Meaning::Value {
                index,
                form: form.name,
            }));
        }
        let needles = || forms.iter().flatten().map(|form| &**form.bytes);
        let size: usize = needles().map(<[u8]>::len).sum();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind((size <= DFA_LIMIT).then_some(AhoCorasickKind::DFA))
            .build(needles())
            .map_err(|_| "there are too many values to search for".to_owned())?;
        Ok(Needles {
            automaton,
            meanings,
        })
    }

    /// Every match in `bytes`, those inside of others included, by where they begin.
    pub(crate) fn find(&self, bytes: &[u8], matches: &mut Vec<Match>) {
        matches.clear();
        matches.extend(
            self.automaton
                .find_overlapping_iter(bytes)
                .map(|found| Match {
                    start: found.start(),
                    end: found.end(),
                    meaning: self.meanings[found.pattern().as_usize()],
                }),
        );
        matches.sort_by_key(|found| found.start);
    }
}
