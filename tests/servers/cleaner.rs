//! A process that outlives the tests by a moment, to stop the server and remove its files however the tests ended.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Waits for the end of its stdin, which comes when this value is dropped or the test process ends, be it by a panic or SIGKILL.
/// Then it kills the process group whose id it was told and removes the directory `$1`.
///
/// A killed process may still be creating a file; `rm` is repeated until it succeeds, but not forever.
const SCRIPT: &str = r#"
read -r group
read -r _
[ -z "$group" ] || kill -s KILL -- "-$group"
for _ in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf "$1" && break
    sleep 0.2
done
"#;

pub struct Cleaner(Child);

impl Cleaner {
    pub fn of(dir: &Path) -> Cleaner {
        let mut shell = Command::new("sh");
        shell.args(["-c", SCRIPT, "cleaner"]).arg(dir);
        // A group of its own, which Ctrl-C in a terminal does not reach, and no stdout that `cargo test | less` would wait for.
        shell.process_group(0);
        shell
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Cleaner(shell.spawn().expect("sh runs"))
    }

    /// Starts `command` as the one process group to kill.
    pub fn spawn(&mut self, command: &mut Command) -> Child {
        let child = command.process_group(0).spawn().expect("sh runs");
        let pipe = self.0.stdin.as_mut().expect("stdin is piped");
        writeln!(pipe, "{}", child.id()).expect("the cleaner reads");
        child
    }
}

/// Where a server could not be started: does not leave before its directory is gone. (A static is never dropped.)
impl Drop for Cleaner {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
