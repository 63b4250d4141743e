//! The text around an anchor.

use std::cell::OnceCell;

use super::file::{File, FileKind};

/// How much of what stands before and behind an anchor is looked at.
const BEFORE: usize = 1024;
const AFTER: usize = 1024;

/// An anchor with its line, and the lines around it for whoever asks.
pub(crate) struct Spot<'a> {
    bytes: &'a [u8],
    /// Where the anchor begins in the bytes.
    at: usize,
    /// The part of the anchor's line that is looked at.
    line: &'a str,
    text: OnceCell<&'a str>,
    file: &'a File<'a>,
}

impl<'a> Spot<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize, file: &'a File<'a>) -> Spot<'a> {
        let (before, behind) = (&bytes[..at], &bytes[at..]);
        let before = &before[at.saturating_sub(BEFORE)..];
        let behind = &behind[..behind.len().min(AFTER)];
        let start = memchr::memrchr(b'\n', before)
            .map_or(at - before.len(), |newline| at - before.len() + newline + 1);
        let end = memchr::memchr(b'\n', behind).unwrap_or(behind.len());
        Spot {
            bytes,
            at,
            line: valid_around(bytes, start, at, at + end),
            text: OnceCell::new(),
            file,
        }
    }

    /// The line, or what is looked at of it.
    pub(crate) fn line(&self) -> &'a str {
        self.line
    }

    /// What stands in the line before the anchor.
    pub(crate) fn before(&self) -> &'a str {
        &self.line[..self.column()]
    }

    /// What stands in the line from the anchor on.
    pub(crate) fn after(&self) -> &'a str {
        &self.line[self.column()..]
    }

    /// Where the anchor begins in the line.
    pub(crate) fn column(&self) -> usize {
        // Nothing of the line is left if the anchor itself is no text.
        (self.at - self.offset(self.line)).min(self.line.len())
    }

    /// The line with those before and behind it.
    pub(crate) fn text(&self) -> &'a str {
        self.text.get_or_init(|| {
            let end = self.bytes.len().min(self.at + AFTER);
            valid_around(self.bytes, self.at.saturating_sub(BEFORE), self.at, end)
        })
    }

    /// The text before a part of it, and from that on.
    pub(crate) fn text_at(&self, part: &str) -> (&'a str, &'a str) {
        let text = self.text();
        let at = self.offset(part).saturating_sub(self.offset(text));
        text.split_at_checked(at).unwrap_or((text, ""))
    }

    /// Where a part of the text begins in the bytes.
    pub(crate) fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.bytes.as_ptr() as usize)
    }

    /// The kind of file that this is in.
    pub(crate) fn file(&self) -> &'a FileKind {
        self.file.kind()
    }
}

/// The longest text around `at` in this range. It ends where something is not UTF-8.
fn valid_around(bytes: &[u8], start: usize, at: usize, end: usize) -> &str {
    // A character that is cut in half would end the text.
    let is_half = |byte: &&u8| **byte & 0xc0 == 0x80;
    let start = start + bytes[start..at].iter().take_while(is_half).count();
    let around = &bytes[start..end];
    if let Ok(text) = std::str::from_utf8(around) {
        return text;
    }
    let mut end = start;
    let chunk = around.utf8_chunks().find(|chunk| {
        let is_around = (end..end + chunk.valid().len()).contains(&at);
        end += chunk.valid().len() + chunk.invalid().len();
        is_around
    });
    let nothing = std::str::from_utf8(&bytes[at..at]).unwrap_or_default();
    chunk.map_or(nothing, |chunk| chunk.valid())
}
