//! The guard against `git grep -cF` for the same needles, over a repository of 1,000 files. Both are run in turns, so that a busy machine is
//! busy for both; `cargo bench --bench guard --features guard` prints the medians and their ratio.
//!
//! The guard looks for every form of each value, tries its rules, and lists untracked files as well; git grep searches tracked files alone,
//! for the same forms or for the plain values. The files are sources of the crates that this one depends on, at the locked versions.

// The guard's own forms, which are no part of the crate's interface.
#[path = "../src/guard/escapes.rs"]
mod escapes;
#[path = "../src/guard/forms.rs"]
#[allow(dead_code, reason = "the forms' names are for findings")]
mod forms;
#[path = "../src/secret.rs"]
#[allow(dead_code, reason = "the forms need a part of it")]
mod secret;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use dbconf::{DatabaseConfig, Guard};
use tempfile::TempDir;

const FILES: usize = 1_000;
/// So many files of one crate, so that no large one is most of them.
const MOST_OF_A_CRATE: usize = 20;
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
            .flat_map(|password| forms_of(password))
            .collect();
        for needles in [forms, plain] {
            compare(&guard, directory.path(), count, &needles);
        }
    }
    ExitCode::SUCCESS
}

fn compare(guard: &Guard, directory: &Path, values: usize, needles: &[String]) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(time(|| assert!(guard.findings().unwrap().files() == FILES)));
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

/// The forms that the guard looks for. UTF-16 cannot be an argument of a command.
fn forms_of(password: &str) -> Vec<String> {
    let forms = forms::of(password).into_iter();
    let texts = forms.filter_map(|form| String::from_utf8(form.bytes.to_vec()).ok());
    texts.filter(|text| !text.contains('\0')).collect()
}

/// Fills a repository, and says how many bytes these are.
fn fill(directory: &Path) -> u64 {
    let files = crates().into_iter().flat_map(|root| {
        let mut sources = Vec::new();
        collect(&root.join("src"), &mut sources);
        let sources = sources.into_iter().take(MOST_OF_A_CRATE);
        let above = root.parent().unwrap().to_owned();
        sources.map(move |path| (path.strip_prefix(&above).unwrap().to_owned(), path))
    });
    let (mut bytes, mut count) = (0, 0);
    for (name, path) in files.take(FILES) {
        let name = directory.join(name);
        fs::create_dir_all(name.parent().unwrap()).unwrap();
        bytes += fs::copy(path, name).unwrap();
        count += 1;
    }
    assert_eq!(count, FILES);
    for arguments in [&["init", "-q"][..], &["add", "-A"]] {
        let status = Command::new("git")
            .args(arguments)
            .current_dir(directory)
            .status();
        assert!(status.unwrap().success());
    }
    bytes
}

/// Where the sources of all dependencies are.
fn crates() -> Vec<PathBuf> {
    let cargo = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--all-features"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&cargo.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let dependencies = packages
        .iter()
        .filter(|package| !package["source"].is_null());
    let manifests = dependencies.map(|package| package["manifest_path"].as_str().unwrap());
    manifests
        .map(|manifest| Path::new(manifest).parent().unwrap().to_owned())
        .collect()
}

fn collect(directory: &Path, sources: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, sources);
        } else {
            sources.push(path);
        }
    }
}
