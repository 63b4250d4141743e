//! Starts the process that is looked at, and looks.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use tempfile::TempDir;

use super::child::{WAY, Way};
use super::scan::{Found, Needles};

/// What a process finds when it begins: a directory with files, and variables. `{directory}` in a variable is that directory's path.
#[derive(Default)]
pub struct Stage {
    pub files: Vec<(&'static str, String)>,
    pub variables: Vec<(&'static str, String)>,
}

impl Stage {
    pub fn file(mut self, name: &'static str, text: impl Into<String>) -> Stage {
        self.files.push((name, text.into()));
        self
    }

    pub fn variable(mut self, name: &'static str, value: impl Into<String>) -> Stage {
        self.variables.push((name, value.into()));
        self
    }

    /// What is found while the configuration lives, and after it was dropped.
    pub fn play(&self, way: Way, needles: &Needles) -> (Found, Found) {
        let mut process = Process::start(self, way);
        process.await_state("ready");
        let before = process.count(needles);
        let of_load = before.whole + before.spelled + before.fragments;
        assert_eq!(of_load, 0, "found before the load: {before}");
        process.go_on();
        process.await_state("loaded");
        let live = process.count(needles);
        process.go_on();
        process.await_state("dropped");
        let left = process.count(needles);
        process.go_on();
        (live, left)
    }
}

/// It ends with this value.
struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    _directory: TempDir,
}

impl Process {
    fn start(stage: &Stage, way: Way) -> Process {
        let directory = TempDir::new().unwrap();
        let path = directory.path().to_str().unwrap();
        for (name, text) in &stage.files {
            fs::write(directory.path().join(name), text).unwrap();
        }
        let variables = stage.variables.iter();
        let variables = variables.map(|(name, value)| (name, value.replace("{directory}", path)));
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child::child", "--nocapture", "--test-threads=1"])
            .current_dir(path)
            .env_clear()
            .env("HOME", path)
            .env(WAY, format!("{way:?}"))
            .envs(variables)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Process {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
            _directory: directory,
        }
    }

    /// The test harness writes lines of its own, and one of them has no end.
    fn await_state(&mut self, state: &str) {
        let mut line = String::new();
        while !line.trim_end().ends_with(state) {
            line.clear();
            let read = self.output.read_line(&mut line).unwrap();
            assert!(read > 0, "the process ended before it was {state}");
        }
    }

    fn go_on(&mut self) {
        // If it has gone, the next wait says so.
        let _ = self.input.write_all(b"\n");
    }

    fn count(&self, needles: &Needles) -> Found {
        let pid = self.child.id();
        needles.count(pid).unwrap_or_else(|error| {
            panic!("/proc/{pid}/mem of a child may not be read: {error}; these tests need to trace their own children")
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
