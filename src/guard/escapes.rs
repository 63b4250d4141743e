//! Escapes: how languages and formats write a text, character by character.

use std::fmt::Write;

use Style::{Backslash, Bare, HtmlSafe, Numbered, Replace, RustDebug, RustDefault};
use Wide::{Braces, Bytes, Lower, LowerLong, Plain, Upper, UpperLong};

use crate::secret::Text;

/// One way to write a text.
pub(crate) enum Style {
    /// A backslash before the special characters, control characters by letter or number, and what is not ASCII as it says.
    Backslash(&'static str, Wide),
    /// The same between double quotes, but the special characters by number.
    HtmlSafe(&'static str, Wide),
    /// A backslash before everything but letters, digits and these.
    Bare(&'static str),
    /// Other text in place of characters.
    Replace(&'static [(char, &'static str)]),
    /// What XML gives a meaning to, and what is not ASCII, by a decimal number (`#`) or a hexadecimal one (`#x`).
    Numbered(&'static str),
    RustDefault,
    RustDebug,
}

/// What becomes of a character that is not ASCII.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Wide {
    Plain,
    /// `\u00e9`, twice beyond U+FFFF.
    Lower,
    /// `\u00E9`, twice beyond U+FFFF.
    Upper,
    /// `\u00e9`, or `\U` and eight digits.
    LowerLong,
    /// `\u00E9`, or `\U` and eight digits.
    UpperLong,
    /// `\u{e9}`
    Braces,
    /// `\xc3\xa9`
    Bytes,
}

/// Every way, under the name that findings call it by. Most values come out of several alike, and are searched once.
pub(crate) const STYLES: &[(&str, Style)] = &[
    ("plain", Replace(&[])),
    // JSON, TOML, YAML, Rust, C, Java, Go and JavaScript between double quotes. In JSON, PHP escapes the slash as well.
    ("JSON-escaped", Backslash(r#""\"#, Plain)),
    ("JSON-escaped", Backslash(r#""\"#, Lower)),
    ("JSON-escaped", Backslash(r#""\"#, Upper)),
    ("JSON-escaped", Backslash(r#""\/"#, Plain)),
    ("JSON-escaped", Backslash(r#""\/"#, Lower)),
    ("JSON-escaped", Backslash(r#""\/"#, Upper)),
    // Go and Gson write JSON that can stand inside HTML.
    ("JSON-escaped", HtmlSafe("<>&", Plain)),
    ("JSON-escaped", HtmlSafe("<>&='", Plain)),
    ("JSON-escaped", HtmlSafe("<>&='", Lower)),
    // TOML, Go and Python.
    ("escaped", Backslash(r#""\"#, LowerLong)),
    ("escaped", Backslash(r#""\"#, UpperLong)),
    // C, shells, Python, Rust's byte strings.
    ("escaped", Backslash(r#""\"#, Bytes)),
    ("Rust-escaped", Backslash(r#""\"#, Braces)),
    ("Rust-escaped", RustDefault),
    ("Rust-escaped", RustDebug),
    // Between single quotes; SQL; .properties files.
    ("escaped", Backslash(r"\", Plain)),
    ("escaped", Backslash(r"'\", Plain)),
    ("escaped", Backslash(r#"'"\"#, Plain)),
    ("escaped", Backslash(r"\:=#! ", Lower)),
    ("escaped", Backslash(r"\:=#! ", Upper)),
    // Interpolated strings: shells, PHP, Perl, Ruby, Kotlin.
    ("escaped", Backslash(r#""\$"#, Plain)),
    ("escaped", Backslash(r#""\$@#"#, Plain)),
    ("shell-quoted", Backslash(r#""\$`"#, Plain)),
    ("shell-quoted", Backslash(r#""\$`!"#, Plain)),
    ("shell-quoted", Replace(&[('\'', r"'\''")])),
    ("shell-quoted", Replace(&[('\'', r#"'"'"'"#)])),
    ("shell-quoted", Bare("_./:=@%+,-")),
    ("shell-quoted", Bare("_./:=@%+-")),
    ("shell-quoted", Bare("_./:=@%+,-#")),
    // YAML and SQL between single quotes, CSV and SQL between double quotes, Compose files and Makefiles, Python's ini files.
    ("doubled", Replace(&[('\'', "''")])),
    ("doubled", Replace(&[('\'', "''"), ('\\', r"\\")])),
    ("doubled", Replace(&[('"', "\"\"")])),
    ("doubled", Replace(&[('$', "$$")])),
    ("doubled", Replace(&[('%', "%%")])),
    ("XML-escaped", Replace(&[AND, LESS, MORE])),
    ("XML-escaped", Replace(&[AND, LESS, MORE, QUOTE])),
    (
        "XML-escaped",
        Replace(&[AND, LESS, MORE, QUOTE, ('\'', "&apos;")]),
    ),
    (
        "XML-escaped",
        Replace(&[AND, LESS, MORE, QUOTE, ('\'', "&#39;")]),
    ),
    (
        "XML-escaped",
        Replace(&[AND, LESS, MORE, QUOTE, ('\'', "&#039;")]),
    ),
    (
        "XML-escaped",
        Replace(&[AND, LESS, MORE, QUOTE, ('\'', "&#x27;")]),
    ),
    (
        "XML-escaped",
        Replace(&[AND, LESS, MORE, ('"', "&#34;"), ('\'', "&#39;")]),
    ),
    ("XML-escaped", Numbered("#")),
    ("XML-escaped", Numbered("#x")),
];

const AND: (char, &str) = ('&', "&amp;");
const LESS: (char, &str) = ('<', "&lt;");
const MORE: (char, &str) = ('>', "&gt;");
const QUOTE: (char, &str) = ('"', "&quot;");

impl Style {
    /// Appends what a character becomes.
    pub(crate) fn write(&self, c: char, out: &mut Text) {
        match self {
            Backslash(special, wide) => quoted(c, special, *wide, out),
            HtmlSafe(special, _) if special.contains(c) => number(c.into(), Lower, out),
            HtmlSafe(_, wide) => quoted(c, r#""\"#, *wide, out),
            Bare(safe) => {
                if c.is_ascii() && !c.is_ascii_alphanumeric() && !safe.contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
            Replace(replacements) => match replacements.iter().find(|(special, _)| *special == c) {
                Some((_, replacement)) => out.push_str(replacement),
                None => out.push(c),
            },
            Numbered(_) if c.is_ascii() && !"&<>\"'".contains(c) => out.push(c),
            Numbered("#") => append(out, format_args!("&#{};", u32::from(c))),
            Numbered(_) => append(out, format_args!("&#x{:X};", u32::from(c))),
            RustDefault => out.extend(c.escape_default()),
            RustDebug => out.extend(c.escape_debug()),
        }
    }
}

fn quoted(c: char, special: &str, wide: Wide, out: &mut Text) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        c if special.contains(c) => {
            out.push('\\');
            out.push(c);
        }
        c if c.is_ascii_control() => number(c.into(), Lower, out),
        c if c.is_ascii() => out.push(c),
        c => match wide {
            Plain => out.push(c),
            Lower | Upper => {
                let mut units = [0; 2];
                let units = c.encode_utf16(&mut units).iter();
                units.for_each(|&unit| number(unit.into(), wide, out));
            }
            LowerLong | UpperLong => number(c.into(), wide, out),
            Braces => out.extend(c.escape_unicode()),
            Bytes => {
                let mut bytes = [0; 4];
                let bytes = c.encode_utf8(&mut bytes).bytes();
                bytes.for_each(|byte| append(out, format_args!("\\x{byte:02x}")));
            }
        },
    }
}

fn number(number: u32, wide: Wide, out: &mut Text) {
    let (letter, digits) = if number > 0xffff { ('U', 8) } else { ('u', 4) };
    if matches!(wide, Upper | UpperLong) {
        append(out, format_args!("\\{letter}{number:0digits$X}"));
    } else {
        append(out, format_args!("\\{letter}{number:0digits$x}"));
    }
}

fn append(out: &mut Text, text: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = out.write_fmt(text);
}
