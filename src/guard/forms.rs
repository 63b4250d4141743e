//! Every form in which a value is searched for: as it stands, escaped, percent-encoded, and as base64, hexadecimal or UTF-16.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_encode};
use zeroize::Zeroizing;

use super::escapes::STYLES;
use crate::secret::Text;

/// A value in one form.
pub(crate) struct Form {
    /// What a finding calls it: `base64`.
    pub name: &'static str,
    pub bytes: Zeroizing<Vec<u8>>,
}

/// Everything but what RFC 3986 leaves unreserved.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What percent-encoders leave as it is differs; these sets are in use.
const PERCENT_SETS: [&AsciiSet; 9] = [
    NON_ALPHANUMERIC,
    UNRESERVED,
    // Python's urllib.parse.quote.
    &UNRESERVED.remove(b'/'),
    // The user information of Go's net/url.
    &UNRESERVED
        .remove(b'$')
        .remove(b'&')
        .remove(b'+')
        .remove(b',')
        .remove(b';')
        .remove(b'='),
    // SQLAlchemy 2.
    &UNRESERVED.remove(b' ').remove(b'+'),
    // JavaScript's encodeURI.
    &UNRESERVED
        .remove(b'!')
        .remove(b'#')
        .remove(b'$')
        .remove(b'&')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')')
        .remove(b'*')
        .remove(b'+')
        .remove(b',')
        .remove(b'/')
        .remove(b':')
        .remove(b';')
        .remove(b'=')
        .remove(b'?')
        .remove(b'@'),
    // JavaScript's encodeURIComponent.
    &UNRESERVED
        .remove(b'!')
        .remove(b'*')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')'),
    // The user information of the WHATWG URL standard.
    &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'`')
        .add(b'{')
        .add(b'}')
        .add(b'/')
        .add(b':')
        .add(b';')
        .add(b'=')
        .add(b'@')
        .add(b'[')
        .add(b'\\')
        .add(b']')
        .add(b'^')
        .add(b'|'),
    // What a person escapes by hand: delimiters alone.
    &CONTROLS
        .add(b' ')
        .add(b'#')
        .add(b'%')
        .add(b'/')
        .add(b':')
        .add(b'?')
        .add(b'@')
        .add(b'[')
        .add(b']'),
];

/// Form encoding: a space becomes a plus.
const FORM_SETS: [&AsciiSet; 2] = [
    &UNRESERVED.remove(b' '),
    &UNRESERVED.remove(b' ').add(b'~').remove(b'*'),
];

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Every different form of `value`.
pub(crate) fn of(value: &str) -> Vec<Form> {
    let mut forms = Forms(Vec::new());
    for (name, style) in STYLES {
        let mut text = Text::with_capacity(2 * value.len());
        value
            .chars()
            .for_each(|character| style.write(character, &mut text));
        forms.add(name, text.into_string().into_bytes());
    }
    for set in PERCENT_SETS {
        let upper = percent(value, set);
        forms.add("percent-encoded", in_lower_case(&upper));
        forms.add("percent-encoded", upper);
    }
    for set in FORM_SETS {
        let mut upper = percent(value, set);
        upper
            .iter_mut()
            .filter(|byte| **byte == b' ')
            .for_each(|byte| *byte = b'+');
        forms.add("form-encoded", in_lower_case(&upper));
        forms.add("form-encoded", upper);
    }
    for alphabet in [BASE64, BASE64_URL] {
        (0..3).for_each(|before| forms.add("base64", base64(value.as_bytes(), before, alphabet)));
    }
    forms.add("hexadecimal", hexadecimal(value, b"0123456789abcdef"));
    forms.add("hexadecimal", hexadecimal(value, b"0123456789ABCDEF"));
    if value.chars().all(|character| character <= '\u{ff}') {
        forms.add("Latin-1", collected(value, value.chars().map(|c| c as u8)));
    }
    let units = || value.encode_utf16();
    forms.add(
        "UTF-16",
        collected(value, units().flat_map(u16::to_le_bytes)),
    );
    forms.add(
        "UTF-16",
        collected(value, units().flat_map(u16::to_be_bytes)),
    );
    forms.0
}

struct Forms(Vec<Form>);

impl Forms {
    /// Keeps a form unless it is there already.
    fn add(&mut self, name: &'static str, bytes: Vec<u8>) {
        let bytes = Zeroizing::new(bytes);
        if !self.0.iter().any(|form| *form.bytes == *bytes) {
            self.0.push(Form { name, bytes });
        }
    }
}

/// The bytes of an encoding that takes two bytes at most for one. There is room for all, so that nothing is left behind by growing.
fn collected(value: &str, encoded: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(2 * value.len());
    bytes.extend(encoded);
    bytes
}

fn percent(value: &str, set: &'static AsciiSet) -> Vec<u8> {
    // An escape is three bytes, so nothing is left behind by growing.
    let mut bytes = Vec::with_capacity(3 * value.len());
    percent_encode(value.as_bytes(), set).for_each(|part| bytes.extend_from_slice(part.as_bytes()));
    bytes
}

/// The same percent escapes with `a` to `f`.
fn in_lower_case(encoded: &[u8]) -> Vec<u8> {
    let mut lower = encoded.to_vec();
    let mut at = 0;
    while at < lower.len() {
        if lower[at] == b'%' && lower.len() > at + 2 && is_hex(&lower[at + 1..at + 3]) {
            lower[at + 1..at + 3].make_ascii_lowercase();
            at += 2;
        }
        at += 1;
    }
    lower
}

fn is_hex(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_hexdigit)
}

/// The characters that `value` alone decides where `before` bytes (of three) stand before it in what is encoded. What follows the value,
/// padding included, decides the rest.
fn base64(value: &[u8], before: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let bit = |at: usize| {
        let byte = value[(at - 8 * before) / 8];
        usize::from(byte >> (7 - at % 8) & 1)
    };
    let (first, end) = ((8 * before).div_ceil(6), 8 * (before + value.len()) / 6);
    let character =
        |at: usize| alphabet[(6 * at..6 * at + 6).fold(0, |index, at| 2 * index + bit(at))];
    (first..end).map(character).collect()
}

fn hexadecimal(value: &str, digits: &[u8; 16]) -> Vec<u8> {
    let pair = |byte: u8| {
        [
            digits[usize::from(byte >> 4)],
            digits[usize::from(byte & 15)],
        ]
    };
    let mut bytes = Vec::with_capacity(2 * value.len());
    value.bytes().for_each(|byte| bytes.extend(pair(byte)));
    bytes
}
