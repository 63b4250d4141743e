//! Each encoding of a value in each kind of file.

use proptest::prelude::*;

use crate::encoders::{base64, encodings, hexadecimal};
use crate::repository::{Repository, SECRET, config, places};
use dbconf::Guard;

/// File kinds: what stands around the value.
const KINDS: [(&str, &str, &str); 12] = [
    ("src/a.rs", "fn main() {\n    connect(\"", "\");\n}\n"),
    ("a.py", "PASSWORDS = [\n    '", "',\n]\n"),
    ("a.yaml", "db:\n  value: ", "\n  other: 1\n"),
    ("a.toml", "[db]\nvalue = \"", "\"\n"),
    ("a.json", "{\n  \"value\": \"", "\"\n}\n"),
    ("a.env", "export A=1\nVALUE=", "\n"),
    ("Dockerfile", "FROM scratch\nENV VALUE=", "\n"),
    ("a.sh", "#!/bin/sh\nrun --value='", "'\n"),
    ("a.xml", "<a>\n<value>", "</value></a>"),
    ("a.sql", "SELECT 1;\nSET PASSWORD = '", "';"),
    ("README.md", "# A\n\n    run ", "\n"),
    ("a.bin", "\0\u{1}\u{2}\0\0\0\0\0", "\0\0\0\0"),
];

#[test]
#[ignore = "needs git"]
fn each_encoding_in_each_kind_of_file() {
    let repository = Repository::new();
    for (kind, (name, before, after)) in KINDS.iter().enumerate() {
        for (at, (_, encoded)) in encodings().iter().enumerate() {
            let path = format!("{kind}/{at}/{name}");
            repository.write(path, format!("{before}{encoded}{after}"));
        }
    }
    let findings = repository.findings();
    for (kind, (name, before, _)) in KINDS.iter().enumerate() {
        let (lines, last) = (
            before.matches('\n').count(),
            before.rsplit('\n').next().unwrap(),
        );
        for (at, (encoding, encoded)) in encodings().iter().enumerate() {
            let path = format!("{kind}/{at}/{name}");
            let found: Vec<_> = findings
                .iter()
                .filter(|finding| finding.path() == path)
                .collect();
            assert_eq!(found.len(), 1, "{encoding} in {name}: {found:?}");
            assert_eq!(found[0].rule(), "known-value", "{encoding} in {name}");
            // JSON and Debug bring their own quote, and base64 has something before the value.
            let slack = if encoding.contains("base64") {
                8
            } else {
                usize::from(encoded.starts_with('"'))
            };
            if kind == 11 {
                let offset = found[0].byte_offset().unwrap() as usize;
                assert!(
                    (before.len()..=before.len() + slack).contains(&offset),
                    "{encoding}"
                );
            } else {
                assert_eq!(
                    found[0].line(),
                    Some(lines as u64 + 1),
                    "{encoding} in {name}"
                );
                let column = found[0].column().unwrap() as usize;
                let first = last.chars().count() + 1;
                assert!(
                    (first..=first + slack).contains(&column),
                    "{encoding} in {name}: {column}"
                );
            }
        }
    }
    assert_eq!(findings.len(), KINDS.len() * encodings().len());
}

/// What the encoders of the field leave as it is differs; these lines are what they wrote.
#[test]
#[ignore = "needs git"]
fn percent_encoded_by_everybody() {
    let value = r"aB1-b.c_d~e!f*g'h(i)j$k&l+m,n;o=p:q@r/s?t#u v";
    let encoded = [
        // Python: quote, with safe='' and quote_plus; SQLAlchemy 2 has safe=' +'.
        "aB1-b.c_d~e%21f%2Ag%27h%28i%29j%24k%26l%2Bm%2Cn%3Bo%3Dp%3Aq%40r/s%3Ft%23u%20v",
        "aB1-b.c_d~e%21f%2Ag%27h%28i%29j%24k%26l%2Bm%2Cn%3Bo%3Dp%3Aq%40r%2Fs%3Ft%23u%20v",
        "aB1-b.c_d~e%21f%2Ag%27h%28i%29j%24k%26l%2Bm%2Cn%3Bo%3Dp%3Aq%40r%2Fs%3Ft%23u+v",
        "aB1-b.c_d~e%21f%2Ag%27h%28i%29j%24k%26l+m%2Cn%3Bo%3Dp%3Aq%40r%2Fs%3Ft%23u v",
        // JavaScript: encodeURI, encodeURIComponent, the password of a URL.
        "aB1-b.c_d~e!f*g'h(i)j$k&l+m,n;o=p:q@r/s?t#u%20v",
        "aB1-b.c_d~e!f*g'h(i)j%24k%26l%2Bm%2Cn%3Bo%3Dp%3Aq%40r%2Fs%3Ft%23u%20v",
        "aB1-b.c_d~e!f*g'h(i)j$k&l+m,n%3Bo%3Dp%3Aq%40r%2Fs%3Ft%23u%20v",
    ];
    let repository = Repository::new();
    repository.write("a.txt", encoded.join("\n"));
    let guard = Guard::new(repository.path()).secrets_of(&config(value));
    let expected: Vec<String> = (1..=encoded.len())
        .map(|line| format!("a.txt:{line}:1 known-value"))
        .collect();
    assert_eq!(places(&guard.findings().unwrap()), expected);
}

