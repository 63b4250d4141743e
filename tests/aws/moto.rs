//! Moto's server: an independent imitation of AWS, as a process of its own on a loopback port.
#![allow(
    dead_code,
    reason = "every test target that includes this module uses a part of it"
)]

use std::env;
use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::cleaner::Cleaner;
use crate::client::Client;

/// It takes 2 s on a quiet machine.
const START_UP: Duration = Duration::from_secs(120);

/// Ends with this value, or with the test process.
pub struct Moto {
    url: String,
    process: Child,
    cleaner: Option<Cleaner>,
}

impl Moto {
    pub fn start() -> Moto {
        let program = env::var_os("MOTO_SERVER").unwrap_or_else(|| "moto_server".into());
        let dir = tempfile::Builder::new()
            .prefix("dbconf-moto-")
            .tempdir()
            .expect("a temporary directory")
            .keep();
        let mut cleaner = Cleaner::of(&dir);
        let log = dir.join("log");
        let file = File::create(&log).expect("the directory is writable");
        // The shell says in the log if there is no such program.
        let mut command = Command::new("sh");
        command
            .args(["-c", r#"exec "$0" -H 127.0.0.1 -p 0"#])
            .arg(&program);
        command
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a file is cloned"))
            .stderr(file);
        let mut process = cleaner.spawn(&mut command);

        let deadline = Instant::now() + START_UP;
        loop {
            let said = fs::read_to_string(&log).unwrap_or_default();
            if let Some(url) = url_in(&said) {
                let moto = Moto {
                    url,
                    process,
                    cleaner: Some(cleaner),
                };
                // It is bound already; this waits until it answers.
                moto.call("ListSecrets", &json!({}));
                return moto;
            }
            let ended = process.try_wait().expect("it is a child");
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "{} (set MOTO_SERVER to the path of another) does not start; it said:\n{said}",
                program.display()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Without a path.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the ARN, as does `create_binary`.
    pub fn create(&self, name: &str, text: &str) -> String {
        self.create_secret(&json!({"Name": name, "SecretString": text}))
    }

    pub fn create_binary(&self, name: &str, bytes: &[u8]) -> String {
        let bytes = BASE64_STANDARD.encode(bytes);
        self.create_secret(&json!({"Name": name, "SecretBinary": bytes}))
    }

    /// A new version with this label. Returns its id.
    pub fn put(&self, name: &str, text: &str, label: &str) -> String {
        let body = json!({"SecretId": name, "SecretString": text, "VersionStages": [label]});
        let answer = self.call("PutSecretValue", &body);
        string(&answer["VersionId"])
    }

    /// Marks for deletion.
    pub fn delete(&self, name: &str) {
        let body = json!({"SecretId": name, "RecoveryWindowInDays": 7});
        self.call("DeleteSecret", &body);
    }

    fn create_secret(&self, body: &Value) -> String {
        string(&self.call("CreateSecret", body)["ARN"])
    }

    fn call(&self, action: &str, body: &Value) -> Value {
        let answer = Client::connect(&self.url).and_then(|mut client| client.call(action, body));
        let answer = answer.expect("it answers");
        assert_eq!(answer.status, 200, "{action}: {}", answer.body);
        answer.json()
    }
}

/// The cleaner kills the process by its id, which is nobody else's as long as nobody has waited for it.
impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.cleaner.take());
        let _ = self.process.wait();
    }
}

/// Of ` * Running on http://127.0.0.1:34525`, once the line is complete.
fn url_in(log: &str) -> Option<String> {
    let (_, rest) = log.split_once("Running on http://127.0.0.1:")?;
    let (line, _) = rest.split_once('\n')?;
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let port: u16 = line[..digits].parse().ok()?;
    Some(format!("http://127.0.0.1:{port}"))
}

fn string(value: &Value) -> String {
    value.as_str().expect("it is a string").to_owned()
}
