//! How well the rules do on the labelled lines: precision and recall, also on the part that nobody looked at while writing them.

use std::collections::BTreeSet;

use serde::Deserialize;

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

/// SHA-256, which nothing else in the tests needs.
fn sha_256(message: &[u8]) -> [u8; 32] {
    let primes: Vec<u64> = (2..312).filter(|n| (2..*n).all(|d| n % d != 0)).collect();
    // The first 32 bits of the fractional part of a root.
    let fraction = |root: f64| ((root - root.floor()) * 4_294_967_296.0) as u32;
    let constants: Vec<u32> = primes
        .iter()
        .map(|&prime| fraction((prime as f64).cbrt()))
        .collect();
    let mut state: Vec<u32> = primes[..8]
        .iter()
        .map(|&prime| fraction((prime as f64).sqrt()))
        .collect();
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize((padded.len() + 8).div_ceil(64) * 64 - 8, 0);
    padded.extend((8 * message.len() as u64).to_be_bytes());
    for block in padded.chunks(64) {
        let mut words: Vec<u32> = block
            .chunks(4)
            .map(|word| u32::from_be_bytes(word.try_into().unwrap()))
            .collect();
        for at in 16..64 {
            let (early, late) = (words[at - 15], words[at - 2]);
            let first = early.rotate_right(7) ^ early.rotate_right(18) ^ early >> 3;
            let second = late.rotate_right(17) ^ late.rotate_right(19) ^ late >> 10;
            words.push(
                words[at - 16]
                    .wrapping_add(first)
                    .wrapping_add(words[at - 7])
                    .wrapping_add(second),
            );
        }
        let mut v = state.clone();
        for at in 0..64 {
            let sum = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
            let choice = v[4] & v[5] ^ !v[4] & v[6];
            let one = [sum, choice, constants[at], words[at]]
                .iter()
                .fold(v[7], |all, &part| all.wrapping_add(part));
            let sum = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
            let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2];
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(one);
            v[0] = one.wrapping_add(sum).wrapping_add(majority);
        }
        state
            .iter_mut()
            .zip(v)
            .for_each(|(word, part)| *word = word.wrapping_add(part));
    }
    let bytes: Vec<u8> = state.iter().flat_map(|word| word.to_be_bytes()).collect();
    bytes.try_into().unwrap()
}

#[test]
fn the_hash_is_the_right_one() {
    let start = sha_256(b"abc")[..8].to_vec();
    assert_eq!(start, [0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea]);
}
