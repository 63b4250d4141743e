//! The encodings of the value that is planted.

use std::fmt::Write;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::repository::SECRET;

const UNRESERVED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Every encoding, written by hand or by the crates and programs whose form it is.
pub fn encodings() -> Vec<(&'static str, String)> {
    let non_alphanumeric = percent_encoding::NON_ALPHANUMERIC;
    let percent = |set| percent_encoding::utf8_percent_encode(SECRET, set).to_string();
    let lower = |text: String| {
        let mut parts = text.split('%');
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |all, part| {
            format!("{all}%{}{}", part[..2].to_lowercase(), &part[2..])
        })
    };
    vec![
        ("plain", SECRET.to_owned()),
        ("percent", percent(non_alphanumeric)),
        ("percent, lower case", lower(percent(non_alphanumeric))),
        ("unreserved", percent(UNRESERVED)),
        ("unreserved, lower case", lower(percent(UNRESERVED))),
        (
            "form",
            url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect(),
        ),
        ("JSON", serde_json::to_string(SECRET).unwrap()),
        ("JSON with slashes", r#"Zq7\"w'\\e\/4 <&>%$é!"#.to_owned()),
        ("JSON in ASCII", r#"Zq7\"w'\\e/4 <&>%$\u00e9!"#.to_owned()),
        (
            "JSON in ASCII, upper case",
            r#"Zq7\"w'\\e/4 <&>%$\u00E9!"#.to_owned(),
        ),
        (
            "JSON of Go",
            r#"Zq7\"w'\\e/4 \u003c\u0026\u003e%$é!"#.to_owned(),
        ),
        ("escape_default", SECRET.escape_default().to_string()),
        ("Debug", format!("{SECRET:?}")),
        ("single quotes", r#"Zq7"w\'\\e/4 <&>%$é!"#.to_owned()),
        (
            "shell, single quotes",
            r#"Zq7"w'\''\e/4 <&>%$é!"#.to_owned(),
        ),
        (
            "shell, double quotes",
            r#"Zq7\"w'\\e/4 <&>%\$é!"#.to_owned(),
        ),
        (
            "shell, no quotes",
            r#"Zq7\"w\'\\e/4\ \<\&\>%\$é\!"#.to_owned(),
        ),
        ("YAML", r#"Zq7"w''\e/4 <&>%$é!"#.to_owned()),
        ("CSV", r#"Zq7""w'\e/4 <&>%$é!"#.to_owned()),
        ("Compose", r#"Zq7"w'\e/4 <&>%$$é!"#.to_owned()),
        (
            "XML",
            r#"Zq7&quot;w&apos;\e/4 &lt;&amp;&gt;%$é!"#.to_owned(),
        ),
        (
            "HTML",
            r#"Zq7&quot;w&#39;\e/4 &lt;&amp;&gt;%$é!"#.to_owned(),
        ),
        ("base64 at 0", base64(SECRET.as_bytes(), false)),
        (
            "base64 at 1",
            base64(format!(":{SECRET}").as_bytes(), false),
        ),
        (
            "base64 at 2",
            base64(format!("u:{SECRET}\n").as_bytes(), false),
        ),
        ("base64 for URLs at 0", base64(SECRET.as_bytes(), true)),
        (
            "base64 for URLs at 1",
            base64(format!("abc:{SECRET}").as_bytes(), true),
        ),
        (
            "base64 for URLs at 2",
            base64(format!("ab{SECRET}!").as_bytes(), true),
        ),
        ("hexadecimal", hexadecimal().to_lowercase()),
        ("hexadecimal, upper case", hexadecimal().to_uppercase()),
    ]
}

pub fn hexadecimal() -> String {
    SECRET.bytes().fold(String::new(), |mut all, byte| {
        write!(all, "{byte:02x}").unwrap();
        all
    })
}

pub fn base64(bytes: &[u8], for_url: bool) -> String {
    match for_url {
        true => URL_SAFE_NO_PAD.encode(bytes),
        false => STANDARD.encode(bytes),
    }
}
