//! The text around an anchor.

use std::ops::Range;

use super::FileKind;

/// How much of what stands before and behind an anchor is looked at.
const BEFORE: usize = 1024;
const AFTER: usize = 1024;

/// An anchor with the text around it, lines before and behind included.
pub(crate) struct Spot<'a> {
    pub text: &'a str,
    /// Where the anchor begins in the text.
    pub at: usize,
    /// The part of the anchor's line that is in the text.
    pub line: Range<usize>,
    pub file: &'a FileKind,
}

impl<'a> Spot<'a> {
    /// The spot at `at` in `bytes`, and where its text begins there. Text ends where it is not UTF-8.
    pub(crate) fn new(bytes: &'a [u8], at: usize, file: &'a FileKind) -> (Spot<'a>, usize) {
        let mut start = at.saturating_sub(BEFORE);
        // A character that is cut in half would end the text.
        while start < at && bytes[start] & 0xc0 == 0x80 {
            start += 1;
        }
        let bytes = &bytes[start..bytes.len().min(at + AFTER)];
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => {
                let (skipped, text) = valid_around(bytes, at - start);
                start += skipped;
                text
            }
        };
        let at = at.saturating_sub(start).min(text.len());
        let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[at..]
            .find('\n')
            .map_or(text.len(), |newline| at + newline);
        (
            Spot {
                text,
                at,
                line: line_start..line_end,
                file,
            },
            start,
        )
    }

    /// The line, or what is looked at of it.
    pub(crate) fn line(&self) -> &'a str {
        &self.text[self.line.clone()]
    }

    /// What stands in the line before the anchor.
    pub(crate) fn before(&self) -> &'a str {
        &self.text[self.line.start..self.at]
    }

    /// What stands in the line from the anchor on.
    pub(crate) fn after(&self) -> &'a str {
        &self.text[self.at..self.line.end]
    }

    /// Where a part of the text begins in it.
    pub(crate) fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }
}

/// The longest text around `at` in bytes that are not all UTF-8, and how many bytes are before it.
fn valid_around(bytes: &[u8], at: usize) -> (usize, &str) {
    let mut start = 0;
    for chunk in bytes.utf8_chunks() {
        if start + chunk.valid().len() > at {
            return (start, chunk.valid());
        }
        start += chunk.valid().len() + chunk.invalid().len();
    }
    (start, "")
}
