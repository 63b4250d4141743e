//! How well the rules do on the labelled lines: precision and recall, also on the part that nobody looked at while writing them.

use std::collections::BTreeSet;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::repository::Repository;
use dbconf::Guard;

#[derive(Deserialize)]
struct Case {
    id: String,
    file: String,
    secret: bool,
    text: String,
}

/// How a part of the cases was judged.
#[derive(Default)]
struct Score {
    found: u32,
    missed: u32,
    wrong: u32,
    silent: u32,
}

impl Score {
    fn of<'a>(cases: impl Iterator<Item = &'a Case>, reported: &BTreeSet<&str>) -> Score {
        let mut score = Score::default();
        for case in cases {
            let count = match (case.secret, reported.contains(case.id.as_str())) {
                (true, true) => &mut score.found,
                (true, false) => &mut score.missed,
                (false, true) => &mut score.wrong,
                (false, false) => &mut score.silent,
            };
            *count += 1;
        }
        score
    }

    fn recall(&self) -> f64 {
        f64::from(self.found) / f64::from(self.found + self.missed)
    }

    fn precision(&self) -> f64 {
        f64::from(self.found) / f64::from(self.found + self.wrong)
    }

    fn print(&self, part: &str) {
        let Score {
            found,
            missed,
            wrong,
            silent,
        } = self;
        println!(
            "{part}: recall {:.3}, precision {:.3} ({found} found, {missed} missed, {wrong} wrong, {silent} rightly silent)",
            self.recall(),
            self.precision()
        );
    }
}

/// As `labelled/README.md` says.
fn is_held_out(case: &Case) -> bool {
    sha_256(case.id.as_bytes())[0].is_multiple_of(3)
}

#[test]
#[ignore = "needs git"]
fn recall_and_precision() {
    let lines = include_str!("labelled/cases.jsonl").lines();
    let cases: Vec<Case> = lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let repository = Repository::new();
    for case in &cases {
        repository.write(format!("cases/{}/{}", case.id, case.file), &case.text);
    }
    let findings = Guard::new(repository.path().join("cases"))
        .findings()
        .unwrap();
    let reported = findings
        .iter()
        .map(|finding| finding.path().split('/').next().unwrap())
        .collect();
    Score::of(cases.iter().filter(|case| !is_held_out(case)), &reported).print("tuning part");
    let held_out = Score::of(cases.iter().filter(|case| is_held_out(case)), &reported);
    held_out.print("held-out part");
    let all = Score::of(cases.iter(), &reported);
    all.print("all");
    for score in [&held_out, &all] {
        assert!(score.recall() >= 0.90 && score.precision() >= 0.95);
    }
}

fn sha_256(message: &[u8]) -> [u8; 32] {
    Sha256::digest(message).into()
}

#[test]
fn the_hash_is_the_right_one() {
    let start = sha_256(b"abc")[..8].to_vec();
    assert_eq!(start, [0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea]);
}
