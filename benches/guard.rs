//! The guard against `git grep -cF` for the same needles, over a repository of 1,000 files. Both are run in turns, so that a busy machine is
//! busy for both; `cargo bench --bench guard --features guard` prints the medians and their ratio.
//!
//! The guard looks for every form of each value and lists untracked files as well; git grep is given the plain values, or a few of the
//! forms, and searches tracked files alone. So it is git that has less to do.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use dbconf::{DatabaseConfig, Guard};
use tempfile::TempDir;

const FILES: usize = 1_000;
const ROUNDS: usize = 41;
const PASSWORDS: [&str; 2] = ["correct-horse-battery-staple", "p@ss:w/rd%#?+and more"];

fn main() -> ExitCode {
    if !std::env::args().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    let directory = TempDir::new().unwrap();
    let bytes = fill(directory.path());
    println!("\n{FILES} files, {bytes} bytes, medians of {ROUNDS} rounds in turns:\n");
    println!("| searched for | guard | git grep -cF | needles of git grep | guard / git grep |");
    println!("|---|--:|--:|--:|--:|");
    for count in 1..=PASSWORDS.len() {
        let configs = PASSWORDS[..count].iter().map(|password| config(password));
        let guard = configs.fold(Guard::new(directory.path()), |guard, config| {
            guard.secrets_of(&config)
        });
        let plain: Vec<String> = PASSWORDS[..count]
            .iter()
            .map(|&password| password.to_owned())
            .collect();
        let forms: Vec<String> = PASSWORDS[..count]
            .iter()
            .flat_map(|password| some_forms(password))
            .collect();
        for needles in [plain, forms] {
            compare(&guard, directory.path(), count, &needles);
        }
    }
    ExitCode::SUCCESS
}

fn compare(guard: &Guard, directory: &Path, values: usize, needles: &[String]) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(time(|| assert!(guard.findings().unwrap().is_empty())));
        theirs.push(time(|| grep(directory, needles)));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!(
        "| {values} passwords | {:.1} ms | {:.1} ms | {} | {:.2} |",
        milliseconds(ours),
        milliseconds(theirs),
        needles.len(),
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
}

fn grep(directory: &Path, needles: &[String]) {
    let mut git = Command::new("git");
    git.args(["grep", "-cF"]);
    for needle in needles {
        git.args(["-e", needle]);
    }
    let status = git
        .current_dir(directory)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1), "nothing is there to be found");
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    1000.0 * time.as_secs_f64()
}

fn config(password: &str) -> DatabaseConfig {
    let url = DatabaseConfig::loader().env("MYSQL_").env_from([
        ("MYSQL_DB", "shop"),
        ("MYSQL_USER", "app"),
        ("MYSQL_HOST", "127.0.0.1"),
        ("MYSQL_PASSWORD", password),
    ]);
    url.load().unwrap()
}

/// Plain, percent-encoded, JSON-escaped, hexadecimal.
fn some_forms(password: &str) -> Vec<String> {
    let percent =
        percent_encoding::utf8_percent_encode(password, percent_encoding::NON_ALPHANUMERIC)
            .to_string();
    let json = serde_json::to_string(password).unwrap();
    let hexadecimal: String = password.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        password.to_owned(),
        percent,
        json,
        hexadecimal.to_uppercase(),
        hexadecimal,
    ];
    forms.sort();
    forms.dedup();
    forms
}

/// Fills a repository with this crate's own sources, over and over, and says how many bytes these are.
fn fill(directory: &Path) -> usize {
    let mut sources = Vec::new();
    collect(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        &mut sources,
    );
    let mut bytes = 0;
    for number in 0..FILES {
        let source = &sources[number % sources.len()];
        let parent = directory.join(format!("part{}/module{}", number % 10, number % 50));
        fs::create_dir_all(&parent).unwrap();
        fs::write(parent.join(format!("file{number}.rs")), source).unwrap();
        bytes += source.len();
    }
    for arguments in [&["init", "-q"][..], &["add", "-A"]] {
        let status = Command::new("git")
            .args(arguments)
            .current_dir(directory)
            .status();
        assert!(status.unwrap().success());
    }
    bytes
}

fn collect(directory: &Path, sources: &mut Vec<Vec<u8>>) {
    let mut paths: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, sources);
        } else {
            sources.push(fs::read(path).unwrap());
        }
    }
}
