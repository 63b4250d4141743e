//! Searches one file, or anything else that can be read, through a window of bounded size. Of UTF-16 alone, all is in memory.

use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use super::encoding::{Kind, utf_8};
use super::finding::{PRIVATE_KEY, Rule};
use super::needles::{Match, Meaning, Needles};
use super::position::{Place, Position};
use super::rules::{Check, File, PGPASS, Spot, is_allowed};

/// How much of a file is in memory at once.
const WINDOW: usize = 256 * 1024;

/// How far from where a match begins it can end, and how long a line's surroundings are. What begins closer to the window's end is left to
/// the next window.
const REACH: usize = 8 * 1024;

/// A rule that finds something so close before a known value found that one, with a quote or a user's name before it.
const NEAR: usize = 16;

/// How far from a rule's anchor the secret can be that it finds.
const AROUND: usize = 1024;

/// Something that was found in a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub place: Place,
    pub what: What,
    /// A hash of the text from there on, by which another secret at the same place is told from this one. Its key is another one in every
    /// run, so that nobody can try secrets against it.
    pub hash: u64,
}

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Value { index: usize, form: &'static str },
    Rule(&'static Rule),
}

/// Searches one file after another in the same memory.
pub(crate) struct Scanner<'a> {
    needles: &'a Needles,
    buffer: Vec<u8>,
    matches: Vec<Match>,
}