#[test]
#[ignore = "needs git"]
fn the_same_files_without_the_value_are_clean() {
    let repository = Repository::new();
    for (kind, (name, before, after)) in KINDS.iter().enumerate() {
        repository.write(format!("{kind}/{name}"), format!("{before}{after}"));
    }
    assert!(repository.findings().is_empty());
    repository.guard().assert_clean();
}

#[test]
#[ignore = "needs git"]
fn utf_16_with_and_without_a_mark_and_inside_of_binaries() {
    let text = |text: &str| format!("first\r\nvalue = {text}\r\n");
    let encode = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    let repository = Repository::new();
    let hexadecimal = hexadecimal();
    for (name, big, mark) in [
        ("le", false, ""),
        ("be", true, ""),
        ("le-mark", false, "\u{feff}"),
        ("be-mark", true, "\u{feff}"),
    ] {
        repository.write(
            format!("{name}/plain.txt"),
            encode(&format!("{mark}{}", text(SECRET)), big),
        );
        repository.write(
            format!("{name}/hex.txt"),
            encode(&format!("{mark}{}", text(&hexadecimal)), big),
        );
        let mut binary = vec![7; 101];
        binary.extend([0, 7]);
        binary.extend(encode(SECRET, big));
        repository.write(format!("{name}/a.exe"), binary);
    }
    let findings = places(&repository.findings());
    assert_eq!(findings.len(), 12, "{findings:?}");
    for name in ["le", "be", "le-mark", "be-mark"] {
        assert!(
            findings.contains(&format!("{name}/plain.txt:2:9 known-value")),
            "{findings:?}"
        );
        assert!(
            findings.contains(&format!("{name}/hex.txt:2:9 known-value")),
            "{findings:?}"
        );
        assert!(
            findings.contains(&format!("{name}/a.exe:byte 103 known-value")),
            "{findings:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "needs git"]
    fn random_values_in_random_encodings_are_found(
        value in "[ -~éß€😀]{7,40}",
        before in "[ -~\n]{0,50}",
        after in "[ -~\n]{0,50}",
        which in 0..8usize,
    ) {
        prop_assume!(value.chars().any(|character| character.is_ascii_alphabetic()));
        let utf_8 = |text: &str| text.as_bytes().to_vec();
        let around = |encoded: &str| format!("{before}{encoded}{after}");
        let bytes = match which {
            0 => utf_8(&around(&value)),
            1 => utf_8(&around(&serde_json::to_string(&value).unwrap())),
            2 => utf_8(&around(&format!("{value:?}"))),
            3 => utf_8(&around(&percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC).to_string())),
            4 => utf_8(&base64(around(&value).as_bytes(), false)),
            5 => utf_8(&base64(around(&value).as_bytes(), true)),
            6 => around(&value).encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ => utf_8(&around(&value.escape_default().to_string())),
        };
        let repository = Repository::new();
        repository.write("planted", &bytes);
        let findings = Guard::new(repository.path()).secrets_of(&config(&value)).findings().unwrap();
        prop_assert!(!findings.is_empty(), "{value:?} as {which}");
        let shown = format!("{findings:?}{findings}");
        prop_assert!(!shown.contains(&value));
    }
}
