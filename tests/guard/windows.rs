//! Files that are longer than what is in memory at once.

use dbconf::Guard;

use crate::repository::{Repository, SECRET, config, places};
use crate::rules::findings;

#[test]
#[ignore = "needs git"]
fn a_large_binary_and_a_large_text() {
    let repository = Repository::new();
    let size = 50 * 1024 * 1024;
    let mut binary: Vec<u8> = (0..size).map(|at: usize| ((at * at) >> 7) as u8).collect();
    // At both ends, and across where windows of any power of two meet.
    let places_of = [
        0,
        65_530,
        262_140,
        1_048_570,
        33_554_425,
        size - SECRET.len(),
    ];
    for at in places_of {
        binary[at..at + SECRET.len()].copy_from_slice(SECRET.as_bytes());
    }
    repository.write("large.bin", &binary);
    let line = "x".repeat(99) + "\n";
    let mut text = line.repeat(10_000);
    text.push_str(SECRET);
    text.push_str(&"y".repeat(600_000));
    text.push_str(SECRET);
    text.push_str(&line.repeat(5_000));
    text.push_str(SECRET);
    repository.write("large.txt", text);
    let findings = repository.findings();
    let offsets: Vec<_> = findings
        .iter()
        .filter_map(|finding| finding.byte_offset())
        .collect();
    assert_eq!(offsets, places_of.map(|at| at as u64));
    let length = SECRET.chars().count();
    let expected = [
        "large.txt:10001:1 known-value".to_owned(),
        format!("large.txt:10001:{} known-value", 600_000 + length + 1),
        "large.txt:15001:1 known-value".to_owned(),
    ];
    assert_eq!(places(&findings)[places_of.len()..], expected);
}

#[test]
#[ignore = "needs git"]
fn lines_of_any_length_and_across_windows() {
    let line = "password = 'Qu1etly'\n";
    let long = format!(
        "{}{line}{}\n{line}",
        "x".repeat(400_000),
        " ".repeat(300_000)
    );
    assert_eq!(
        findings("a.py", &long),
        ["a.py:1:400013 password", "a.py:3:13 password"]
    );
    let many = format!("{}\n", "y".repeat(61)).repeat(9_000);
    let text = format!("{many}{line}{many}{line}");
    assert_eq!(
        findings("a.py", &text),
        ["a.py:9001:13 password", "a.py:18002:13 password"]
    );
    let every: String = line.repeat(40_000);
    let repository = Repository::new();
    repository.write("a.py", every);
    assert_eq!(
        Guard::new(repository.path()).findings().unwrap().len(),
        40_000
    );
}

/// Wherever windows meet, nothing is lost and nothing is found twice.
#[test]
#[ignore = "needs git"]
fn every_place_of_a_long_line() {
    const VALUE: &str = "hunter2hunter3";
    let repository = Repository::new();
    let value = format!("{VALUE}{}", " ".repeat(37 - VALUE.len()));
    let url = format!("u:Qu1etly@tcp(h){}", " ".repeat(21));
    for repeated in [&value, &url] {
        assert_eq!(repeated.len(), 37);
        repository.write("long.txt", repeated.repeat(28_000));
        let guard = Guard::new(repository.path()).secrets_of(&config(VALUE));
        let findings = guard.findings().unwrap();
        let first = if repeated.starts_with(VALUE) { 1 } else { 3 };
        let expected = (0..28_000).map(|number| first + 37 * number);
        let columns = findings.iter().map(|finding| finding.column().unwrap());
        assert!(columns.eq(expected), "{} findings", findings.len());
    }
}

/// A rule that sees a known value says nothing of its own, wherever windows meet.
#[test]
#[ignore = "needs git"]
fn known_values_are_no_guess_at_any_offset() {
    let repository = Repository::new();
    let line = "password = 'hunter2hunter3'\n";
    repository.write("a.py", line.repeat(20_000));
    let findings = Guard::new(repository.path()).secrets_of(&config("hunter2hunter3"));
    let findings = findings.findings().unwrap();
    assert_eq!(findings.len(), 20_000);
    assert!(
        findings
            .iter()
            .all(|finding| finding.rule() == "known-value")
    );
}

/// Two anchors of one literal, on both sides of where windows meet.
#[test]
#[ignore = "needs git"]
fn nothing_is_found_twice() {
    let line = "db_pwd = 'Qu1etly77x'";
    for before in 253_940..253_956 {
        let text = format!("{}{line}{}", " ".repeat(before), ";x".repeat(5_000));
        let column = before + line.find("Qu1").unwrap() + 1;
        assert_eq!(
            findings("a.py", &text),
            [format!("a.py:1:{column} password")]
        );
    }
}
