//! A name that is a password's, with what stands around it, and what is found there.

use super::Spot;

/// A name with what stands around it in its line.
pub(super) struct Named<'s, 'a> {
    pub spot: &'s Spot<'a>,
    pub name: &'a str,
    pub before: &'a str,
    /// What follows the name and its closing quote.
    pub after: &'a str,
    /// The quote that the name stands in.
    pub quote: Option<&'static str>,
}

/// What was found behind a name.
pub(super) struct Candidate<'a> {
    pub literal: &'a str,
    /// Something else may be meant, unless it looks random.
    pub is_doubtful: bool,
}

impl<'a> Candidate<'a> {
    pub fn sure(literal: &'a str) -> Candidate<'a> {
        Candidate {
            literal,
            is_doubtful: false,
        }
    }

    pub fn doubtful(literal: &'a str) -> Candidate<'a> {
        Candidate {
            literal,
            is_doubtful: true,
        }
    }
}