/// A part of a file.
struct Window {
    /// How much of the buffer is filled.
    filled: usize,
    /// What begins before this was dealt with.
    done: usize,
    /// Where the window begins in the file.
    origin: u64,
    position: Position,
    is_text: bool,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(needles: &'a Needles) -> Scanner<'a> {
        Scanner {
            needles,
            buffer: vec![0; WINDOW],
            matches: Vec::new(),
        }
    }

    /// Everything that is found in `input`, in order. Where it is no file with a path, only values are searched for.
    pub(crate) fn scan(
        &mut self,
        mut input: impl Read,
        path: Option<&Path>,
    ) -> io::Result<Vec<Hit>> {
        let file = path.map(File::new);
        let file = file.as_ref();
        let filled = fill(&mut input, &mut self.buffer)?;
        match Kind::of(&self.buffer[..filled]) {
            Kind::Text => self.scan_from(input, filled, true, file),
            Kind::Binary => self.scan_from(input, filled, false, None),
            Kind::Utf16 { big_endian } => {
                // Both readings need all of it.
                let mut bytes = self.buffer[..filled].to_vec();
                input.read_to_end(&mut bytes)?;
                self.scan_utf16(&bytes, big_endian, file)
            }
        }
    }

    /// Searches the text and, for what only looks like one, the bytes as they are.
    fn scan_utf16(
        &mut self,
        bytes: &[u8],
        big_endian: bool,
        file: Option<&File<'_>>,
    ) -> io::Result<Vec<Hit>> {
        let text = utf_8(bytes, big_endian);
        let mut input = &text[..];
        let filled = fill(&mut input, &mut self.buffer)?;
        let mut hits = self.scan_from(input, filled, true, file)?;
        let mut input = bytes;
        let filled = fill(&mut input, &mut self.buffer)?;
        let raw = self.scan_from(input, filled, false, None)?;
        let is_new = |hit: &Hit| match hit.what {
            What::Value { index, .. } => !hits.iter().any(
                |found| matches!(found.what, What::Value { index: known, .. } if known == index),
            ),
            What::Rule(_) => false,
        };
        let raw: Vec<Hit> = raw.into_iter().filter(is_new).collect();
        hits.extend(raw);
        Ok(hits)
    }

    /// The values in a text in memory that is no file: where, which, and in which form.
    pub(crate) fn find(
        &mut self,
        bytes: &[u8],
    ) -> impl Iterator<Item = (Range<usize>, usize, &'static str)> {
        self.needles.find(bytes, &mut self.matches);
        self.matches.iter().filter_map(|found| match found.meaning {
            Meaning::Value { index, form } => Some((found.start..found.end, index, form)),
            Meaning::Anchor(_) => None,
        })
    }

    fn scan_from(
        &mut self,
        mut input: impl Read,
        filled: usize,
        is_text: bool,
        file: Option<&File<'_>>,
    ) -> io::Result<Vec<Hit>> {
        let mut hits = Vec::new();
        let mut window = Window {
            filled,
            done: 0,
            origin: 0,
            position: Position::START,
            is_text,
        };
        while window.filled == self.buffer.len() {
            let bytes = &self.buffer[..];
            let safe = line_start(bytes, bytes.len() - REACH);
            self.inspect(&window, safe, file, &mut hits);
            // What begins next is looked at together with what stands before it.
            let keep = safe - REACH;
            window.position.advance(&self.buffer[..keep]);
            self.buffer.copy_within(keep.., 0);
            let kept = self.buffer.len() - keep;
            window.origin += keep as u64;
            window.done = safe - keep;
            window.filled = kept + fill(&mut input, &mut self.buffer[kept..])?;
        }
        self.inspect(&window, window.filled, file, &mut hits);
        Ok(hits)
    }

    /// Finds what begins behind `window.done` and before `safe`.
    fn inspect(
        &mut self,
        window: &Window,
        safe: usize,
        file: Option<&File<'_>>,
        hits: &mut Vec<Hit>,
    ) {
        let bytes = &self.buffer[..window.filled];
        // Known values before and behind count for what the rules find.
        let from = window.done.saturating_sub(AROUND);
        self.needles.find(&bytes[from..], &mut self.matches);
        let mut found = Found::default();
        let own = window.done..safe;
        for matched in &self.matches {
            let (start, end) = (matched.start + from, matched.end + from);
            match (matched.meaning, file) {
                (Meaning::Value { index, form }, _) => found.value(index, form, start..end),
                (Meaning::Anchor(check), Some(file)) if own.contains(&start) => {
                    found.check(check, bytes, start, file);
                }
                (Meaning::Anchor(_), _) => {}
            }
        }
        if let Some(file) = file.filter(|file| file.is_pgpass()) {
            let lines = memchr::memchr_iter(b'\n', bytes).map(|newline| newline + 1);
            let lines = std::iter::once(0).chain(lines);
            lines
                .filter(|start| (window.done..safe).contains(start))
                .for_each(|start| found.check(&PGPASS, bytes, start, file));
        }
        let mut counted = (0, window.position);
        for (start, what) in found.in_order(own) {
            let place = if window.is_text {
                counted.1.advance(&bytes[counted.0..start]);
                counted.0 = start;
                Place::Text(counted.1)
            } else {
                Place::Binary(window.origin + start as u64)
            };
            let is_rule = |what: What| matches!(what, What::Rule(_));
            let mut behind = hits.iter().rev().take_while(|hit| hit.place >= place);
            if is_rule(what) && behind.any(|hit| hit.place == place && is_rule(hit.what)) {
                // Another anchor has found it as well, in the window before.
                continue;
            }
            let hash = hash(&bytes[start..], what);
            hits.push(Hit { place, what, hash });
        }
    }
}

/// What was found in a window, by where it is.
#[derive(Default)]
struct Found {
    values: Vec<(Range<usize>, usize, &'static str)>,
    rules: Vec<(usize, &'static Rule)>,
}

impl Found {
    /// Forms of one value overlap: the first one counts.
    fn value(&mut self, index: usize, form: &'static str, range: Range<usize>) {
        let last = self
            .values
            .iter()
            .rev()
            .find(|(_, other, _)| *other == index);
        if last.is_none_or(|(last, _, _)| range.start >= last.end) {
            self.values.push((range, index, form));
        }
    }

    fn check(&mut self, check: &'static Check, bytes: &[u8], at: usize, file: &File<'_>) {
        let spot = Spot::new(bytes, at, file);
        // The secret can stand in another line than the anchor.
        let is_allowed = |at: usize| is_allowed(&spot) || is_allowed(&Spot::new(bytes, at, file));
        if let Some(start) = (check.find)(&spot).filter(|start| !is_allowed(*start)) {
            self.rules.push((start, check.rule));
        }
    }

    /// Each place once: a value that is known is no guess any more. Values that do not begin within `own` are another window's.
    fn in_order(mut self, own: Range<usize>) -> Vec<(usize, What)> {
        self.rules.sort_by_key(|(start, _)| *start);
        self.rules.dedup_by_key(|(start, _)| *start);
        let is_known = |at: usize| {
            // They are in order.
            let behind = self
                .values
                .partition_point(|(range, _, _)| range.start < at + NEAR);
            let near = self.values[..behind].iter().rev();
            let mut near = near.take_while(|(range, _, _)| range.start + REACH > at);
            near.any(|(range, _, _)| at < range.end)
        };
        let rules = self.rules.iter().filter(|(start, _)| !is_known(*start));
        let mut all: Vec<(usize, What)> = rules
            .map(|(start, rule)| (*start, What::Rule(rule)))
            .collect();
        let values = self.values.into_iter();
        let values = values.filter(|(range, _, _)| own.contains(&range.start));
        all.extend(values.map(|(range, index, form)| (range.start, What::Value { index, form })));
        all.sort_by_key(|(start, _)| *start);
        all
    }
}

/// Where the line begins that `at` is in, if that is within reach; `at` if not.
fn line_start(bytes: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(REACH);
    memchr::memrchr(b'\n', &bytes[from..at]).map_or(at, |newline| from + newline + 1)
}

/// Of what stands up to the end of the line, or of its beginning; a private key has several lines.
fn hash(bytes: &[u8], what: What) -> u64 {
    static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    let text = &bytes[..bytes.len().min(AROUND)];
    let is_key = matches!(what, What::Rule(rule) if *rule == PRIVATE_KEY);
    let end = memchr::memchr(b'\n', text).filter(|_| !is_key);
    KEY.hash_one(&text[..end.unwrap_or(text.len())])
}

/// Fills the buffer unless the input ends before.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
